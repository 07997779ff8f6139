"""The rows behind a number: which parts can be looked at, and one page of them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session, joinedload

from portal import policies as settings
from portal.advocates.models import Advocate
from portal.advocates.policies import ACTIVE_DAYS
from portal.asks.models import Ask
from portal.metrics import rows
from portal.metrics.periods import Period
from portal.metrics.reckoning import Name, as_of, bounds_of
from portal.metrics.rows import Show
from portal.paging import Page, page
from portal.references.models import ReferenceRequest

SHOWN: dict[Name, tuple[Show, ...]] = {
    Name.FULFILMENT: (Show.COUNTED, Show.DELIVERED, Show.OPEN, Show.OTHER, Show.LEFT_OUT),
    Name.ACTIVATION: (Show.EVERYONE, Show.ACTIVE, Show.QUIET),
    Name.VOLUME: (Show.DELIVERED,),
    Name.ADVOCATES: (Show.ACTIVE,),
}


@dataclass(frozen=True)
class Listing:
    """One page of rows; for people the moment they were counted and what they did last before it."""

    page: Page[ReferenceRequest] | Page[Ask] | Page[Advocate]
    at: datetime
    last_acts: dict[UUID, datetime]


def show_of(name: Name, given: str) -> Show:
    """What the address asks for, else everything that was counted."""
    return next((show for show in SHOWN[name] if show == given), SHOWN[name][0])


def listing(session: Session, name: Name, chosen: Period, show: Show, cursor: str | None) -> Listing:
    at = as_of(session, chosen)
    if name is Name.FULFILMENT:
        return Listing(_requests(session, chosen, show, cursor), at, {})
    if name is Name.VOLUME:
        return Listing(_references(session, chosen, cursor), at, {})
    key = (Advocate.name_sort, Advocate.id)
    listed = rows.people(at, active_days(session, at), show).options(joinedload(Advocate.account))
    found = page(session, listed, key=key, cursor=cursor)
    return Listing(found, at, rows.last_acts(session, at, [person.id for person in found.rows]))


def active_days(session: Session, at: datetime) -> int:
    """In how many days before that moment an act made somebody active, as the setting was then."""
    return settings.in_force(session, ACTIVE_DAYS, [at])[0]


def _requests(session: Session, chosen: Period, show: Show, cursor: str | None) -> Page[ReferenceRequest]:
    listed = rows.requests(*bounds_of(session, chosen), show)
    listed = listed.options(joinedload(ReferenceRequest.requester))
    key = (ReferenceRequest.submitted_at, ReferenceRequest.id)
    return page(session, listed, key=key, cursor=cursor, descending=True)


def _references(session: Session, chosen: Period, cursor: str | None) -> Page[Ask]:
    listed = rows.references(*bounds_of(session, chosen))
    listed = listed.options(joinedload(Ask.advocate), joinedload(Ask.account))
    return page(session, listed, key=(Ask.completed_at, Ask.id), cursor=cursor, descending=True)
