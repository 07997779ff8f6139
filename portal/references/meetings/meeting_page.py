"""What the prospect and the advocate read about a meeting: names and times, never an address."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from itertools import groupby
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal import links
from portal.calendar_links import WebCalendarEntry, google, outlook
from portal.references import emails, queries
from portal.references.link_purposes import CallLinkPurpose
from portal.references.meetings import bookings, notification_emails, rescheduling_actions
from portal.references.models import Meeting, MeetingAnswer, MeetingState, Side
from portal.time_zones import city
from portal.web.filters import city_and_zone
from tenants.clock import utc_now
from tenants.database import tenant


class CallStatus(StrEnum):
    """Where a call is for a reader of its page, which also knows the clock and other calls."""

    OPEN = "open"  # a time can be picked
    TAKEN = "taken"  # other calls have all times
    PASSED = "passed"
    WAITING = "waiting"  # for other times
    SET = "set"
    OVER = "over"
    NOT_HELD = "not_held"
    OFF = "off"


WITHOUT_TIME = frozenset({CallStatus.OPEN, CallStatus.TAKEN, CallStatus.PASSED, CallStatus.WAITING})
STATUS = {  # but of a call whose times are offered
    MeetingState.SCHEDULED: CallStatus.SET,
    MeetingState.MOVED: CallStatus.WAITING,
    MeetingState.HELD: CallStatus.OVER,
    MeetingState.NOT_HELD: CallStatus.NOT_HELD,
    MeetingState.CANCELLED: CallStatus.OFF,
}


@dataclass(frozen=True)
class MeetingPage:
    session: Session
    meeting: Meeting
    zone: str
    side: Side = Side.PROSPECT

    @property
    def other_party(self) -> str:
        return notification_emails.other_party_name(self.meeting, self.side)

    @property
    def advocate_first_name(self) -> str:
        advocate = self.meeting.ask.advocate
        return advocate.first_name or advocate.name

    @property
    def introduced(self) -> str:
        return emails.introduction(self.meeting.ask.advocate)

    @property
    def zone_label(self) -> str:
        return city_and_zone(utc_now(), self.zone)

    @property
    def other_zone(self) -> str:
        other = Side.ADVOCATE if self.side is Side.PROSPECT else Side.PROSPECT
        return notification_emails.time_zone_of(self.session, self.meeting, other)

    @property
    def other_city(self) -> str:
        mine = self.side is Side.PROSPECT
        known = self.meeting.ask.advocate.time_zone if mine else self.meeting.prospect_time_zone
        return city(known) if known and known != self.zone else ""

    @cached_property
    def offered(self) -> list[datetime]:
        if self.meeting.state is not MeetingState.OFFERED:
            return []
        return [at for at in self._all_offered if at > utc_now()]

    @cached_property
    def _all_offered(self) -> list[datetime]:
        return [slot.starts_at for slot in queries.slots(self.session, self.meeting)]

    @cached_property
    def times(self) -> Sequence[datetime]:
        if not self.offered:
            return []
        calls = bookings.calls_of_advocate(
            self.session, self.meeting.advocate_id, except_meeting_id=self.meeting.id
        )
        taken = bookings.clashes(self.session, calls, self.offered, self.meeting.minutes)
        return [at for at in self.offered if at not in taken]

    @property
    def has_begun(self) -> bool:
        return self.meeting.starts_at is not None and self.meeting.starts_at <= utc_now()

    @property
    def has_ended(self) -> bool:
        return self.ends_at is not None and self.ends_at <= utc_now()

    @property
    def is_ahead(self) -> bool:
        return rescheduling_actions.is_ahead(self.meeting)

    @property
    def can_cancel(self) -> bool:
        return self.is_ahead or self.state in WITHOUT_TIME

    @property
    def rep(self) -> str:
        return self.meeting.request.requester.name

    @property
    def other_first(self) -> str:
        if self.side is Side.PROSPECT:
            return self.advocate_first_name
        return self.meeting.prospect_name.partition(" ")[0] or self.meeting.request.prospect

    @property
    def ends_at(self) -> datetime | None:
        starts = self.meeting.starts_at
        return starts + timedelta(minutes=self.meeting.minutes) if starts else None

    @property
    def entry(self) -> WebCalendarEntry:
        starts = self.meeting.starts_at or utc_now()
        title = f"{self.other_party} · {tenant(self.session).name}"
        ends = starts + timedelta(minutes=self.meeting.minutes)
        return WebCalendarEntry(title, starts, ends, self.meeting.dial_in)

    @property
    def google(self) -> str:
        return google(self.entry)

    @property
    def outlook(self) -> str:
        return outlook(self.entry)

    @property
    def questions(self) -> list[str]:
        return [line.strip() for line in self.meeting.request.questions.splitlines() if line.strip()]

    @property
    def days(self) -> list[tuple[date, list[datetime]]]:
        zone = ZoneInfo(self.zone)
        return [(on, list(times)) for on, times in groupby(self.times, lambda at: at.astimezone(zone).date())]

    @property
    def state(self) -> CallStatus:
        if self.meeting.state is not MeetingState.OFFERED:
            return STATUS[self.meeting.state]
        if self.times:
            return CallStatus.OPEN
        if self.offered:
            return CallStatus.TAKEN
        return CallStatus.PASSED if self._all_offered else CallStatus.WAITING

    @cached_property
    def answer(self) -> MeetingAnswer | None:
        sides = queries.answers(self.session, self.meeting.id)
        return next((one for one in sides if one.side is self.side), None)

    @property
    def call_token(self) -> str:
        return links.token(
            CallLinkPurpose.CALL, self.meeting.tenant_id, self.meeting.id, self.meeting.link_version
        )

    @property
    def calendar_token(self) -> str:
        if self.answer is None:
            return ""
        return links.token(
            CallLinkPurpose.CALENDAR, self.meeting.tenant_id, self.answer.id, self.answer.link_version
        )
