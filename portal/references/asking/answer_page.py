"""Everything the answer page says, worked out from the ask, its request and the budget."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import url_for
from sqlalchemy.orm import Session

from portal import links
from portal.advocates.models import Advocate
from portal.asks import budgets
from portal.asks.budgets import BudgetStatus
from portal.asks.models import TALKS, Ask, AskState
from portal.asks.policies import ask_rules
from portal.references import queries
from portal.references.asking.answers import ask_and_request
from portal.references.asking.ask_reason import why_you
from portal.references.link_purposes import CallLinkPurpose
from portal.references.matching.advocate_description import anonymous_description
from portal.references.matching.labels import city
from portal.references.meetings import bookings, suggested_times
from portal.references.meetings.bookings import Booking
from portal.references.meetings.suggested_times import SuggestedDay
from portal.references.models import Meeting, MeetingState, ReferenceRequest
from portal.web.filters import city_and_zone
from tenants.clock import utc_now
from tenants.database import tenant
from tenants.models import Tenant

SHOWN_DAYS = 3


@dataclass(frozen=True)
class AnswerPage:
    session: Session
    ask: Ask
    request: ReferenceRequest
    workspace: Tenant

    @property
    def advocate(self) -> Advocate:
        return self.ask.advocate

    @property
    def is_open(self) -> bool:
        return self.ask.state is AskState.SENT

    @property
    def asker(self) -> str:
        return self.ask.sent_by.name if self.ask.sent_by else self.request.requester.name

    @cached_property
    def why_you(self) -> str:
        return self.ask.why_you or why_you(self.session, self.request, self.advocate)

    @property
    def questions(self) -> list[str]:
        return [line.strip() for line in self.request.questions.splitlines() if line.strip()]

    @property
    def talks_to(self) -> str:
        return self.request.contact_name or self.request.prospect

    @property
    def anonymous_description(self) -> str:
        return anonymous_description(self.advocate)

    # times

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
        found = suggested_times.suggested_days(
            self.zone,
            self.other_zone,
            utc_now(),
            self.request.needed_by,
            self.ask.minutes,
            self.bookings,
            bookings.pause(self.session),
        )
        return [left for day in found if (left := day.without(self.previous_time)).times]

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

    @property
    def first_days(self) -> Sequence[SuggestedDay]:
        return self.days[:SHOWN_DAYS]

    @property
    def later_days(self) -> Sequence[SuggestedDay]:
        return self.days[SHOWN_DAYS:]

    def is_shown(self, at: datetime) -> bool:
        return any(at in day.times for day in self.days)

    # budget

    @cached_property
    def budget(self) -> BudgetStatus:
        return budgets.budget_status(self.session, [self.advocate], self.ask.kind, self.ask.minutes)[
            self.advocate.id
        ]

    @property
    def is_talk(self) -> bool:
        return self.ask.kind in TALKS

    @cached_property
    def rest_days(self) -> int:
        return ask_rules(self.session).of(self.ask.kind).rest_days

    # afterwards

    @cached_property
    def meeting(self) -> Meeting | None:
        return queries.meeting_of(self.session, self.ask)

    @property
    def offered(self) -> list[datetime]:
        if self.meeting is None or self.meeting.state is not MeetingState.OFFERED:
            return []
        return [slot.starts_at for slot in queries.slots(self.session, self.meeting)]

    @property
    def call_page(self) -> str:
        meeting = self.meeting
        version = meeting.link_version if meeting else 1
        made = links.token(
            CallLinkPurpose.CALL, self.ask.tenant_id, meeting.id if meeting else self.ask.id, version
        )
        return url_for("advocate_call.show", token=made)

    @property
    def agreed_time(self) -> datetime | None:
        is_agreed = self.meeting and self.meeting.state is MeetingState.SCHEDULED
        return self.meeting.starts_at if self.meeting and is_agreed else None


def answer_page(session: Session, ask_id: UUID) -> AnswerPage:
    ask, request = ask_and_request(session, ask_id)
    return AnswerPage(session, ask, request, tenant(session))


class OfferForm(Protocol):
    """A form of times; what is wrong with them it says itself."""

    def exist(self, zone: str) -> bool: ...
    def are_in_reach(self, zone: str) -> bool: ...
    def are_apart(self, times: list[datetime], minutes: int, zone: str) -> bool: ...
    def has_enough(self, times: list[datetime], prospect: str) -> bool: ...
    def are_free(self, taken: Mapping[datetime, Booking], zone: str) -> bool: ...


def is_valid_offer(form: OfferForm, times: list[datetime], page: AnswerPage) -> bool:
    are_times = form.exist(page.zone) and form.are_in_reach(page.zone)
    is_enough = are_times and form.has_enough(times, page.request.prospect)
    is_choice = is_enough and form.are_apart(times, page.ask.minutes, page.zone)
    return is_choice and form.are_free(page.clashes(times), page.zone)
