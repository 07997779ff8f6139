"""The rows behind a number: which parts can be looked at, one page of them, and all of them for a file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

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
BATCH = 500  # rows in memory while a file is written


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
    found = page(session, rows.people(at, active_days(session, at), show), key=key, cursor=cursor)
    return Listing(found, at, rows.last_acts(session, at, [person.id for person in found.rows]))


def active_days(session: Session, at: datetime) -> int:
    """In how many days before that moment an act made somebody active, as the setting was then."""
    return settings.in_force(session, ACTIVE_DAYS, [at])[0]


def _requests(session: Session, chosen: Period, show: Show, cursor: str | None) -> Page[ReferenceRequest]:
    listed = rows.requests(*bounds_of(session, chosen), show)
    key = (ReferenceRequest.submitted_at, ReferenceRequest.id)
    return page(session, listed, key=key, cursor=cursor, descending=True)


def _references(session: Session, chosen: Period, cursor: str | None) -> Page[Ask]:
    listed = rows.references(*bounds_of(session, chosen))
    return page(session, listed, key=(Ask.completed_at, Ask.id), cursor=cursor, descending=True)


def all_requests(session: Session, chosen: Period, show: Show) -> Iterator[ReferenceRequest]:
    listed = rows.requests(*bounds_of(session, chosen), show)
    yield from session.scalars(
        listed.order_by(ReferenceRequest.submitted_at).execution_options(yield_per=BATCH)
    )


def all_references(session: Session, chosen: Period) -> Iterator[Ask]:
    listed = rows.references(*bounds_of(session, chosen))
    yield from session.scalars(listed.order_by(Ask.completed_at).execution_options(yield_per=BATCH))


def all_people(session: Session, chosen: Period, show: Show) -> Iterator[tuple[Advocate, datetime | None]]:
    """With each person's last act up to the moment they were counted."""
    at = as_of(session, chosen)
    listed = rows.people(at, active_days(session, at), show).order_by(Advocate.name_sort, Advocate.id)
    for people in session.scalars(listed.execution_options(yield_per=BATCH)).partitions():
        yield from _with_last_acts(session, at, people)


def _with_last_acts(
    session: Session, at: datetime, people: Sequence[Advocate]
) -> Iterator[tuple[Advocate, datetime | None]]:
    acts = rows.last_acts(session, at, [person.id for person in people])
    yield from ((person, acts.get(person.id)) for person in people)
