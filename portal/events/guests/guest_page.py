"""What a guest's page says: of this guest and this event alone, in the guest's own time and the place's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import groupby
from uuid import UUID

from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from portal.advocates.record_consents.models import RecordConsentText
from portal.calendar_links import WebCalendarEntry, google, outlook
from portal.events import queries
from portal.events.agenda_models import EventMaterial, EventSpeaker, MaterialMoment
from portal.events.door.tickets import ticket_number, ticket_qr
from portal.events.guest_models import EventGuest, GuestNeeds, GuestState, SessionPlace
from portal.events.guests import calendar_entries, guest_rows
from portal.events.guests.calendar_entries import GuestAddresses
from portal.events.guests.guest_rows import AgendaLine, AskedQuestion
from portal.events.guests.reader_time import ReaderTime
from portal.events.link_purposes import EventLinkPurpose
from portal.events.models import Event, EventFormat, EventState, GuestListVisibility
from portal.events.queries import LockedGuest
from tenants.clock import utc_now
from tenants.database import tenant

S = GuestState
COMES = frozenset({S.ACCEPTED})
WAITS = frozenset({S.WAITLISTED, S.OFFERED})
UNDECIDED = frozenset({S.UNCONFIRMED, S.REQUESTED, S.REFUSED, S.REMOVED})  # no answer is open to them


@dataclass(frozen=True)
class GuestPage:
    session: Session
    guest: EventGuest
    public_url: str
    locked: LockedGuest | None = None  # for a press

    @property
    def event(self) -> Event:
        return self.guest.event

    @cached_property
    def time(self) -> ReaderTime:
        return ReaderTime.of(self.event, self.own_zone or tenant(self.session).time_zone)

    @property
    def own_zone(self) -> str:
        return self.guest.advocate.time_zone if self.guest.advocate else self.guest.time_zone

    @property
    def own_clock(self) -> str:
        """For what is the guest's alone, such as the end of an offer."""
        return self.own_zone or self.event.time_zone

    @property
    def name(self) -> str:
        return self.guest.full_name

    @property
    def first_name(self) -> str:
        return (self.guest.advocate and self.guest.advocate.first_name) or self.name.partition(" ")[0]

    @property
    def company(self) -> str:
        advocate = self.guest.advocate
        if advocate is not None:
            return advocate.account.name if advocate.account else advocate.company
        return self.guest.company

    @property
    def address(self) -> str:
        """Of this page, without the host."""
        return self.path("event_guest")

    def path(self, purpose: str) -> str:
        return calendar_entries.path(self.guest, EventLinkPurpose(purpose))

    # where the answer stands

    @property
    def state(self) -> GuestState:
        return self.guest.state

    @property
    def is_off(self) -> bool:
        return self.event.state is EventState.CANCELLED

    @property
    def has_ended(self) -> bool:
        return self.event.ends_at <= utc_now()

    @property
    def can_answer(self) -> bool:
        """Until the start; a plus-one comes with whoever brings them."""
        return self.event.takes_answers and self.guest.host_id is None and self.state not in UNDECIDED

    @property
    def has_answered(self) -> bool:
        return self.state not in {S.LISTED, S.INVITED}

    @property
    def comes(self) -> bool:
        return self.state is S.ACCEPTED

    @property
    def is_free(self) -> bool:
        """A yes of one gets a seat now."""
        free = self.event.seats_free
        return self.comes or self.state is S.OFFERED or free is None or free > 0

    @cached_property
    def waiting_before(self) -> int:
        return guest_rows.waiting_before(self.session, self.guest)

    @property
    def can_give_away(self) -> bool:
        return self.comes and self.can_answer and self.event.allows_delegates

    @cached_property
    def host(self) -> EventGuest | None:
        """Who brings them along."""
        return queries.guest(self.session, self.guest.host_id) if self.guest.host_id else None

    # what the form asks for

    @cached_property
    def agenda(self) -> list[AgendaLine]:
        return guest_rows.agenda(self.session, self.event.id, self.guest.id)

    @property
    def slots(self) -> list[tuple[datetime, list[AgendaLine]]]:
        """Sessions that stand beside one another, by the time they begin."""
        chosen = [line for line in self.agenda if line.session.is_chosen]
        return [(at, list(lines)) for at, lines in groupby(chosen, lambda line: line.session.starts_at)]

    @property
    def picked(self) -> frozenset[UUID]:
        return frozenset(line.session.id for line in self.agenda if line.is_picked)

    @cached_property
    def speakers(self) -> Sequence[EventSpeaker]:
        return guest_rows.speakers(self.session, self.event.id)

    def speaks_in(self, session_id: UUID) -> str:
        return ", ".join(speaker_name(one) for one in self.speakers if one.session_id == session_id)

    @cached_property
    def questions(self) -> list[AskedQuestion]:
        if self.locked is not None and not self.locked.has_questions:
            return []
        return guest_rows.questions(self.session, self.event.id, self.guest.id)

    @cached_property
    def plus_ones(self) -> Sequence[EventGuest]:
        return queries.plus_ones_of(self.session, self.guest.id) if self.event.plus_ones else ()

    @cached_property
    def needs(self) -> GuestNeeds | None:
        return guest_rows.needs_of(self.session, self.guest.id) if self.event.asks_needs else None

    @cached_property
    def consents(self) -> list[tuple[RecordConsentText, bool]]:
        return guest_rows.consent_texts(self.session, self.event, self.guest)

    # what a yes brings

    @property
    def is_online(self) -> bool:
        return self.event.format is not EventFormat.IN_PERSON

    @cached_property
    def materials(self) -> Sequence[EventMaterial]:
        return guest_rows.materials(self.session, self.event.id, self._moments)

    @property
    def _moments(self) -> list[MaterialMoment]:
        found = [MaterialMoment.BEFORE] if self.comes or self.guest.attended_at else []
        if self.has_ended and self.state not in UNDECIDED:
            found.append(MaterialMoment.AFTER)
        if self.guest.attended_at:
            found.append(MaterialMoment.AFTER_FOR_ATTENDED)
        return found

    @cached_property
    def other_guests(self) -> list[EventGuest]:
        """Nobody, where the event shows none, and for prospects."""
        shows = self.event.guest_list is GuestListVisibility.GUESTS and self.comes
        if not shows or self.guest.is_prospect or self.guest.host_id:
            return []
        return guest_rows.guests_who_show_their_name(self.session, self.event.id, self.guest.id)

    @property
    def google(self) -> str:
        return google(self.web_entry)

    @property
    def outlook(self) -> str:
        return outlook(self.web_entry)

    @cached_property
    def web_entry(self) -> WebCalendarEntry:
        return calendar_entries.web_entry(self.guest, GuestAddresses.of(self.guest, self.public_url))

    @property
    def ticket_code(self) -> Markup:
        address = self.public_url.rstrip("/") + self.path("event_ticket")
        return ticket_qr(address, gettext("Code of your ticket"))

    @property
    def ticket_number(self) -> str:
        return ticket_number(self.guest.id)

    def place_before(self, place: SessionPlace) -> int:
        return guest_rows.waiting_before_in_session(self.session, place)


def speaker_name(speaker: EventSpeaker) -> str:
    return speaker.name or (speaker.advocate.name if speaker.advocate else "")


def speaker_about(speaker: EventSpeaker) -> str:
    """“Head of Finance, Brandt Logistik”."""
    known = speaker.advocate
    title = speaker.title or (known.title if known else "")
    company = speaker.company or (known.account.name if known and known.account else "")
    return ", ".join(filter(None, (title, company)))


def locked_page(session: Session, guest_id: UUID, public_url: str) -> GuestPage:
    """For a press: the event and the guest are locked, and nothing is read of who it is."""
    here = queries.lock_guest(session, guest_id)
    set_committed_value(here.guest, "event", here.event)
    return GuestPage(session, here.guest, public_url, here)


def guest_page(session: Session, guest_id: UUID, public_url: str) -> GuestPage:
    return GuestPage(session, guest_rows.guest_with_event(session, guest_id), public_url)
