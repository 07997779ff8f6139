"""What would become of the lines, found out before anything is imported: the same reading, nothing kept."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from typing import Any

from sqlalchemy.orm import Session

from portal.imports import known_people, queries, staging, suppressing
from portal.imports.fields import OPT_OUTS, cells_of
from portal.imports.lines import EMPTY, Line
from portal.imports.models import Import, Kind, Outcome
from portal.imports.originals import table_of

MOST = 20_000  # lines; the rest of a longer file is checked while it is imported
PROBLEMS, PREVIEW = 8, 5
IDENTITY = {Kind.ACCOUNTS: "name_norm", Kind.PEOPLE: "email_norm", Kind.DEALS: "external_id"}


@dataclass
class Check:
    lines: int = 0
    good: int = 0
    refused: int = 0
    skipped: int = 0
    empty: int = 0  # of the skipped: nothing in them
    opted_out: Counter[tuple[int, bool]] = field(
        default_factory=Counter
    )  # column, and whether it could be read
    suppressed: int = 0  # people
    agreed: int = 0  # of those: agreed here since an earlier file said so
    left_out: int = 0
    twins: int = 0  # lines about somebody an earlier line is about
    known: int = 0  # in the workspace already
    whole: bool = True
    first: list[Line] = field(default_factory=list)
    problems: list[Line] = field(default_factory=list)

    @property
    def new(self) -> int:
        return self.good - self.twins - self.known


def check(session: Session, this: Import) -> Check:
    found, by_key, out = Check(), dict[str, Line](), list[Line]()
    at = cells_of(this.kind).index(IDENTITY[this.kind])
    lines = staging.lines_of(this, table_of(session.scalar, this))
    for line in islice(lines, MOST):
        _count(found, line)
        if this.opt_outs and line.outcome is None and _count_opt_outs(found, this, line):
            out.append(line)
        if line.outcome is None and (key := line.cells[at]):
            found.twins += key in by_key
            by_key.setdefault(key, line)
    found.known = _how_many_known(session, this.kind, by_key)
    found.agreed = suppressing.how_many_agreed(
        session, this, [(each.cells[at], each.cells[-1]) for each in out]
    )
    found.whole = next(lines, None) is None
    return found


def _how_many_known(session: Session, kind: Kind, by_key: Mapping[str, Line]) -> int:
    known = queries.how_many_known(session, kind, sorted(by_key))
    if kind != Kind.PEOPLE:
        return known
    ids, firsts, lasts = (cells_of(kind).index(name) for name in ("external_id", "first_name", "last_name"))
    people = [(key, line.cells[ids], line.cells[firsts], line.cells[lasts]) for key, line in by_key.items()]
    return known + known_people.count(session, people)


def kept(found: Check) -> dict[str, Any]:
    """As it is stored with the import."""
    opted_out = [(*key, count) for key, count in found.opted_out.items()]
    return asdict(replace(found, opted_out=Counter())) | {"opted_out": opted_out}


def told(stored: Mapping[str, Any]) -> Check:
    """What `kept` was given."""
    lines = {name: [_line(each) for each in stored[name]] for name in ("first", "problems")}
    counted = Counter({(column, is_clear): n for column, is_clear, n in stored.get("opted_out", ())})
    return Check(**{**stored, **lines, "opted_out": counted})


def _line(stored: Mapping[str, Any]) -> Line:
    outcome = Outcome(stored["outcome"]) if stored["outcome"] else None
    return Line(**{**stored, "outcome": outcome})


def _count_opt_outs(found: Check, this: Import, line: Line) -> bool:
    """`cells` ends with them."""
    said = line.cells[-1] if cells_of(this.kind)[-1] == OPT_OUTS else ""
    found.opted_out.update((column, is_clear) for column, _, is_clear in suppressing.tokens(this, said))
    found.suppressed += bool(said)
    return bool(said)


def _count(found: Check, line: Line) -> None:
    found.lines += 1
    found.good += line.outcome is None
    found.refused += line.outcome is Outcome.REFUSED
    found.skipped += line.outcome is Outcome.SKIPPED
    found.empty += line.outcome is Outcome.SKIPPED and line.reason == EMPTY
    found.left_out += len(line.left_out)
    if line.outcome is None and len(found.first) < PREVIEW:
        found.first.append(line)
    if (line.outcome is Outcome.REFUSED or line.left_out) and len(found.problems) < PROBLEMS:
        found.problems.append(line)
