"""What would become of the lines, found out before anything is imported: the same reading, nothing kept."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from typing import Any

from sqlalchemy.orm import Session

from portal.imports import queries
from portal.imports.file_content import line_source
from portal.imports.merging import known_people, opt_out_suppression, staging
from portal.imports.models import Import, ImportKind, LineOutcome
from portal.imports.values.fields import OPT_OUTS_CELL, cells_of
from portal.imports.values.row_reader import EMPTY_LINE, ImportLine

MAX_LINES = 20_000  # lines; the rest of a longer file is checked while it is imported
PROBLEMS, PREVIEW = 8, 5
IDENTITY = {
    ImportKind.ACCOUNTS: "name_norm",
    ImportKind.PEOPLE: "email_norm",
    ImportKind.DEALS: "external_id",
}


@dataclass
class ImportCheck:
    lines: int = 0
    importable: int = 0
    refused: int = 0
    skipped: int = 0
    empty: int = 0  # of the skipped: nothing in them
    opted_out: Counter[tuple[int, bool]] = field(
        default_factory=Counter
    )  # column, and whether it could be read
    suppressed: int = 0  # people
    agreed_again: int = 0  # of those: agreed here since an earlier file said so
    left_out: int = 0
    repeated: int = 0  # lines about somebody an earlier line is about
    existing: int = 0  # in the workspace already
    is_complete: bool = True
    first: list[ImportLine] = field(default_factory=list)
    problems: list[ImportLine] = field(default_factory=list)

    @property
    def new(self) -> int:
        return self.importable - self.repeated - self.existing


def check_lines(session: Session, this: Import) -> ImportCheck:
    found, by_key, out = ImportCheck(), dict[str, ImportLine](), list[ImportLine]()
    at = cells_of(this.kind).index(IDENTITY[this.kind])
    lines = staging.lines_of(this, line_source(session.scalar, this))
    for line in islice(lines, MAX_LINES):
        _count_line(found, line)
        if this.opt_outs and line.outcome is None and _count_opt_outs(found, this, line):
            out.append(line)
        if line.outcome is None and (key := line.cells[at]):
            found.repeated += key in by_key
            by_key.setdefault(key, line)
    found.existing = _count_existing(session, this.kind, by_key)
    found.agreed_again = opt_out_suppression.count_agreed_again(
        session, this, [(each.cells[at], each.cells[-1]) for each in out]
    )
    found.is_complete = next(lines, None) is None
    return found


def _count_existing(session: Session, kind: ImportKind, by_key: Mapping[str, ImportLine]) -> int:
    known = queries.count_existing(session, kind, sorted(by_key))
    if kind != ImportKind.PEOPLE:
        return known
    ids, firsts, lasts = (cells_of(kind).index(name) for name in ("external_id", "first_name", "last_name"))
    people = [(key, line.cells[ids], line.cells[firsts], line.cells[lasts]) for key, line in by_key.items()]
    return known + known_people.count_known_by_other_address(session, people)


def to_json(found: ImportCheck) -> dict[str, Any]:
    """As it is stored with the import."""
    opted_out = [(*key, count) for key, count in found.opted_out.items()]
    return asdict(replace(found, opted_out=Counter())) | {"opted_out": opted_out}


def from_json(stored: Mapping[str, Any]) -> ImportCheck:
    """What `kept` was given."""
    lines = {name: [_line(each) for each in stored[name]] for name in ("first", "problems")}
    counted = Counter({(column, is_clear): n for column, is_clear, n in stored.get("opted_out", ())})
    return ImportCheck(**{**stored, **lines, "opted_out": counted})


def _line(stored: Mapping[str, Any]) -> ImportLine:
    outcome = LineOutcome(stored["outcome"]) if stored["outcome"] else None
    return ImportLine(**{**stored, "outcome": outcome})


def _count_opt_outs(found: ImportCheck, this: Import, line: ImportLine) -> bool:
    """`cells` ends with them."""
    said = line.cells[-1] if cells_of(this.kind)[-1] == OPT_OUTS_CELL else ""
    found.opted_out.update(
        (column, is_clear) for column, _, is_clear in opt_out_suppression.parse_opt_out_tokens(this, said)
    )
    found.suppressed += bool(said)
    return bool(said)


def _count_line(found: ImportCheck, line: ImportLine) -> None:
    found.lines += 1
    found.importable += line.outcome is None
    found.refused += line.outcome is LineOutcome.REFUSED
    found.skipped += line.outcome is LineOutcome.SKIPPED
    found.empty += line.outcome is LineOutcome.SKIPPED and line.reason == EMPTY_LINE
    found.left_out += len(line.left_out)
    if line.outcome is None and len(found.first) < PREVIEW:
        found.first.append(line)
    if (line.outcome is LineOutcome.REFUSED or line.left_out) and len(found.problems) < PROBLEMS:
        found.problems.append(line)
