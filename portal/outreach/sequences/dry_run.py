"""Who would get what and when, and who would not and why: nothing is written, and the rules are those of the claim.

A draft is judged as if it started now; a running sequence by the next email of each recipient.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.advocates.models import AdvocateState
from portal.outreach.governance.queries import recipient_state, sending_context, sending_limits
from portal.outreach.governance.sending_rules import RecipientState, SendingDecision
from portal.outreach.models import HoldReason
from portal.outreach.sequences import stopping, timing
from portal.outreach.sequences.forecast import ForecastOutcome, ForecastResult, PlannedEmail, SendForecast
from portal.outreach.sequences.models import OWN, SequenceRun, SequenceState, SequenceStep
from portal.outreach.sequences.previous_emails import PreviousEmails, RecipientKey, previous_emails
from portal.outreach.sequences.queries import SequenceDetail
from portal.outreach.sequences.runs import SequenceRecipient, audience_recipients, waiting_recipients
from portal.outreach.status_codes import StatusCode
from tenants.clock import utc_now
from tenants.email_addresses import normalize_email

REASONS_BEFORE_WRITING = {
    HoldReason.LEFT_PROGRAM: StatusCode.NOT_IN_PROGRAM,
    HoldReason.CONSENT: StatusCode.NO_CONSENT,
    HoldReason.OBSOLETE: StatusCode.ASK_CLOSED,
}  # the claim says them afterwards


class DryRunLine(NamedTuple):
    """One person, the next email, and when it leaves or why it does not."""

    recipient: SequenceRecipient
    step: SequenceStep | None
    result: ForecastResult

    @property
    def outcome(self) -> ForecastOutcome:
        return self.result.outcome

    @property
    def decision(self) -> SendingDecision:
        return self.result.decision


@dataclass
class DryRun:
    """`remaining`: emails the sequence may still write; None: any number."""

    detail: SequenceDetail
    now: datetime
    forecast: SendForecast
    remaining: int | None
    previous: Mapping[RecipientKey, PreviousEmails] = field(default_factory=dict)
    next_steps: dict[Any, tuple[SequenceStep | None, datetime]] = field(default_factory=dict)

    @cached_property
    def is_draft(self) -> bool:
        return self.detail.sequence.state is SequenceState.DRAFT

    def evaluate(self, person: SequenceRecipient, email: PlannedEmail) -> DryRunLine:
        at = (person.last_step, person.anchor_at, person.due_at)  # the same for everybody in a draft
        if at not in self.next_steps:
            self.next_steps[at] = _next_step(self.detail.steps, person, self.now)
        step, due = self.next_steps[at]
        if step is None:
            return DryRunLine(person, None, TOO_LATE_RESULT)
        if (left_out := self._exclusion(person)) is not None:
            return DryRunLine(person, step, left_out)
        leaving = self.forecast.result_for(email, self._actual_due(person, step, due))
        if self.remaining is not None and leaving.outcome is not ForecastOutcome.NOT:
            self.remaining -= 1  # an email that never leaves frees its place
        return DryRunLine(person, step, _with_early_reason(leaving))

    def _exclusion(self, person: SequenceRecipient) -> ForecastResult | None:
        """Return why no email is written to somebody; in a draft because the start leaves them out."""
        if self.is_draft:
            if person.state is not AdvocateState.ENROLLED:
                return PAUSED_RESULT if person.state is AdvocateState.PAUSED else DEPARTED_RESULT
            if not person.has_consent:
                return NO_CONSENT_RESULT
            if not person.has_address:
                return NO_ADDRESS_RESULT
        return LIMIT_RESULT if self.remaining == 0 else None

    def _actual_due(self, person: SequenceRecipient, step: SequenceStep, due: datetime) -> datetime:
        """Postpone as `advance` does, until the step would be written."""
        before = self.previous.get(_recipient_key(person))
        while before and (later := before.as_of(due).postponed_until(self.detail.steps, step, due)):
            due = later
        return due

    def following_emails(self, line: DryRunLine) -> list[tuple[SequenceStep, datetime]]:
        steps, following, left = self.detail.steps, [], line.result.leaves_at
        (email,) = _planned_emails(self.detail, [line.recipient])
        for later in steps[line.step.number :] if line.step else ():
            if left is None:
                break
            due = max(timing.due_at(later, line.recipient.anchor_at), left)
            due = PreviousEmails(False, None, left).postponed_until(steps, later, due) or due
            left = self.forecast.next_opening(email, due)
            following.append((later, left))
        return following


@dataclass(frozen=True)
class DryRunResult:
    dry_run: DryRun
    lines: Sequence[DryRunLine]

    @cached_property
    def counts(self) -> Counter[ForecastOutcome]:
        return Counter(line.result.outcome for line in self.lines)

    def reasons(self, outcome: ForecastOutcome) -> list[tuple[tuple[HoldReason, StatusCode], int]]:
        return Counter(
            (line.decision.hold_reason, line.decision.code) for line in self.lines_with(outcome)
        ).most_common()

    def lines_with(self, outcome: ForecastOutcome) -> list[DryRunLine]:
        return [line for line in self.lines if line.result.outcome == outcome]

    def first_leaves_at(self, outcome: ForecastOutcome | None = None) -> datetime | None:
        lines = self.lines_with(outcome) if outcome else self.lines
        return min((line.result.leaves_at for line in lines if line.result.leaves_at), default=None)


def run_dry(session: Session, detail: SequenceDetail) -> DryRunResult:
    now, sequence = utc_now(), detail.sequence
    draft = sequence.state is SequenceState.DRAFT
    people = (
        audience_recipients(session, sequence, detail.steps[0], now)
        if draft
        else waiting_recipients(session, sequence)
    )
    emails = _planned_emails(detail, people)
    known = _recipient_states(people, sending_limits(session).zone)
    facts = sending_context(session, emails, recipients=known, paused_sequences=frozenset())
    forecast = SendForecast(facts, known)
    before = (
        {} if draft else _with_expected_times(forecast, _previous(session, detail, people), people, emails)
    )
    run = DryRun(detail, now, forecast, stopping.remaining_emails(session, sequence), before)
    return DryRunResult(run, [run.evaluate(*both) for both in zip(people, emails, strict=True)])


def _previous(
    session: Session, detail: SequenceDetail, people: Sequence[SequenceRecipient]
) -> Mapping[RecipientKey, PreviousEmails]:
    if not any(step.minutes > 0 for step in detail.steps):
        return {}
    kinds = session.scalars(
        select(SequenceRun.subject_type).where(SequenceRun.sequence_id == detail.sequence.id).distinct()
    )
    return previous_emails(session, detail.sequence.id, kinds.all(), {person.subject_id for person in people})


def _with_expected_times(
    forecast: SendForecast,
    previous: Mapping[RecipientKey, PreviousEmails],
    people: Sequence[SequenceRecipient],
    emails: Sequence[PlannedEmail],
) -> Mapping[RecipientKey, PreviousEmails]:
    """Forecast emails that still wait, earliest first, since each counts for all that come after."""
    now, expected = forecast.facts.now, dict(previous)
    emails_by_recipient = {
        _recipient_key(person): email for person, email in zip(people, emails, strict=True)
    }
    waiting = [
        (earlier.pending_until or now, recipient)
        for recipient, earlier in previous.items()
        if earlier.is_pending and recipient in emails_by_recipient
    ]
    for until, recipient in sorted(waiting, key=itemgetter(0)):
        leaves = forecast.result_for(emails_by_recipient[recipient], max(until, now)).leaves_at or until
        expected[recipient] = replace(previous[recipient], pending_until=leaves)
    return expected


def _recipient_key(person: SequenceRecipient) -> RecipientKey:
    return person.subject_id, normalize_email(person.address)


def _recipient_states(people: Sequence[SequenceRecipient], zone: str) -> dict[UUID, RecipientState]:
    """Read the state of each recipient; somebody with two runs may agree to one of two purposes."""
    states: dict[UUID, RecipientState] = {}
    for person in people:
        if (key := person.advocate_id) is None or person.state is None:
            continue
        agreed = [person.purpose] if person.has_consent else []
        if key in states:
            agreed = [*agreed, *states[key].consents]
        states[key] = recipient_state(person.state, agreed, person.paused_until, zone)
    return states


def _next_step(
    steps: Sequence[SequenceStep], person: SequenceRecipient, now: datetime
) -> tuple[SequenceStep | None, datetime]:
    """Return the next step and when; a step whose moment has passed is skipped."""
    if person.due_at > now:
        return steps[person.last_step], person.due_at
    step, place = timing.due_step(steps, person.last_step, person.anchor_at, now)
    if step is not None:
        return step, now
    return (steps[place.step], place.next_at) if place.next_at else (None, now)


def _planned_emails(detail: SequenceDetail, people: Sequence[SequenceRecipient]) -> list[PlannedEmail]:
    """The next email of each."""
    sequence = detail.sequence
    blanks = [
        PlannedEmail(
            kind=kind.name,
            email_class=kind.email_class,
            purpose=kind.purpose,
            window_from=sequence.window_from,
            window_until=sequence.window_until,
            bulk=sequence.program == OWN,
        )
        for kind in detail.kinds
    ]
    return [_addressed_to(person, blanks[min(person.last_step, len(blanks) - 1)]) for person in people]


def _addressed_to(person: SequenceRecipient, email: PlannedEmail) -> PlannedEmail:
    return email._replace(
        purpose=person.purpose or email.purpose,
        recipient_norm=normalize_email(person.address),
        advocate_id=person.advocate_id,
        time_zone=person.time_zone,
        subject_id=person.subject_id,
        links=person.links,
    )


def _never_leaves(hold: HoldReason, code: StatusCode) -> ForecastResult:
    return ForecastResult(None, SendingDecision(hold, code))


PAUSED_RESULT = _never_leaves(HoldReason.PAUSED, StatusCode.ADVOCATE_PAUSED)
DEPARTED_RESULT = _never_leaves(HoldReason.LEFT_PROGRAM, StatusCode.NOT_IN_PROGRAM)
NO_CONSENT_RESULT = _never_leaves(HoldReason.CONSENT, StatusCode.NO_CONSENT)
NO_ADDRESS_RESULT = _never_leaves(HoldReason.OBSOLETE, StatusCode.NO_ADDRESS)
LIMIT_RESULT = _never_leaves(HoldReason.OBSOLETE, StatusCode.SEQUENCE_LIMIT)
TOO_LATE_RESULT = _never_leaves(HoldReason.OBSOLETE, StatusCode.TOO_LATE)


def _with_early_reason(leaving: ForecastResult) -> ForecastResult:
    code = REASONS_BEFORE_WRITING.get(leaving.decision.hold_reason)
    return (
        _never_leaves(leaving.decision.hold_reason, code) if code and leaving.leaves_at is None else leaving
    )
