"""The feed of a person's events: made, revoked, and what stands in it."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.advocates.models import Advocate
from portal.errors import BadLink
from portal.events.guest_models import EventGuest, GuestState
from portal.events.guests.models import CalendarFeed
from portal.events.models import Event, EventState
from tenants.clock import utc_now

BACK = timedelta(days=90)
MOST = 200


def feed_of(session: Session, advocate_id: UUID) -> CalendarFeed | None:
    return session.scalar(select(CalendarFeed).where(CalendarFeed.advocate_id == advocate_id))


def make(session: Session, advocate: Advocate) -> CalendarFeed:
    """Made anew after it was revoked, it has another address."""
    session.execute(select(Advocate.id).where(Advocate.id == advocate.id).with_for_update(key_share=True))
    feed = feed_of(session, advocate.id)
    if feed is None:
        session.add(feed := CalendarFeed(advocate_id=advocate.id))
    feed.is_on = True
    session.flush()
    return feed


def revoke(session: Session, advocate: Advocate) -> None:
    session.execute(select(Advocate.id).where(Advocate.id == advocate.id).with_for_update(key_share=True))
    feed = feed_of(session, advocate.id)
    if feed is not None and feed.is_on:
        feed.is_on = False
        feed.link_version += 1


def open_feed(session: Session, feed_id: UUID, version: int) -> CalendarFeed:
    feed = session.scalar(select(CalendarFeed).where(CalendarFeed.id == feed_id))
    if feed is None or not feed.is_on or feed.link_version != version:
        raise BadLink("This calendar address was revoked. You can make a new one under Coming up.")
    return feed


def guests_in_feed(session: Session, advocate_id: UUID) -> Sequence[EventGuest]:
    """Events with a yes; one that is off stays for a while, so that calendars take it out."""
    G = EventGuest  # noqa: N806
    shown = (Event.state.in_((EventState.OPEN, EventState.CLOSED, EventState.CANCELLED)),)
    mine = (G.advocate_id == advocate_id, G.state == GuestState.ACCEPTED, Event.ends_at > utc_now() - BACK)
    rows = select(G).join(Event, Event.id == G.event_id).where(*mine, *shown)
    whole = rows.options(joinedload(G.event), joinedload(G.advocate))
    return session.scalars(whole.order_by(Event.starts_at, G.id).limit(MOST)).all()


def coming_up(session: Session, advocate_id: UUID) -> Sequence[EventGuest]:
    """What they said yes or maybe to, wait for or were offered, and has not ended."""
    G = EventGuest  # noqa: N806
    open_ones = (Event.state == EventState.OPEN, Event.ends_at > utc_now())
    states = (GuestState.ACCEPTED, GuestState.MAYBE, GuestState.WAITLISTED, GuestState.OFFERED)
    rows = select(G).join(Event, Event.id == G.event_id).where(G.advocate_id == advocate_id, *open_ones)
    whole = rows.where(G.state.in_(states)).options(
        joinedload(G.event).joinedload(Event.host), joinedload(G.advocate).joinedload(Advocate.account)
    )
    return session.scalars(whole.order_by(Event.starts_at, G.id).limit(MOST)).all()
