"""Reading a workspace's colleagues, and what was changed in its settings."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from portal.history import HistoryEntry
from tenants.models import Membership, Role

CHANGES = ("policy changed", "workspace changed", "logo changed", "logo removed")


class View(StrEnum):
    HERE = "here"
    INVITED = "invited"
    LEFT = "left"


STANDS: dict[View, tuple[ColumnElement[bool], ...]] = {
    View.HERE: (Membership.joined_at.is_not(None), Membership.ended_at.is_(None)),
    View.INVITED: (Membership.joined_at.is_(None), Membership.ended_at.is_(None)),
    View.LEFT: (Membership.ended_at.is_not(None),),
}


@dataclass(frozen=True)
class Count:
    view: View
    people: int


def _colleagues() -> ColumnElement[bool]:
    """Staff: who is here as an advocate only is found among the advocates."""
    return Membership.roles != [Role.ADVOCATE.value]


def people(view: View) -> Select[Membership]:
    return select(Membership).where(_colleagues(), *STANDS[view])


def counts(session: Session) -> Sequence[Count]:
    counted = [func.count().filter(*STANDS[view]) for view in View]
    numbers = session.execute(select(*counted).select_from(Membership).where(_colleagues())).one()
    return [Count(view, number) for view, number in zip(View, numbers, strict=True)]


def changes() -> Select[HistoryEntry]:
    return select(HistoryEntry).where(HistoryEntry.what.in_(CHANGES))
