"""A talk between an advocate and a prospect: times offered, one picked, kept or moved, and what both said after."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal import history
from portal.asks import actions as asks
from portal.asks.models import Ask
from portal.errors import Conflict, DomainError
from portal.references import invitations, letters, queries, standing
from portal.references.models import (
    Meeting,
    MeetingAnswer,
    MeetingSlot,
    MeetingState,
    ReferenceRequest,
    Side,
)
from portal.safe_text import without_links
from tenants.addresses import normal_email
from tenants.clock import utc_now
from tenants.models import Membership

FEWEST_SLOTS = 3
PICKED = "time picked"
WAITING_FOR_CONTACT = "who will talk"  # the flag's reason, translated by words.py
OVER = frozenset({MeetingState.HELD, MeetingState.NOT_HELD, MeetingState.CANCELLED})


def offer(session: Session, ask: Ask, slots: Sequence[datetime]) -> Meeting:
    """The advocate said yes and gave times: the prospect picks one, or the rep says who will."""
    times = _checked(slots)
    wanted = queries.locked(session, ask.served_id)
    known = queries.meeting_of(session, ask)
    meeting = queries.locked_meeting(session, known.id) if known else _new(session, ask, wanted)
    _insist_that_times_are_wanted(session, meeting)
    meeting.state, meeting.starts_at = MeetingState.OFFERED, None
    _replace_slots(session, meeting, times)
    standing.settle(session, wanted)
    history.record(session, wanted, "times offered", advocate=str(ask.advocate_id), times=len(times))
    meeting = queries.meeting(session, meeting.id)
    _tell_prospect(session, meeting, times)
    _tell_rep(session, meeting, "accepted", meeting.link_version, who=_name(session, meeting))
    return meeting


def _insist_that_times_are_wanted(session: Session, meeting: Meeting) -> None:
    if meeting.state in OVER or meeting.state is MeetingState.SCHEDULED:
        raise Conflict("These times came too late: the call is already decided. Nothing was changed.")
    if meeting.state is MeetingState.OFFERED and queries.slots(session, meeting):
        raise Conflict("Times are offered already, and they stand. Nothing was changed.")


def _tell_rep(session: Session, meeting: Meeting, news: str, turn: int, **fields: letters.Value) -> None:
    """Once for each turn of this call; another call of the same request has news of its own."""
    wanted = meeting.request
    letters.update(session, wanted, wanted.requester, news, f"{meeting.id}:{turn}", **fields)


def _name(session: Session, meeting: Meeting) -> str:
    return standing.name_for_rep(session, meeting.ask)


def _checked(slots: Sequence[datetime]) -> list[datetime]:
    now = utc_now()
    times = sorted({slot.astimezone(UTC) for slot in slots if slot > now})
    if len(times) < FEWEST_SLOTS:
        raise DomainError("Please pick at least %(count)s times in the future.", count=FEWEST_SLOTS)
    return times


def _new(session: Session, ask: Ask, wanted: ReferenceRequest) -> Meeting:
    meeting = Meeting(
        request_id=wanted.id,
        ask_id=ask.id,
        minutes=ask.minutes,
        prospect_name=wanted.contact_name,
        prospect_email=wanted.contact_email,
        prospect_time_zone=wanted.contact_time_zone,
    )
    session.add(meeting)
    session.flush()
    return meeting


def _replace_slots(session: Session, meeting: Meeting, times: Sequence[datetime]) -> None:
    session.execute(delete(MeetingSlot).where(MeetingSlot.meeting_id == meeting.id))
    session.add_all(MeetingSlot(meeting_id=meeting.id, starts_at=time) for time in times)
    session.flush()


def _tell_prospect(session: Session, meeting: Meeting, times: list[datetime]) -> None:
    if meeting.prospect_email:
        advocate = meeting.ask.advocate
        letters.slots_for_prospect(session, meeting.request, meeting, advocate, times)
    else:
        standing.stop_clock(meeting.request, WAITING_FOR_CONTACT)


def add_contact(
    session: Session, wanted: ReferenceRequest, *, name: str, email: str, time_zone: str, by: Membership
) -> None:
    """The rep says who at the prospect will talk; times that wait are sent on."""
    wanted.contact_name, wanted.contact_email, wanted.contact_time_zone = name, email, time_zone
    if wanted.waiting_for == WAITING_FOR_CONTACT:
        standing.restart_clock(session, wanted)
    history.record(session, wanted, "contact named", by=by)
    for row in queries.meetings_for(session, wanted.id):
        if row.state is MeetingState.OFFERED:
            _pass_on(session, queries.locked_meeting(session, row.id), wanted)


def _pass_on(session: Session, meeting: Meeting, wanted: ReferenceRequest) -> None:
    times = [slot.starts_at for slot in queries.slots(session, meeting)]
    if meeting.prospect_email and normal_email(meeting.prospect_email) != normal_email(wanted.contact_email):
        _close_links(session, meeting, waits_for_times=not times)
    meeting.prospect_name, meeting.prospect_email = wanted.contact_name, wanted.contact_email
    meeting.prospect_time_zone = wanted.contact_time_zone
    if times:
        _tell_prospect(session, meeting, times)


def _close_links(session: Session, meeting: Meeting, *, waits_for_times: bool) -> None:
    """Somebody else will talk: what the first person was sent opens nothing any more.

    An advocate who was asked for other times gets a new link too, the version is the meeting's.
    """
    meeting.link_version += 1
    for answer in queries.answers(session, meeting.id):
        if answer.side is Side.PROSPECT:
            answer.link_version += 1
    if waits_for_times:
        letters.new_times(session, meeting.request, meeting, meeting.ask.advocate, "")


def send_new_link(session: Session, meeting: Meeting) -> None:
    """To the address the times went to, for a link that was replaced. At most one letter an hour."""
    times = [slot.starts_at for slot in queries.slots(session, meeting)]
    if not times or not meeting.prospect_email or meeting.state is not MeetingState.OFFERED:
        raise Conflict("There is no time to pick at the moment. We write as soon as there is one.")
    advocate = meeting.ask.advocate
    letters.slots_for_prospect(session, meeting.request, meeting, advocate, times, f"{utc_now():%Y%m%d%H}")


def pick(
    session: Session, meeting_id: UUID, starts_at: datetime, *, name: str, email: str, time_zone: str
) -> Meeting:
    """The prospect takes one of the times; both sides and the rep get it in their calendars."""
    meeting = queries.locked_meeting(session, meeting_id)
    if meeting.state is not MeetingState.OFFERED:
        raise Conflict("A time was picked already, or the call is off. Reload the page to see how it stands.")
    if (
        starts_at not in {slot.starts_at for slot in queries.slots(session, meeting)}
        or starts_at <= utc_now()
    ):
        raise Conflict("That time is no longer offered. Please pick another one.")
    meeting.prospect_name, meeting.prospect_email = name, email
    meeting.prospect_time_zone = time_zone
    meeting.state, meeting.starts_at = MeetingState.SCHEDULED, starts_at
    _ask_both(session, meeting)
    wanted = queries.locked(session, meeting.request_id)
    if wanted.waiting_for == WAITING_FOR_CONTACT:
        standing.restart_clock(session, wanted)
    standing.settle(session, wanted)
    history.record(session, wanted, PICKED, starts_at=starts_at.isoformat())
    invitations.confirm(session, meeting)
    invitations.remind(session, meeting)
    _tell_rep(session, meeting, "scheduled", meeting.sequence, starts_at=starts_at)
    return meeting


def _ask_both(session: Session, meeting: Meeting) -> None:
    """One row per side: its calendar link now, its question after the call. A new time asks anew."""
    known = {answer.side: answer for answer in queries.answers(session, meeting.id)}
    for side in Side:
        answer = known.get(side)
        if answer is None:
            session.add(MeetingAnswer(meeting_id=meeting.id, side=side))
        elif answer.answered_at:
            answer.said = answer.rating = answer.answered_at = None
            answer.text, answer.link_version = "", answer.link_version + 1
    meeting.asked_after_at = None
    session.flush()


def none_fits(session: Session, meeting_id: UUID, note: str = "") -> None:
    """Back to the advocate for other times; the letter with them has the prospect's new link."""
    meeting = queries.locked_meeting(session, meeting_id)
    if meeting.state is not MeetingState.OFFERED:
        raise Conflict("A time was picked already, or the call is off. Reload the page to see how it stands.")
    _want_new_times(session, meeting, without_links(note))
    history.record(session, meeting.request, "no time fits", note=note)
    _tell_rep(session, meeting, "no_time_fits", meeting.link_version)


