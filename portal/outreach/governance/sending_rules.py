"""May this email leave now? Asked while it is claimed, and by the dry run of a sequence: one set of rules for both.

What somebody asked for passes all but hard suppression. Invitations need no consent, since none can exist yet.
Emails of a program need the consent their purpose names (docs/domain.md, Emails).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from portal.advocates.models import AdvocateState
from portal.declarations.email_kinds import EMAIL_KINDS, EmailClass
from portal.outreach.governance.open_asks import OpenAsk
from portal.outreach.governance.sending_hours import SendingHours, zone_or_default
from portal.outreach.models import HoldReason
from portal.outreach.status_codes import EmailStatus, StatusCode
from portal.outreach.suppressions.blocking import blocking_reason
from portal.outreach.suppressions.models import SuppressionReason

WEEK, MONTH = timedelta(days=7), timedelta(days=30)
RECHECK_SOON = timedelta(minutes=10)
RECHECK_LATER = timedelta(hours=6)  # where nobody can say when it is free
COMPLAINT_RATE_WARNING, COMPLAINT_RATE_BLOCK = 0.001, 0.003  # complaints for each accepted email, in 30 days
MIN_COMPLAINTS = 2  # one press of a button in a small workspace says nothing yet

SUPPRESSED_BECAUSE = {
    SuppressionReason.BOUNCED: StatusCode.SUPPRESSED_BOUNCED,
    SuppressionReason.COMPLAINED: StatusCode.SUPPRESSED_COMPLAINED,
    SuppressionReason.UNSUBSCRIBED: StatusCode.SUPPRESSED_UNSUBSCRIBED,
    SuppressionReason.ERASED: StatusCode.SUPPRESSED_ERASED,
    SuppressionReason.OPTED_OUT: StatusCode.SUPPRESSED_OPTED_OUT,
    SuppressionReason.BY_HAND: StatusCode.SUPPRESSED_BY_HAND,
}


@dataclass(frozen=True)
class SendingDecision:
    """`recheck_at`: when it is looked at again; None: never."""

    hold_reason: HoldReason = HoldReason.NONE
    code: StatusCode = StatusCode.NONE
    params: Mapping[str, Any] = field(default_factory=dict)
    recheck_at: datetime | None = None

    @property
    def status(self) -> EmailStatus:
        return EmailStatus(self.code, self.params)


ALLOWED = SendingDecision()


class RecipientState(NamedTuple):
    """A person of the program, as far as emails go."""

    state: AdvocateState
    consents: Sequence[str]
    paused_until: datetime | None = None
    time_zone: str = ""  # as it is now; empty: as the email has it


@dataclass(frozen=True)
class SendingLimits:
    """The workspace's own numbers."""

    hours: SendingHours
    per_week: int
    per_month: int
    per_day: int
    zone: str


@dataclass
class SendingContext:
    """What the rules look at, read once for many emails. `record_send` keeps it true while emails are let go."""

    now: datetime
    tomorrow: datetime  # when the workspace's next day begins
    limits: SendingLimits
    suppressed: Mapping[str, Sequence[tuple[SuppressionReason, str]]] = field(default_factory=dict)
    recipients: Mapping[UUID, RecipientState] = field(default_factory=dict)
    open_asks: Mapping[UUID, OpenAsk] = field(default_factory=dict)
    paused_sequences: frozenset[UUID] = frozenset()  # sequences that do not run
    recent_sends: dict[str, list[datetime]] = field(
        default_factory=dict
    )  # address -> emails of programs, oldest first
    sent_today: int = 0
    complaint_rate: float = 0.0  # share of the accepted
    openings_cache: dict[tuple[str, int | None, int | None], datetime | None] = field(default_factory=dict)

    def next_opening(self, email: Any) -> datetime | None:
        key = (self._zone_of(email), email.window_from, email.window_until)
        if key not in self.openings_cache:
            hours = self.limits.hours.narrowed_to(email.window_from, email.window_until)
            self.openings_cache[key] = hours.next_opening(self.now, zone_or_default(key[0], self.limits.zone))
        return self.openings_cache[key]

    def _zone_of(self, email: Any) -> str:
        """Use the person's current time zone, where they moved since the email was written."""
        person = self.recipients.get(email.advocate_id)
        return (person and person.time_zone) or email.time_zone

    def record_send(self, email: Any) -> None:
        if email.email_class != EmailClass.TRANSACTIONAL:
            self.sent_today += 1
            self.recent_sends.setdefault(email.recipient_norm, []).append(self.now)


