"""Reading a workspace's colleagues, and what was changed in its settings."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from portal.declarations.programs import PROGRAMS
from portal.history import HistoryEntry
from portal.policies import PolicyAction
from portal.workspace.models import WorkspaceAction
from tenants.models import Membership, Role

SETTING_ACTIONS = (
    PolicyAction.CHANGED,
    PolicyAction.WORKSPACE_CHANGED,
    WorkspaceAction.LOGO_CHANGED,
    WorkspaceAction.LOGO_REMOVED,
)


class PeopleView(StrEnum):
    HERE = "here"
    INVITED = "invited"
    LEFT = "left"


VIEW_FILTERS: dict[PeopleView, tuple[ColumnElement[bool], ...]] = {
    PeopleView.HERE: (Membership.joined_at.is_not(None), Membership.ended_at.is_(None)),
    PeopleView.INVITED: (Membership.joined_at.is_(None), Membership.ended_at.is_(None)),
    PeopleView.LEFT: (Membership.ended_at.is_not(None),),
}


@dataclass(frozen=True)
class ViewCount:
    view: PeopleView
    people: int


def _colleagues() -> ColumnElement[bool]:
    """Staff: who is here as an advocate only is found among the advocates."""
    return Membership.roles != [Role.ADVOCATE.value]


def people(view: PeopleView) -> Select[Membership]:
    return select(Membership).where(_colleagues(), *VIEW_FILTERS[view])


def counts(session: Session) -> Sequence[ViewCount]:
    counted = [func.count().filter(*VIEW_FILTERS[view]) for view in PeopleView]
    numbers = session.execute(select(*counted).select_from(Membership).where(_colleagues())).one()
    return [ViewCount(view, number) for view, number in zip(PeopleView, numbers, strict=True)]


def switch_changes() -> Select[HistoryEntry]:
    names = [program.switch.name for program in PROGRAMS]
    changed = HistoryEntry.action == PolicyAction.CHANGED
    return select(HistoryEntry).where(changed, HistoryEntry.detail["name"].astext.in_(names))


def setting_changes() -> Select[HistoryEntry]:
    return select(HistoryEntry).where(HistoryEntry.action.in_(SETTING_ACTIONS))