def cannot_any_more(session: Session, meeting_id: UUID) -> None:
    """The advocate takes the yes back; the request looks for somebody else."""
    meeting = queries.locked_meeting(session, meeting_id)
    if meeting.state in OVER:
        raise Conflict("This call is settled already, so nothing more is needed. Thank you.")
    wanted = queries.locked(session, meeting.request_id)
    cancel(session, meeting)
    asks.miss(session, meeting.ask)
    session.flush()
    standing.settle(session, wanted)
    history.record(session, wanted, "cannot any more", advocate=str(meeting.ask.advocate_id))
    letters.update(session, wanted, wanted.requester, "not_held", str(meeting.id))


def move(session: Session, meeting: Meeting, note: str = "") -> None:
    """Both want to talk, at another time: the calendar entry goes, new times are asked for."""
    if meeting.starts_at is not None and meeting.starts_at > utc_now():
        meeting.sequence += 1
        invitations.cancel(session, meeting)
    invitations.no_reminder(session, meeting)
    meeting.state = MeetingState.MOVED
    _want_new_times(session, meeting, note)
    wanted = meeting.request
    standing.settle(session, wanted)
    history.record(session, wanted, "call moved", note=note)
    _tell_rep(session, meeting, "moved", meeting.link_version, who=_name(session, meeting))


def _want_new_times(session: Session, meeting: Meeting, note: str) -> None:
    session.execute(delete(MeetingSlot).where(MeetingSlot.meeting_id == meeting.id))
    meeting.link_version += 1
    meeting.sequence += 1
    letters.new_times(session, meeting.request, meeting, meeting.ask.advocate, note)


def cancel(session: Session, meeting: Meeting) -> None:
    """The call is off: calendars are cleared on both sides, and a prospect who waits for times hears it."""
    if meeting.state in OVER:
        return
    was, meeting.state = meeting.state, MeetingState.CANCELLED
    if was is MeetingState.SCHEDULED:
        meeting.sequence += 1
        invitations.cancel(session, meeting)
        invitations.no_reminder(session, meeting)
    elif queries.has_written_to_prospect(session, meeting):
        meeting.starts_at = None  # where a call moved, that time is off already
        invitations.take_back(session, meeting)
    session.flush()


def set_place(session: Session, meeting: Meeting, dial_in: str, *, by: Membership) -> None:
    """Where or how they talk; calendars follow."""
    if meeting.state not in {MeetingState.OFFERED, MeetingState.SCHEDULED}:
        raise Conflict("This call is over, so its place can no longer change.")
    meeting.dial_in = dial_in
    history.record(session, meeting.request, "place set", by=by)
    if meeting.state is MeetingState.SCHEDULED:
        meeting.sequence += 1
        invitations.confirm(session, meeting)
        invitations.remind(session, meeting)