def decide(email: Any, context: SendingContext) -> SendingDecision:
    """Return the first rule that holds it back, those that never end first; ALLOWED when none does."""
    for rule in RULES_BY_CLASS[email.email_class]:
        if (decision := rule(email, context)) is not None:
            return _not_before_now(decision, context)
    return ALLOWED


def _not_before_now(decision: SendingDecision, context: SendingContext) -> SendingDecision:
    """Put off what is free by now and still held, such as after a pause nobody has ended yet."""
    if decision.recheck_at is None or decision.recheck_at > context.now:
        return decision
    return replace(decision, recheck_at=context.now + RECHECK_SOON)


def _suppressed(email: Any, context: SendingContext) -> SendingDecision | None:
    suppressions = context.suppressed.get(email.recipient_norm)
    if not suppressions:
        return None
    reason = blocking_reason(suppressions, EmailClass(email.email_class), email.purpose)
    return SendingDecision(HoldReason.SUPPRESSED, SUPPRESSED_BECAUSE[reason]) if reason else None


def _not_in_program(email: Any, context: SendingContext) -> SendingDecision | None:
    person = context.recipients.get(email.advocate_id)
    if person is None or person.state not in {AdvocateState.ENROLLED, AdvocateState.PAUSED}:
        return SendingDecision(HoldReason.LEFT_PROGRAM, StatusCode.NOT_IN_PROGRAM)
    return None


def _consent_withdrawn(email: Any, context: SendingContext) -> SendingDecision | None:
    # a program email whose recipient is not known has ended at _not_in_program
    if email.purpose not in context.recipients[email.advocate_id].consents:
        return SendingDecision(HoldReason.CONSENT, StatusCode.CONSENT_WITHDRAWN)
    return None


def _ask_closed(email: Any, context: SendingContext) -> SendingDecision | None:
    """Hold an email about an ask unless the ask is open and the email has its newest link."""
    if email.kind not in EMAIL_KINDS.about_open_asks:
        return None
    answer, ask = email.links.get("answer") or {}, context.open_asks.get(email.subject_id)
    if (ask and ask.link_version) != answer.get("version"):
        return SendingDecision(HoldReason.OBSOLETE, StatusCode.ASK_CLOSED)
    return None


def _invitation_answered(email: Any, context: SendingContext) -> SendingDecision | None:
    person = context.recipients.get(email.advocate_id)
    return (
        None
        if person is None or person.state is AdvocateState.INVITED
        else SendingDecision(HoldReason.OBSOLETE, StatusCode.INVITATION_ANSWERED)
    )


def _sequence_ended(email: Any, context: SendingContext) -> SendingDecision | None:
    """Hold an email whose sequence ended while it was being sent, and which came back."""
    return (
        None if email.obsolete_at is None else SendingDecision(HoldReason.OBSOLETE, StatusCode.SEQUENCE_ENDED)
    )


def _expired(email: Any, context: SendingContext) -> SendingDecision | None:
    if email.valid_until is None or email.valid_until > context.now:
        return None
    return SendingDecision(HoldReason.OBSOLETE, StatusCode.EXPIRED)


def _sequence_paused(email: Any, context: SendingContext) -> SendingDecision | None:
    """Check again by itself: the sequence may be resumed at the very moment this is written."""
    if email.sequence_id not in context.paused_sequences:
        return None
    return SendingDecision(
        HoldReason.PAUSED, StatusCode.SEQUENCE_PAUSED, recheck_at=context.now + RECHECK_LATER
    )


