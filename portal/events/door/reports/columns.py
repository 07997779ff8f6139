"""Which column of a platform's table says what, and whose table it is."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.events.attendance_models import AttendancePlatform

NAMES = {
    "name (original name)",
    "user name (original name)",
    "user name",
    "full name",
    "name",
    "attendee name",
    "participant name",
}
ADDRESSES = ("email", "user email", "email address", "participant id (upn)")
JOINS = {"join time", "first join", "first join time"}
LEAVES = {"leave time", "last leave", "last leave time"}
DURATIONS = (
    "in-meeting duration",
    "total duration (minutes)",
    "duration (minutes)",
    "time in session (minutes)",
    "time in session",
    "duration",
)
TEAMS_ONLY = {"in-meeting duration", "participant id (upn)", "first join", "last leave", "user action"}
GOTO_ONLY = {"time in session", "registration date/time", "interest rating", "unsubscribed"}
SUMMED_UP = {"first join", "first join time"}  # a line for each person, not for each join


@dataclass(frozen=True)
class ReportColumns:
    """Places in a line; None: the table has no such column."""

    platform: AttendancePlatform
    name: int | None
    first_name: int | None
    last_name: int | None
    email: int | None
    joined: int | None
    left: int | None
    duration: int | None
    attended: int | None
    is_summed_up: bool


def find_columns(cells: Sequence[str]) -> ReportColumns | None:
    """None for a line that is no head of a table of participants."""
    if "name" not in "".join(cells).casefold():  # of most lines that is all one has to look at
        return None
    heads = [cell.strip().casefold() for cell in cells]
    first, last, name = _place(heads, ["first name"]), _place(heads, ["last name"]), _place(heads, NAMES)
    joined, duration = _place(heads, JOINS), _place(heads, DURATIONS)
    if (name is None and last is None) or (joined is None and duration is None):
        return None
    return ReportColumns(
        platform=_platform(set(heads), name),
        name=name,
        first_name=first,
        last_name=last,
        email=_place(heads, ADDRESSES),
        joined=joined,
        left=_place(heads, LEAVES),
        duration=duration,
        attended=_place(heads, ["attended"]),
        is_summed_up=bool(SUMMED_UP.intersection(heads)),
    )


def _place(heads: Sequence[str], names: Sequence[str] | set[str]) -> int | None:
    """Of the first name that is there: some tables have two of them."""
    wanted = names if isinstance(names, Sequence) else [head for head in heads if head in names]
    return next((heads.index(each) for each in wanted if each in heads), None)


def _platform(heads: set[str], name: int | None) -> AttendancePlatform:
    if heads & TEAMS_ONLY:
        return AttendancePlatform.TEAMS
    is_goto = bool(heads & GOTO_ONLY) or (name is None and "email address" in heads)
    return AttendancePlatform.GOTO if is_goto else AttendancePlatform.ZOOM
