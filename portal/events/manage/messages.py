"""Writing to guests: those who said something about coming, in own words; those who are silent, by a reminder."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session, joinedload

from portal import history
from portal.advocates.models import Advocate
from portal.asks.models import Ask, AskState
from portal.declarations.email_content import SignedLink
from portal.events import emails as event_emails
from portal.events.guest_models import EventGuest, GuestState
from portal.events.history_actions import EventAction
from portal.events.link_purposes import EventLinkPurpose
from portal.events.manage.emails import HostMessage, send_message
from portal.events.manage.queries import HAS_COME, VIEWS
from portal.events.models import Event
from portal.id_arrays import is_one_of
from tenants.clock import utc_now
from tenants.models import Membership

G, S = EventGuest, GuestState
MAY_BE_WRITTEN_TO = frozenset({S.ACCEPTED, S.MAYBE, S.WAITLISTED, S.OFFERED, S.REQUESTED})
BETWEEN_REMINDERS = timedelta(days=2)
GROUPS: dict[str, ColumnElement[bool]] = {  # as the page offers them
    "coming": G.state.in_(VIEWS["coming"]),
    "maybe": G.state.in_(VIEWS["maybe"]),
    "waiting": G.state.in_(VIEWS["waiting"]),
    "approval": G.state.in_(VIEWS["approval"]),
    "came": HAS_COME,
    "missed": and_(G.state == S.ACCEPTED, ~HAS_COME),
}


def group_counts(session: Session, event: Event) -> dict[str, int]:
    numbers = [func.count().filter(which).label(name) for name, which in GROUPS.items()]
    row = session.execute(select(*numbers).where(*_of(event))).one()
    return dict(row._mapping)


def in_group(session: Session, event: Event, group: str) -> Sequence[EventGuest]:
    return _read(session, *_of(event), GROUPS[group])


def picked(session: Session, ids: Sequence[UUID]) -> Sequence[EventGuest]:
    return _read(session, G.id == is_one_of(ids))


def can_be_written_to(guest: EventGuest) -> bool:
    """Who said no, is silent or was never asked gets no word about an event that is not theirs."""
    return bool(guest.address) and (guest.state in MAY_BE_WRITTEN_TO or guest.has_come)


def write_to(
    session: Session, event: Event, guests: Sequence[EventGuest], message: HostMessage, *, by: Membership
) -> int:
    reachable = [guest for guest in guests if can_be_written_to(guest)]
    send_message(session, event, reachable, message, by)
    if reachable:
        history.record(
            session, event, EventAction.MESSAGED, by=by, people=len(reachable), said=message.subject_line
        )
    return len(reachable)


def silent_asks(session: Session, event: Event) -> Sequence[tuple[Ask, UUID]]:
    """Of those whose invitation left some time ago; who was just written to is left in peace."""
    before = utc_now() - BETWEEN_REMINDERS
    rows = select(Ask, G.id).join(G, G.ask_id == Ask.id)
    rows = rows.where(*_of(event), G.state == S.INVITED, Ask.state == AskState.SENT, Ask.emailed_at < before)
    rows = rows.options(joinedload(Ask.advocate), joinedload(Ask.sent_by)).order_by(G.id)
    return [(ask, guest_id) for ask, guest_id in session.execute(rows)]


def remind_silent(session: Session, event: Event, *, by: Membership) -> int:
    """Once a day at most, by hand; caps and quiet hours hold as for every reminder."""
    silent = silent_asks(session, event)
    links = [(ask, SignedLink(EventLinkPurpose.GUEST, guest_id)) for ask, guest_id in silent]
    if links:
        event_emails.send_reminders_now(session, event, links, by)
        history.record(session, event, EventAction.REMINDED, by=by, people=len(links))
    return len(links)


def _of(event: Event) -> tuple[ColumnElement[bool], ...]:
    return G.event_id == event.id, G.host_id.is_(None)


def _read(session: Session, *which: ColumnElement[bool]) -> Sequence[EventGuest]:
    people = joinedload(G.advocate).joinedload(Advocate.account)
    return session.scalars(select(G).where(*which).options(people, joinedload(G.event)).order_by(G.id)).all()
