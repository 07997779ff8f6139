"""What would become of the lines, found out before anything is imported: the same reading, nothing kept."""
# ruff: noqa: S608 - only declared names are put into the statement; values are bound

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.imports.file_content import line_source
from portal.imports.merging import account_lines, known_people, opt_out_suppression, staging
from portal.imports.merging.merge_sql import TYPES
from portal.imports.merging.targets import TARGETS, SameNames, Target
from portal.imports.models import Import, ImportKind, LineOutcome, LineReason
from portal.imports.values.fields import OF_ACCOUNTS, OPT_OUTS_CELL, cells_of
from portal.imports.values.row_reader import ImportLine

MAX_LINES = 20_000  # lines; the rest of a longer file is checked while it is imported
PROBLEMS, PREVIEW = 8, 5


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


class LineCheck:
    """What a file says so far, by the same identities as the merge."""

    def __init__(self, this: Import) -> None:
        self.this, self.target, self.names = this, TARGETS[this.kind], cells_of(this.kind)
        self.check, self.same_names = ImportCheck(), SameNames()
        self.lines: list[dict[str, str]] = []  # those that can be imported
        self.by_key: dict[
            str, dict[str, str]
        ] = {}  # folded as the merge does it: the first value of each cell

    def add_all(self, session: Session, lines: Sequence[ImportLine]) -> None:
        if self.this.kind in OF_ACCOUNTS:
            self._add_of_accounts(session, lines)
            return
        for line in lines:
            self.add(line)

    def _add_of_accounts(self, session: Session, lines: Sequence[ImportLine]) -> None:
        """Lines about accounts that are there: refused as the merge refuses them."""
        cells = {line.number: self._cells(line) for line in lines if line.outcome is None}
        accounts, faults = account_lines.find_accounts(session, cells)
        faults |= account_lines.faults_in_hand(session, self.this.kind, cells, accounts)
        for line in lines:
            own, fault = cells.get(line.number), faults.get(line.number)
            _count_line(
                self.check, _refused(line, "company", own["company"], fault) if own and fault else line
            )
            if own and not fault:
                own |= account_lines.key_of(self.this.kind, accounts[line.number], own)
                self._add_importable(" ".join(own[name] for name in self.target.matched_by), own)

    def _cells(self, line: ImportLine) -> dict[str, str]:
        return dict(zip(self.names, line.cells, strict=True))

    def add(self, line: ImportLine) -> None:
        cells = self._cells(line) if line.outcome is None else {}
        key = self.target.key_of(cells) if cells else None
        if key and self.target.refuses_other_days:
            self.same_names.add(key, cells)
            if self.same_names.is_other_deal(key, cells):
                line, key = _refused(line, "name", cells["name"], LineReason.SAME_NAME_OTHER_DATE), None
        _count_line(self.check, line)
        if key:
            self._add_importable(key, cells)

    def _add_importable(self, key: str, cells: dict[str, str]) -> None:
        _count_opt_outs(self.check, self.this, cells.get(OPT_OUTS_CELL, ""))
        self.lines.append(cells)
        self.check.repeated += key in self.by_key
        known = self.by_key.setdefault(key, {})
        for name in self.target.matched_by:
            known[name] = known.get(name) or cells[name]

    def opted_out(self) -> list[tuple[str, str]]:
        return [(each["email_norm"], said) for each in self.lines if (said := each.get(OPT_OUTS_CELL))]

    def count_existing(self, session: Session) -> int:
        known = _count_matches(session, self.target, self.by_key)
        if self.this.kind != ImportKind.PEOPLE:
            return known
        return known + known_people.count_known_by_other_address(session, self.lines)


def check_lines(session: Session, this: Import) -> ImportCheck:
    lines, found = staging.lines_of(this, line_source(session.scalar, this)), LineCheck(this)
    found.add_all(session, list(islice(lines, MAX_LINES)))
    check = found.check
    check.existing = found.count_existing(session)
    check.agreed_again = opt_out_suppression.count_agreed_again(session, this, found.opted_out())
    check.is_complete = next(lines, None) is None
    return check


def _count_matches(session: Session, target: Target, by_key: Mapping[str, Mapping[str, str]]) -> int:
    """How many of these the workspace has already: the merge's own question, put to lines in hand."""
    given: dict[str, list[str | None]] = {"key": [*by_key], "line": [str(at) for at in range(len(by_key))]}
    given |= {name: [cells[name] or None for cells in by_key.values()] for name in target.matched_by}
    arrays = ", ".join(f"CAST(:{name} AS text[])" for name in given)
    typed = ", ".join(f"CAST({name} AS {TYPES.get(name, 'text')}) AS {name}" for name in given)
    source = f"(SELECT {typed} FROM unnest({arrays}) AS line ({', '.join(given)}))"
    return int(
        session.execute(
            text(f"SELECT count(*) FROM ({target.matches_sql(source)}) found"), given
        ).scalar_one()
    )


def _refused(line: ImportLine, column: str, shown: str, reason: LineReason) -> ImportLine:
    return ImportLine(line.number, outcome=LineOutcome.REFUSED, column=column, value=shown, reason=reason)


def to_json(found: ImportCheck) -> dict[str, Any]:
    opted_out = [(*key, count) for key, count in found.opted_out.items()]
    return asdict(replace(found, opted_out=Counter())) | {"opted_out": opted_out}


def from_json(stored: Mapping[str, Any]) -> ImportCheck:
    lines = {name: [_line(each) for each in stored[name]] for name in ("first", "problems")}
    counted = Counter({(column, is_clear): n for column, is_clear, n in stored.get("opted_out", ())})
    return ImportCheck(**{**stored, **lines, "opted_out": counted})


def _line(stored: Mapping[str, Any]) -> ImportLine:
    outcome = LineOutcome(stored["outcome"]) if stored["outcome"] else None
    reason = LineReason(stored["reason"]) if stored["reason"] else None
    return ImportLine(**{**stored, "outcome": outcome, "reason": reason})


def _count_opt_outs(found: ImportCheck, this: Import, tokens: str) -> None:
    parsed = opt_out_suppression.parse_opt_out_tokens(this, tokens)
    found.opted_out.update((column, is_clear) for column, _, is_clear in parsed)
    found.suppressed += bool(tokens)


def _count_line(found: ImportCheck, line: ImportLine) -> None:
    found.lines += 1
    found.importable += line.outcome is None
    found.refused += line.outcome is LineOutcome.REFUSED
    found.skipped += line.outcome is LineOutcome.SKIPPED
    found.empty += line.reason is LineReason.EMPTY_ROW
    found.left_out += len(line.left_out)
    if line.outcome is None and len(found.first) < PREVIEW:
        found.first.append(line)
    if (line.outcome is LineOutcome.REFUSED or line.left_out) and len(found.problems) < PROBLEMS:
        found.problems.append(line)