def _campaign_paused(email: Any, context: SendingContext) -> SendingDecision | None:
    ask = context.open_asks.get(email.subject_id) if email.kind in EMAIL_KINDS.about_open_asks else None
    if ask is None or not ask.is_paused:
        return None
    return SendingDecision(
        HoldReason.PAUSED, StatusCode.CAMPAIGN_PAUSED, recheck_at=context.now + RECHECK_LATER
    )


def _recipient_paused(email: Any, context: SendingContext) -> SendingDecision | None:
    person = context.recipients[email.advocate_id]
    if person.state is not AdvocateState.PAUSED:
        return None
    return SendingDecision(
        HoldReason.PAUSED,
        StatusCode.RECIPIENT_PAUSED,
        recheck_at=person.paused_until or context.now + RECHECK_LATER,
    )


def _complaint_rate(email: Any, context: SendingContext) -> SendingDecision | None:
    if context.complaint_rate < COMPLAINT_RATE_WARNING:
        return None
    share = {"share": f"{context.complaint_rate * 100:.2f}"}
    if context.complaint_rate >= COMPLAINT_RATE_BLOCK:
        return SendingDecision(
            HoldReason.COMPLAINTS, StatusCode.BLOCKED_BY_COMPLAINTS, share, context.now + RECHECK_LATER
        )
    if email.bulk:
        return SendingDecision(
            HoldReason.COMPLAINTS, StatusCode.BULK_PAUSED_BY_COMPLAINTS, share, context.now + RECHECK_LATER
        )
    return None


def _never_waits_for_others(email: Any, context: SendingContext) -> bool:
    """Asks of the desk have windows of their own: no invitation or survey delays them."""
    ask = context.open_asks.get(email.subject_id) if email.kind in EMAIL_KINDS.about_open_asks else None
    return ask is not None and ask.kind.row.passes_email_cap


def _frequency_cap(email: Any, context: SendingContext) -> SendingDecision | None:
    """Hold until the email that fills the window is old enough."""
    sent = context.recent_sends.get(email.recipient_norm)
    if not sent or _never_waits_for_others(email, context):
        return None
    free = max(
        _window_free_at(sent, context.now, WEEK, context.limits.per_week),
        _window_free_at(sent, context.now, MONTH, context.limits.per_month),
    )
    if free <= context.now:
        return None
    return SendingDecision(
        HoldReason.FREQUENCY_CAP, StatusCode.FREQUENCY_CAP_REACHED, {"number": len(sent)}, free
    )


def _window_free_at(sent: Sequence[datetime], now: datetime, window: timedelta, most: int) -> datetime:
    inside = [at for at in sent if at > now - window]
    return inside[-most] + window if len(inside) >= most else now


def _quiet_hours(email: Any, context: SendingContext) -> SendingDecision | None:
    opens = context.next_opening(email)
    return (
        None
        if opens is None
        else SendingDecision(HoldReason.QUIET_HOURS, StatusCode.QUIET_HOURS, recheck_at=opens)
    )


def _daily_limit(email: Any, context: SendingContext) -> SendingDecision | None:
    if context.sent_today < context.limits.per_day or _never_waits_for_others(email, context):
        return None
    return SendingDecision(
        HoldReason.DAILY_LIMIT,
        StatusCode.DAILY_LIMIT_REACHED,
        {"number": context.sent_today},
        context.tomorrow,
    )


OBSOLETE_RULES = (_sequence_ended, _expired)
LIMIT_RULES = (_complaint_rate, _frequency_cap, _quiet_hours, _daily_limit)
RULES_BY_CLASS = {
    EmailClass.TRANSACTIONAL: (_suppressed, *OBSOLETE_RULES, _sequence_paused),
    EmailClass.INVITATION: (
        _suppressed,
        _invitation_answered,
        *OBSOLETE_RULES,
        _sequence_paused,
        *LIMIT_RULES,
    ),
    EmailClass.PROGRAM: (
        _suppressed,
        _not_in_program,
        _consent_withdrawn,
        _ask_closed,
        *OBSOLETE_RULES,
        _sequence_paused,
        _campaign_paused,
        _recipient_paused,
        *LIMIT_RULES,
    ),
}
