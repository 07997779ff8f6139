"""Forecasts when an email would leave: asks the rules of the claim again at each time they name."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from portal.advocates.models import AdvocateState
from portal.declarations.email_kinds import EMAIL_KINDS, EmailClass
from portal.outreach.governance.sending_hours import zone_or_default
from portal.outreach.governance.sending_rules import (
    RecipientState,
    SendingContext,
    SendingDecision,
    decide,
)
from portal.outreach.models import HoldReason

MAX_RECHECKS = 60  # a workspace that sends ten thousand emails in its slowest way
DAY = timedelta(days=1)
EXPECTED_HOLDS = frozenset(
    {HoldReason.NONE, HoldReason.QUIET_HOURS}
)  # nothing unusual: it leaves in the hours of its reader


class ForecastOutcome(StrEnum):
    GETS = "gets"
    LATER = "later"
    NOT = "not"


class PlannedEmail(NamedTuple):
    """An email that is not written yet, as the rules look at one."""

    kind: str
    email_class: EmailClass
    purpose: str = ""
    recipient_norm: str = ""
    advocate_id: UUID | None = None
    time_zone: str = ""
    subject_id: UUID | None = None
    links: Mapping[str, Any] = {}
    sequence_id: UUID | None = None
    window_from: int | None = None
    window_until: int | None = None
    obsolete_at: None = None
    valid_until: datetime | None = None
    bulk: bool = False


@dataclass(frozen=True)
class ForecastResult:
    """`leaves_at`: None means never, or not known yet. `decision`: what holds it until then, or for good."""

    leaves_at: datetime | None
    decision: SendingDecision

    @property
    def outcome(self) -> ForecastOutcome:
        if self.leaves_at is None and self.decision.recheck_at is None:
            return ForecastOutcome.NOT
        return (
            ForecastOutcome.GETS
            if self.leaves_at is not None and self.decision.hold_reason in EXPECTED_HOLDS
            else ForecastOutcome.LATER
        )


@dataclass
class SendForecast:
    """Lets emails go one after the other, as the claim does: each counts for those after it."""

    facts: SendingContext
    people: dict[UUID, RecipientState]  # those the facts hold
    emails_by_day: Counter[date] = field(default_factory=Counter)
    openings_by_time: dict[datetime, dict[Any, Any]] = field(default_factory=dict)
    results_by_profile: dict[Any, ForecastResult] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.zone = ZoneInfo(self.facts.limits.zone)
        self.emails_by_day[self._day(self.facts.now)] = self.facts.sent_today

    def result_for(self, email: PlannedEmail, due: datetime) -> ForecastResult:
        known = self._profile_of(email, due)
        result = self.results_by_profile.get(known) if known else None
        if result is None or not self._has_room(result, email):
            result = self._compute(email, due)
            if known:
                self.results_by_profile[known] = result
        if result.leaves_at is not None and email.email_class is not EmailClass.TRANSACTIONAL:
            self.emails_by_day[self._day(result.leaves_at)] += 1
            self.facts.recent_sends.setdefault(email.recipient_norm, []).append(result.leaves_at)
        return result

    def next_opening(self, email: PlannedEmail, at: datetime) -> datetime:
        if email.email_class is EmailClass.TRANSACTIONAL:
            return at
        hours = self.facts.limits.hours.narrowed_to(email.window_from, email.window_until)
        return hours.next_opening(at, zone_or_default(email.time_zone, self.facts.limits.zone)) or at

    def _profile_of(self, email: PlannedEmail, due: datetime) -> tuple[Any, ...] | None:
        """Return all that the rules look at; None where they know something of this recipient or ask alone."""
        reader = email.recipient_norm
        if (
            reader in self.facts.suppressed
            or reader in self.facts.recent_sends
            or email.kind in EMAIL_KINDS.about_open_asks
        ):
            return None
        person = self.people.get(email.advocate_id) if email.advocate_id else None
        agrees = person is not None and email.purpose in person.consents
        recipient_state = (person.state, person.paused_until, agrees) if person else None
        return (
            email.email_class,
            email.time_zone,
            email.window_from,
            email.window_until,
            recipient_state,
            due,
        )

    def _has_room(self, result: ForecastResult, email: PlannedEmail) -> bool:
        if result.leaves_at is None or email.email_class is EmailClass.TRANSACTIONAL:
            return True
        return self.emails_by_day[self._day(result.leaves_at)] < self.facts.limits.per_day

    def _compute(self, email: PlannedEmail, due: datetime) -> ForecastResult:
        at, held = due, SendingDecision()
        for _ in range(MAX_RECHECKS):
            decision = decide(email, self._as_of(at, email))
            if decision.hold_reason is HoldReason.NONE:
                return ForecastResult(at, held)
            held = held if held.hold_reason not in EXPECTED_HOLDS else decision
            if decision.recheck_at is None or decision.hold_reason is HoldReason.COMPLAINTS:
                return ForecastResult(None, decision)
            at = max(decision.recheck_at, at + timedelta(minutes=1))
        return ForecastResult(None, held)

    def _as_of(self, at: datetime, email: PlannedEmail) -> SendingContext:
        """Return the facts as they will be: the day's emails, the hours, and a pause that is over by then."""
        facts, day = self.facts, self._day(at)
        facts.now, facts.sent_today = at, self.emails_by_day[day]
        facts.tomorrow = datetime.combine(day + DAY, time(), self.zone).astimezone(UTC)
        facts.openings_cache = self.openings_by_time.setdefault(at, {})
        reader = email.advocate_id
        person = self.people.get(reader) if reader else None
        if reader and person and person.paused_until and person.paused_until <= at:
            self.people[reader] = person._replace(state=AdvocateState.ENROLLED, paused_until=None)
        return facts

    def _day(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()
