"""What a program puts on the home pages: what needs a manager, what is on today, a rep's own work."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from portal.badges import StatusBadge
from portal.declarations.pages import PagePart, RecordLink
from tenants.rows_at_once import JsonRows

Questions = Sequence[Select[*tuple[Any, ...]]]


@dataclass(frozen=True)
class ActionItem:
    """A line of what needs attention: status, sentence, reason, button."""

    status: StatusBadge
    title: str
    text: str
    href: str
    action: str


@dataclass(frozen=True)
class AgendaEntry:
    """Something at a time of today, or the next thing on another day."""

    starts_at: datetime
    title: str
    text: str
    href: str
    status: StatusBadge
    is_ahead: bool = True  # it will take place and has not begun


@dataclass(frozen=True)
class HomeShare:
    """One program's share of a manager's home. `total` counts items there is no room for, too."""

    items: Sequence[ActionItem] = ()
    total: int = 0
    sentences: Sequence[str] = ()  # under the title: “2 requests are late.”
    more: Sequence[tuple[str, str]] = ()  # words and address of what the list has no room for
    today: Sequence[AgendaEntry] = ()
    next_day: AgendaEntry | None = None


@dataclass(frozen=True)
class RoleHome:
    """What one role finds at home: the title of the page, and the program's part of it."""

    title: str
    part: PagePart


@dataclass(frozen=True)
class ComingUp:
    """One program's share of what is coming up for an advocate. `ahead` counts what has a time."""

    part: PagePart
    ahead: int
    title: str  # of the page, where no other program has anything ahead


def no_questions(session: Session, now: datetime) -> Questions:
    """The program reads what it needs by itself."""
    return ()


def nothing_for_role(session: Session, member: Any) -> RoleHome | None:
    return None


def nothing_for_owner(session: Session, member: Any, now: datetime) -> HomeShare:
    """The program asks nothing of those who look after accounts."""
    return HomeShare()


@dataclass(frozen=True, kw_only=True)
class HomePart:
    for_managers: Callable[[Session, Any, datetime, Sequence[JsonRows]], HomeShare]
    """Of a member, as of that moment, with the rows of its questions."""
    questions: Callable[[Session, datetime], Questions] = no_questions
    """Asked within a statement of home’s own."""
    for_owners: Callable[[Session, Any, datetime], HomeShare] = (
        nothing_for_owner  # the same, of an owner of accounts
    )
    for_reps: Callable[[Session, Any], RoleHome | None] = nothing_for_role  # of a member
    stays_when_off: bool = False  # what waits for managers and owners is shown although no new work begins
    all_clear: RecordLink | None = None  # where a manager goes to whom nothing needs doing
