"""The page of an event for everybody, where its hosts chose to have one. It names no guest and no number of anybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import select, text
from sqlalchemy.orm import Session, joinedload

from portal.errors import NotFound
from portal.events.agenda_models import EventSpeaker
from portal.events.guests import guest_rows
from portal.events.guests.guest_page import speaker_name
from portal.events.guests.guest_rows import AgendaLine
from portal.events.guests.reader_time import ReaderTime
from portal.events.models import Event, EventFormat, EventState, RegistrationMode
from tenants.clock import utc_now


@dataclass(frozen=True)
class PublicPage:
    session: Session
    event: Event
    own_zone: str = ""  # chosen by the reader

    @cached_property
    def time(self) -> ReaderTime:
        return ReaderTime.of(self.event, self.own_zone)

    @property
    def is_online(self) -> bool:
        return self.event.format is not EventFormat.IN_PERSON

    @property
    def is_off(self) -> bool:
        return self.event.state is EventState.CANCELLED

    @property
    def takes_registrations(self) -> bool:
        closes = self.event.registration_closes_at
        return self.event.takes_answers and (closes is None or utc_now() < closes)

    @property
    def is_full(self) -> bool:
        return self.event.seats_free is not None and self.event.seats_free < 1

    @property
    def admits_at_once(self) -> bool:
        return self.event.registration is RegistrationMode.EVERYBODY

    @cached_property
    def agenda(self) -> list[AgendaLine]:
        return guest_rows.agenda(self.session, self.event.id)

    @cached_property
    def speakers(self) -> Sequence[EventSpeaker]:
        return guest_rows.speakers(self.session, self.event.id)

    def speaks_in(self, session_id: object) -> str:
        return ", ".join(speaker_name(one) for one in self.speakers if one.session_id == session_id)


STATE_OF_PAGE = text("""
    SELECT md5(concat_ws('|', e::text, e.starts_at > :now, coalesce(e.registration_closes_at > :now, true), h::text,
        concat_ws('|', t.slug, t.name, t.accent, t.logo_id, t.postal_address, t.time_zone),
        (SELECT string_agg(s::text, '|' ORDER BY s.starts_at, s.id) FROM event_sessions s WHERE s.event_id = e.id),
        (SELECT string_agg(concat_ws('|', p::text, a.first_name, a.last_name, a.title, c.name), '|' ORDER BY p.id)
            FROM event_speakers p LEFT JOIN advocates a ON a.id = p.advocate_id
            LEFT JOIN accounts c ON c.id = a.account_id
            WHERE p.event_id = e.id)))
    FROM events e JOIN tenants t ON t.id = e.tenant_id LEFT JOIN memberships h ON h.id = e.host_id
    WHERE e.slug = :slug AND e.state <> 'draft' AND e.registration <> 'invited_only'
""")


def state_of_page(session: Session, slug: str) -> str:
    """Another one as soon as anything on the page is another, brand included; empty where there is no such page."""
    return session.scalar(STATE_OF_PAGE, {"slug": slug, "now": utc_now()}) or ""


def public_page(session: Session, slug: str, own_zone: str = "") -> PublicPage:
    """Drafts, and events by invitation only, have none."""
    its = select(Event).where(Event.slug == slug).options(joinedload(Event.host))
    event = session.scalar(its)
    if (
        event is None
        or event.state is EventState.DRAFT
        or event.registration is RegistrationMode.INVITED_ONLY
    ):
        raise NotFound("We couldn’t find this page.")
    return PublicPage(session, event, own_zone)
