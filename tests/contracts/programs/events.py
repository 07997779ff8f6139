"""Events: an invitation that is answered by yes, no or maybe until the start, and a speaker who is asked."""

from datetime import timedelta

from portal.advocates.models import Advocate
from portal.asks import actions as asks
from portal.asks.models import Ask, AskKind
from portal.events import actions, queries
from portal.events.agenda_models import EventSpeaker
from portal.events.attendance_models import EventDoorLink
from portal.events.emails import INVITATION, INVITATION_REMINDER
from portal.events.guest_models import AttendanceSource, EventGuest, GuestState
from portal.events.guests import emails as guest_emails
from portal.events.guests.models import CalendarFeed
from portal.events.manage.emails import MESSAGE
from portal.events.program import PROGRAM
from tenants.clock import utc_now
from tenants.models import Membership
from tests.contracts.program_case import ProgramCase, ProgramFacts
from tests.events.events import contact, event, invite
from tests.fixture_types import Travel
from tests.outreach.templates.who_typed import Who
from tests.world import World, again


def invite_one(world: World, by: Membership, person: Advocate) -> None:
    """A wave of one person: planned, drawn, asked."""
    invite(world, event(world, host_id=by.id), [person], by)


def ask_speaker(world: World, by: Membership, person: Advocate) -> None:
    """Singly, as the desk asks."""
    conference = event(world, host_id=by.id)
    with world.session() as session:
        subject = again(session, conference)
        due = (utc_now() + timedelta(days=10)).date()
        ask = asks.propose(session, AskKind.SPEAKING, again(session, person), subject, due)
        asks.send(session, ask, by)
        session.add(EventSpeaker(event_id=subject.id, advocate_id=person.id, ask_id=ask.id))


def attend(world: World, by: Membership, ask: Ask, travel: Travel) -> None:
    """They come, and the records close."""
    with world.session() as session:
        subject = queries.lock_event(session, ask.subject_id)
        guest = session.query(EventGuest).filter_by(event_id=subject.id, advocate_id=ask.advocate_id).one()
        guest.attended_at, guest.attendance_source = subject.starts_at, AttendanceSource.DOOR
        subject.has_record = True
        ends = subject.records_close_at - utc_now()
    travel(seconds=ends.total_seconds() + 60)
    with world.session() as session:
        actions.close_records(session, ask.subject_id)


def registered(world: World, by: Membership) -> str:
    """Somebody waits to be let in."""
    roundtable = event(world, host_id=by.id, title="Who may come")
    contact(world, roundtable, state=GuestState.REQUESTED, confirmed_at=utc_now())
    return "One registration for “Who may come”"


CASES = (
    ProgramCase(
        program=PROGRAM,
        kind=AskKind.EVENT,
        ask=invite_one,
        yes=lambda world, ask: {},
        finish=attend,
        needs_manager=registered,
        variant="guests",
    ),
)
PRODUCT = ("when", "facts", "due_on", "event_link", "answer_link", "yes_link", "maybe_link", "no_link")
WRITTEN = {
    **dict.fromkeys(("subject_line", "words", "title"), Who.MEMBER),
    **dict.fromkeys(("when", "facts", "event_link"), Who.PRODUCT),
}
INVITED = {"title": Who.MEMBER, "summary": Who.MEMBER, **dict.fromkeys(PRODUCT, Who.PRODUCT)}
BY_NOBODY = (
    "starts_at facts page_link headline what_next number until what_now calendar_link google_link "
    "outlook_link join_link ticket_link feedback_link registration_link"
)
BY_WHOM = {
    "event": Who.MEMBER,
    "session": Who.MEMBER,
    "reason": Who.MEMBER,
    "brought_by": Who.STRANGER,
    "what_is_off": Who.STRANGER,
} | (dict.fromkeys(BY_NOBODY.split(), Who.PRODUCT))
OF_GUESTS = {kind: {field.name: BY_WHOM[field.name] for field in kind.fields} for kind in guest_emails.KINDS}
GUEST_LINKS = "event_guest event_registration event_calendar event_feedback event_join event_ticket"
FACTS = ProgramFacts(
    history_actions="opened changed moved capacity_changed event_cancelled records_closed cloned door_link_made "
    "door_link_revoked attendance_imported guests_messaged silent_guests_reminded "
    "prioritized approved refused removed answered_for offered lapsed skipped "
    "seat_taken_back transferred checked_in check_in_undone checked_out attendance_corrected",
    typed_by={INVITATION: INVITED, INVITATION_REMINDER: INVITED, MESSAGE: WRITTEN, **OF_GUESTS},
    given_by_strangers={
        guest_emails.CONFIRMED: ("brought_by",),
        guest_emails.MOVED: ("brought_by",),
        guest_emails.CANCELLED: ("colleague",),
    },
    signed_rows={
        **dict.fromkeys(GUEST_LINKS.split(), EventGuest.__tablename__),
        "event_feed": CalendarFeed.__tablename__,
        "event_door": EventDoorLink.__tablename__,
    },
)
