"""What would become of the lines, found out before anything is imported: the same reading, nothing kept."""

from collections import Counter
from dataclasses import dataclass, field
from itertools import islice

from sqlalchemy.orm import Session

from portal.imports import queries, staging, suppressing
from portal.imports.fields import OPT_OUTS, cells_of
from portal.imports.lines import EMPTY, Line
from portal.imports.models import Import, Kind, Outcome
from portal.imports.originals import pieces

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
    for line in islice(staging.lines_of(this, pieces(session.scalar, this.file_id, this.file_size)), MOST):
        _count(found, line)
        if this.opt_outs and line.outcome is None:
            _count_opt_outs(found, this, line)
        if line.outcome is None and (key := line.cells[at]):
            found.twins += key in keys
            keys.add(key)
    found.known = queries.how_many_known(session, this.kind, sorted(keys))
    found.whole = found.lines < MOST
    return found


def _count_opt_outs(found: Check, this: Import, line: Line) -> None:
    """`cells` ends with them."""
    said = line.cells[-1] if cells_of(this.kind)[-1] == OPT_OUTS else ""
    found.opted_out.update((column, is_clear) for column, _, is_clear in suppressing.tokens(this, said))
    found.suppressed += bool(said)


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
