"""The times an advocate can offer for a call: suggested days, what is booked already, and whether a choice will do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.advocates.models import Advocate
from portal.asks.models import Ask
from portal.references import queries
from portal.references.meetings import bookings, suggested_times
from portal.references.meetings.bookings import Booking
from portal.references.meetings.offer_forms import OfferTimesForm
from portal.references.meetings.suggested_times import SuggestedDay
from portal.references.models import Meeting, MeetingState, ReferenceRequest
from portal.time_zones import city
from portal.web.filters import city_and_zone
from tenants.clock import utc_now
from tenants.database import tenant
from tenants.models import Tenant

SHOWN_DAYS = 3


@dataclass(frozen=True)
class OfferPage:
    session: Session
    ask: Ask
    request: ReferenceRequest
    workspace: Tenant

    @property
    def advocate(self) -> Advocate:
        return self.ask.advocate

    @property
    def talks_to(self) -> str:
        return self.request.contact_name or self.request.prospect

    @property
    def zone(self) -> str:
        return self.advocate.time_zone or self.workspace.time_zone

    @property
    def zone_info(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @property
    def other_zone(self) -> str:
        return self.request.criteria.prospect_time_zone or self.workspace.time_zone

    @property
    def zone_label(self) -> str:
        return city_and_zone(utc_now(), self.zone)

    @property
    def other_city(self) -> str:
        known = self.request.contact_time_zone
        return city(known) if known and known != self.zone else ""

    @cached_property
    def days(self) -> list[SuggestedDay]:
        suggested = suggested_times.suggested_days(
            self.zone,
            self.other_zone,
            utc_now(),
            self.request.needed_by,
            self.ask.minutes,
            self.bookings,
            bookings.pause(self.session),
        )
        return [left for day in suggested if (left := day.without(self.previous_time)).times]

    @property
    def first_days(self) -> Sequence[SuggestedDay]:
        return self.days[:SHOWN_DAYS]

    @property
    def later_days(self) -> Sequence[SuggestedDay]:
        return self.days[SHOWN_DAYS:]

    @property
    def previous_time(self) -> datetime | None:
        meeting = self.meeting
        return meeting.starts_at if meeting and meeting.state is MeetingState.MOVED else None

    @cached_property
    def bookings(self) -> list[Booking]:
        meeting = self.meeting
        others = bookings.bookings_of_advocate(
            self.session, self.advocate.id, except_meeting_id=meeting.id if meeting else None
        )
        own = self.agreed_time
        if own is None:
            return others
        until = own + timedelta(minutes=self.ask.minutes)
        return sorted(
            [*others, Booking(own, until, self.request.prospect, True)], key=lambda one: one.starts_at
        )

    def clashes(self, times: Sequence[datetime]) -> dict[datetime, Booking]:
        return bookings.clashes(self.session, self.bookings, times, self.ask.minutes)

    @cached_property
    def meeting(self) -> Meeting | None:
        return queries.meeting_of(self.session, self.ask)

    @property
    def offered(self) -> list[datetime]:
        if self.meeting is None or self.meeting.state is not MeetingState.OFFERED:
            return []
        return [slot.starts_at for slot in queries.slots(self.session, self.meeting)]

    @property
    def agreed_time(self) -> datetime | None:
        is_agreed = self.meeting and self.meeting.state is MeetingState.SCHEDULED
        return self.meeting.starts_at if self.meeting and is_agreed else None


def offer_page(session: Session, meeting: Meeting) -> OfferPage:
    return OfferPage(session, meeting.ask, meeting.request, tenant(session))


def is_valid_offer(form: OfferTimesForm, times: list[datetime], page: OfferPage) -> bool:
    """Whether these times can be offered; the form says what is wrong with them."""
    are_times = form.exist(page.zone) and form.are_in_reach(page.zone)
    is_enough = are_times and form.has_enough(times, page.request.prospect)
    is_choice = is_enough and form.are_apart(times, page.ask.minutes, page.zone)
    return is_choice and form.are_free(page.clashes(times), page.zone)
