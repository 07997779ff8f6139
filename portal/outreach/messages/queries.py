"""Emails as staff read them. Sign-in emails are nobody's business, so none of these ever shows one.

What a page counts and what the list is filtered by is one condition (OUTCOME_CONDITIONS): numbers open what they count.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, text
from sqlalchemy.orm import Session

from portal.declarations.email_kinds import EMAIL_KINDS, EmailKind
from portal.errors import NotFound
from portal.outreach.delivery_events.models import DeliveryEvent
from portal.outreach.models import NEEDS_ATTENTION, Email, EmailState, HoldReason
from portal.outreach.sequence_tables import sequences
from portal.outreach.status_codes import EmailStatus, StatusCode
from portal.outreach.templates.models import TemplateVersion
from tenants.email_addresses import normalize_email

S = EmailState


class EmailTab(StrEnum):
    """The status of emails on a tab. The middle four share all emails among them."""

    NEEDS_ATTENTION = "needs-attention"
    WAITING = "waiting"
    ON_HOLD = "on-hold"
    SENT = "sent"
    NOT_SENT = "not-sent"
    ALL = "all"


class EmailOutcome(StrEnum):
    """What became of an email."""

    WAITING = "waiting"
    DELIVERY_UNKNOWN = "delivery-unknown"
    ON_HOLD = "on-hold"
    ACCEPTED = "accepted"  # the mail server took it, whatever came later
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    FAILED = "failed"
    GIVEN_UP = "given-up"
    OPENED = "opened"  # by people
    CLICKED = "clicked"
    OPENED_BY_BOT = "opened-by-bot"  # by machines, which decide nothing


TAB_STATES: Mapping[EmailTab, frozenset[EmailState]] = {
    EmailTab.WAITING: frozenset({S.QUEUED, S.SENDING, S.UNKNOWN}),
    EmailTab.ON_HOLD: frozenset({S.HELD}),
    EmailTab.SENT: frozenset({S.ACCEPTED, S.DELIVERED, S.COMPLAINED}),
    EmailTab.NOT_SENT: frozenset({S.FAILED, S.BOUNCED}),
}
OUTCOME_CONDITIONS: Mapping[EmailOutcome, ColumnElement[bool]] = {
    EmailOutcome.WAITING: or_(
        Email.state == S.QUEUED, Email.state.in_((S.SENDING, S.UNKNOWN))
    ),  # an index serves each half
    EmailOutcome.DELIVERY_UNKNOWN: or_(
        Email.state == S.UNKNOWN,
        and_(Email.state == S.HELD, Email.hold_reason == HoldReason.DELIVERY_UNKNOWN),
    ),
    EmailOutcome.ON_HOLD: Email.state == S.HELD,
    EmailOutcome.ACCEPTED: Email.state.in_((S.ACCEPTED, S.DELIVERED, S.COMPLAINED, S.BOUNCED)),
    EmailOutcome.DELIVERED: Email.state.in_((S.DELIVERED, S.COMPLAINED)),
    EmailOutcome.BOUNCED: Email.state == S.BOUNCED,
    EmailOutcome.COMPLAINED: Email.state == S.COMPLAINED,
    EmailOutcome.FAILED: Email.state == S.FAILED,
    EmailOutcome.GIVEN_UP: and_(Email.state == S.FAILED, Email.given_up_at.is_not(None)),
    EmailOutcome.OPENED: Email.opens > 0,
    EmailOutcome.CLICKED: Email.clicks > 0,
    EmailOutcome.OPENED_BY_BOT: Email.machine_opens + Email.machine_clicks > 0,
}
MAX_COUNTED = 1000  # a number beyond it helps nobody
MAX_REASONS = 3
MAX_EVENTS = 500
MIN_GROUP_SIZE = 2  # emails of one reason that are worth one button


@dataclass(frozen=True)
class EmailFilters:
    """What of the list is asked for; everything empty: all of it."""

    tab: EmailTab = EmailTab.ALL
    address: str = ""  # the whole of it
    kind: EmailKind | None = None
    outcome: EmailOutcome | None = None
    hold_reason: HoldReason = HoldReason.NONE
    sequence_id: UUID | None = None
    step: int | None = None

    @property
    def is_filtered(self) -> bool:
        return any((self.address, self.kind, self.outcome, self.hold_reason, self.sequence_id))


def emails(filters: EmailFilters | None = None) -> Select[Email]:
    """Filter emails; case of addresses is ignored. A plain comparison each, so that indexes serve."""
    asked = filters or EmailFilters()
    conditions: list[ColumnElement[bool]] = [
        Email.kind.not_in(EMAIL_KINDS.hidden_from_staff),
        *tab_condition(asked.tab),
    ]
    if asked.address:
        conditions.append(Email.recipient_norm == normalize_email(asked.address))
    if asked.kind:
        conditions.append(Email.kind == asked.kind.name)
    if asked.outcome:
        conditions.append(OUTCOME_CONDITIONS[asked.outcome])
    if asked.hold_reason:
        conditions += [Email.state == S.HELD, Email.hold_reason == asked.hold_reason]
    if asked.sequence_id:
        conditions.append(Email.sequence_id == asked.sequence_id)
        conditions += [Email.sequence_step == asked.step] if asked.step is not None else []
    return select(Email).where(*conditions)


def tab_condition(tab: EmailTab) -> list[ColumnElement[bool]]:
    if tab is EmailTab.NEEDS_ATTENTION:
        return [text(NEEDS_ATTENTION)]  # type: ignore[list-item]
    if tab is EmailTab.WAITING:
        return [OUTCOME_CONDITIONS[EmailOutcome.WAITING]]
    return [Email.state.in_(TAB_STATES[tab])] if tab in TAB_STATES else []


@dataclass(frozen=True)
class FailureGroup:
    """Emails that failed for one and the same reason."""

    status: EmailStatus
    count: int

    @property
    def form_fields(self) -> Mapping[str, str]:
        return {"code": self.status.code.value, "params": json.dumps(dict(self.status.params))}


@dataclass(frozen=True)
class AttentionSummary:
    """How many emails need somebody, and the reasons that many of them share."""

    count: int = 0
    failure_groups: Sequence[FailureGroup] = ()


def needs_attention(session: Session) -> AttentionSummary:
    failed = (
        (Email.state == S.FAILED) & Email.outcome_unknown.is_(False) & (Email.status_code != StatusCode.NONE)
    )
    some = emails(EmailFilters(EmailTab.NEEDS_ATTENTION)).with_only_columns(
        Email.status_code, Email.status_params, failed.label("failed")
    )
    few = some.limit(MAX_COUNTED).subquery()
    groups = (
        select(
            few.c.status_code, few.c.status_params, few.c.failed, func.count(), func.sum(func.count()).over()
        )
        .group_by(few.c.status_code, few.c.status_params, few.c.failed)
        .order_by(few.c.failed.desc(), func.count().desc(), few.c.status_code, few.c.status_params)
        .limit(MAX_REASONS)
    )
    rows = session.execute(groups).all()
    alike = [
        FailureGroup(EmailStatus(code, params), number)
        for code, params, is_failed, number, _total in rows
        if is_failed and number >= MIN_GROUP_SIZE
    ]
    return AttentionSummary(int(rows[0][4]) if rows else 0, alike)


def get(session: Session, email_id: UUID) -> Email:
    email = session.scalar(emails().where(Email.id == email_id))
    if email is None:
        raise NotFound("We couldn’t find this email.")
    return email


def lock_email(session: Session, email_id: UUID) -> Email:
    """Lock the email and refresh it: a worker may have taken it while we waited."""
    get(session, email_id)
    locked = select(Email).where(Email.id == email_id).with_for_update()
    return session.scalars(locked.execution_options(populate_existing=True)).one()


def get_many(session: Session, ids: Collection[UUID]) -> Sequence[Email]:
    return session.scalars(emails().where(Email.id.in_(ids)).order_by(Email.id)).all()


def lock_emails(session: Session, ids: Collection[UUID]) -> Sequence[Email]:
    """Lock the emails, always in one order: two managers who pick the same rows wait in no circle."""
    in_order = emails().where(Email.id.in_(ids)).order_by(Email.id)
    return session.scalars(in_order.with_for_update().execution_options(populate_existing=True)).all()


def failed_for_reason(status: EmailStatus) -> Select[UUID]:
    alike = emails(EmailFilters(EmailTab.NEEDS_ATTENTION)).where(
        Email.state == S.FAILED,
        Email.outcome_unknown.is_(False),
        Email.status_code == status.code,
        Email.status_params == dict(status.params),
    )
    return alike.with_only_columns(Email.id).order_by(Email.id).limit(MAX_COUNTED)


def template_version_of(session: Session, email: Email) -> TemplateVersion | None:
    version = select(TemplateVersion).where(TemplateVersion.id == email.template_id)
    return session.scalar(version) if email.template_id else None


def sequence_of(session: Session, sequence_id: UUID | None) -> tuple[str, str] | None:
    names = select(sequences.c.program, sequences.c.name).where(sequences.c.id == sequence_id)
    sequence = session.execute(names).one_or_none() if sequence_id else None
    return (sequence.program, sequence.name) if sequence else None


def events_of(session: Session, email: Email) -> Sequence[DeliveryEvent]:
    events = select(DeliveryEvent).where(DeliveryEvent.email_id == email.id)
    return session.scalars(events.order_by(DeliveryEvent.at, DeliveryEvent.id).limit(MAX_EVENTS)).all()


@dataclass(frozen=True)
class EmailCounts:
    """How many emails were written, and what became of them; each is the length of the list behind it."""

    written: int
    by_outcome: Mapping[EmailOutcome, int]


@dataclass(frozen=True)
class SequenceEmailCounts:
    total: EmailCounts
    steps: Mapping[int, EmailCounts]  # by the step's number


def counts_of_sequence(session: Session, sequence_id: UUID) -> SequenceEmailCounts:
    of_sequence = emails(EmailFilters(sequence_id=sequence_id))
    each = [func.count().filter(condition) for condition in OUTCOME_CONDITIONS.values()]
    rows = session.execute(
        of_sequence.with_only_columns(Email.sequence_step, func.count(), *each).group_by(Email.sequence_step)
    )
    steps = {step: _counts(numbers) for step, *numbers in rows}
    total = [sum(column) for column in zip(*map(_as_row, steps.values()), strict=True)]
    return SequenceEmailCounts(
        _counts(total or [0] * (1 + len(OUTCOME_CONDITIONS))),
        {step: steps[step] for step in sorted(one for one in steps if one is not None)},
    )


def written_and_sent(session: Session, ids: Collection[UUID]) -> Mapping[UUID, tuple[int, int]]:
    by_sequence = emails().where(Email.sequence_id.in_(ids)).group_by(Email.sequence_id)
    sent = func.count().filter(OUTCOME_CONDITIONS[EmailOutcome.ACCEPTED])
    rows = session.execute(by_sequence.with_only_columns(Email.sequence_id, func.count(), sent))
    return {sequence_id: (written, taken) for sequence_id, written, taken in rows if sequence_id}


def _counts(numbers: Sequence[int]) -> EmailCounts:
    written, *rest = numbers
    return EmailCounts(written, dict(zip(OUTCOME_CONDITIONS, rest, strict=True)))


def _as_row(counts: EmailCounts) -> list[int]:
    return [counts.written, *counts.by_outcome.values()]
