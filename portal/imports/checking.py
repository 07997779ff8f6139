"""What would become of the lines, found out before anything is imported: the same reading, nothing kept."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import Any

from sqlalchemy.orm import Session

from portal.imports import queries, staging
from portal.imports.fields import cells_of
from portal.imports.lines import Line
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
    found, keys = Check(), set[str]()
    at = cells_of(this.kind).index(IDENTITY[this.kind])
    for line in islice(staging.lines_of(this, table_of(session.scalar, this)), MOST):
        _count(found, line)
        if line.outcome is None and (key := line.cells[at]):
            found.twins += key in keys
            keys.add(key)
    found.known = queries.how_many_known(session, this.kind, sorted(keys))
    found.whole = found.lines < MOST
    return found


def kept(found: Check) -> dict[str, Any]:
    """As it is stored with the import."""
    return asdict(found)


def told(stored: Mapping[str, Any]) -> Check:
    """What `kept` was given."""
    lines = {name: [_line(each) for each in stored[name]] for name in ("first", "problems")}
    return Check(**{**stored, **lines})


def _line(stored: Mapping[str, Any]) -> Line:
    outcome = Outcome(stored["outcome"]) if stored["outcome"] else None
    return Line(**{**stored, "outcome": outcome})


def _count(found: Check, line: Line) -> None:
    found.lines += 1
    found.good += line.outcome is None
    found.refused += line.outcome is Outcome.REFUSED
    found.skipped += line.outcome is Outcome.SKIPPED
    found.left_out += len(line.left_out)
    if line.outcome is None and len(found.first) < PREVIEW:
        found.first.append(line)
    if (line.outcome is Outcome.REFUSED or line.left_out) and len(found.problems) < PROBLEMS:
        found.problems.append(line)
