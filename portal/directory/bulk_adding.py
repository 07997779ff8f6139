"""Many people put on a list at once: those of the list of people, or those of the companies that were chosen."""

from collections.abc import Sequence
from enum import StrEnum
from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.advocates.models import Advocate, AdvocateState
from portal.declarations.bulk_acts import NEW, BulkAct, BulkOptions, NewChoice, Refusals, RowIds
from portal.directory.segment_filter import list_choices
from portal.id_arrays import is_one_of
from portal.segments.actions import create_list
from portal.segments.models import SegmentPerson
from portal.segments.queries import lock_segment
from portal.segments.static_lists import add_people
from portal.web.filters import number
from tenants.models import Membership

P = SegmentPerson


class NotAdded(StrEnum):
    ON_IT = "on_it"
    NO_PEOPLE = "no_people"


def _new_list(session: Session, name: str, by: Membership) -> str:
    """Only they see it until they share it."""
    return create_list(session, name, by=by).id.hex


def _lock_list(session: Session, options: BulkOptions) -> None:
    lock_segment(session, UUID(options.choice), options.by)


def _not_added(session: Session, ids: RowIds, options: BulkOptions) -> Refusals:
    if options.choice == NEW:
        return {}
    on_it = select(P.advocate_id).where(P.segment_id == UUID(options.choice), P.advocate_id.in_(ids))
    return dict.fromkeys(session.scalars(on_it), NotAdded.ON_IT)


def _add(session: Session, ids: Sequence[UUID], options: BulkOptions) -> None:
    """The list inherits what they were found by, and that somebody picked them."""
    which = Advocate.id == is_one_of(ids)
    add_people(session, UUID(options.choice), which, options.origin, by=options.by)


def _companies_not_added(session: Session, ids: RowIds, options: BulkOptions) -> Refusals:
    """How many people each has, and how many of them are on the list."""
    is_here = and_(Advocate.account_id == Account.id, Advocate.state != AdvocateState.ERASED)
    counted = select(Account.id, func.count(Advocate.id), func.count(P.id)).outerjoin(Advocate, is_here)
    listed = and_(P.advocate_id == Advocate.id, P.segment_id == _list_id(options))
    rows = session.execute(counted.outerjoin(P, listed).where(Account.id.in_(ids)).group_by(Account.id))
    reasons = {
        account: NotAdded.ON_IT if people else NotAdded.NO_PEOPLE
        for account, people, on_it in rows
        if people == on_it
    }
    return {account: reason.value for account, reason in reasons.items()}


def _list_id(options: BulkOptions) -> UUID | None:
    return None if options.choice == NEW else UUID(options.choice)


def _add_companies(session: Session, ids: Sequence[UUID], options: BulkOptions) -> None:
    which = Advocate.account_id == is_one_of(ids)
    add_people(session, UUID(options.choice), which, options.origin, by=options.by)


NEW_LIST = NewChoice(label=_l("New list…"), field_label=_l("Name of the list"), make=_new_list)
ADD_TO_LIST = BulkAct(
    name="add-to-list",
    label=_l("Add to list…"),
    title=lambda n: ngettext(
        "Add %(n)s person to this list?", "Add %(n)s people to this list?", n, n=number(n)
    ),
    lede=_l("They stay on it until somebody takes them off. Nobody is told."),
    submit=lambda n: ngettext("Add %(n)s person", "Add %(n)s people", n, n=number(n)),
    done=lambda n: ngettext("%(n)s person is on the list.", "%(n)s people are on the list.", n, n=number(n)),
    nobody=_l("All of these people are on the list already"),
    reasons={NotAdded.ON_IT: _l("On the list already")},
    refusals=_not_added,
    apply=_add,
    choices=list_choices,
    new_choice=NEW_LIST,
    lock_first=_lock_list,
    icon="playlist-add",
)
ADD_PEOPLE_TO_LIST = BulkAct(
    name="add-people-to-list",
    label=_l("Add their people to a list…"),
    title=lambda n: ngettext(
        "Add the people of %(n)s account to this list?",
        "Add the people of %(n)s accounts to this list?",
        n,
        n=number(n),
    ),
    lede=_l(
        "Everybody who is known there now. They stay on it until somebody takes them off. Nobody is told."
    ),
    submit=lambda n: ngettext(
        "Add the people of %(n)s account", "Add the people of %(n)s accounts", n, n=number(n)
    ),
    done=lambda n: ngettext(
        "The people of %(n)s account are on the list.",
        "The people of %(n)s accounts are on the list.",
        n,
        n=number(n),
    ),
    nobody=_l("None of these accounts has anybody who could be added"),
    reasons={
        NotAdded.ON_IT: _l("All of their people are on the list already"),
        NotAdded.NO_PEOPLE: _l("Nobody is known there"),
    },
    refusals=_companies_not_added,
    apply=_add_companies,
    choices=list_choices,
    new_choice=NEW_LIST,
    lock_first=_lock_list,
    icon="playlist-add",
)
