"""What a manager must hear of without looking: emails that don't leave or stay unknown, complaints."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func, or_, select, text
from sqlalchemy.orm import Session

from portal import policies as settings
from portal.declarations.email_kinds import EMAIL_KINDS
from portal.gateways.queue import WorkQueue
from portal.outreach import policies
from portal.outreach.governance.models import DailyMailStats
from portal.outreach.governance.sending_rules import (
    COMPLAINT_RATE_BLOCK,
    COMPLAINT_RATE_WARNING,
    MIN_COMPLAINTS,
    MONTH,
)
from portal.outreach.models import (
    NEEDS_ATTENTION,
    REJECTED_SO_FAR,
    WAITING_STATES,
    Email,
    EmailState,
    HoldReason,
)
from portal.outreach.senders.models import Sender
from portal.outreach.senders.queries import is_readable_key
from portal.outreach.status_codes import NO_STATUS, EmailStatus, StatusCode
from tenants.clock import utc_now
from tenants.database import tenant

LONG_UNKNOWN = timedelta(days=1)  # an unknown delivery that outlasts every provider's news
SIGN_IN_LINK_AGE = timedelta(hours=1)
QUEUES = (WorkQueue.MAIL, WorkQueue.SIGN_IN)


class Alarm(StrEnum):
    UNREADABLE_KEY = "key"  # emails wait for a key that can be read
    SIGN_IN = "sign_in"  # links to sign in do not leave
    LATE = "late"
    DELIVERY_UNKNOWN = "delivery_unknown"
    COMPLAINTS = "complaints"  # emails to many people rest
    BLOCKED = "blocked"  # all but answers rest


@dataclass(frozen=True)
class RaisedAlarm:
    """`status`: of late emails that the mail server was asked to take; none: nobody asked it."""

    alarm: Alarm
    age: timedelta = timedelta()
    share: float = 0.0
    status: EmailStatus = NO_STATUS


@dataclass(frozen=True)
class MailHealth:
    """In the order of `mail_health_columns`."""

    late_since: datetime | None = None
    rejected_since: datetime | None = None
    rejected_code: StatusCode | None = None
    rejected_params: Mapping[str, Any] | None = None
    sign_in_since: datetime | None = None
    unknown_since: datetime | None = None
    complained: int = 0
    accepted: int = 0
    sealed_key: str | None = None

    @property
    def complaint_rate(self) -> float:
        enough = self.complained >= MIN_COMPLAINTS
        return self.complained / self.accepted if enough and self.accepted else 0.0


def mail_health_columns(now: datetime, today: date) -> tuple[Any, ...]:
    """Return columns for a page's query: each reads the few rows at the head of an index, however much waits."""
    days = select(
        func.coalesce(func.sum(DailyMailStats.complained), 0),
        func.coalesce(func.sum(DailyMailStats.accepted), 0),
    )
    complained, accepted = (
        days.with_only_columns(column).where(DailyMailStats.day > today - MONTH).scalar_subquery()
        for column in days.selected_columns
    )
    key = select(Sender.sendgrid_key).scalar_subquery()
    late = (
        late_since(now),
        longest_rejected(Email.first_rejected_at),
        longest_rejected(Email.status_code),
        longest_rejected(Email.status_params),
        _sign_in_since(now),
    )
    return *late, _unknown_since(), complained, accepted, key


def late_since(now: datetime) -> Any:
    due = (
        Email.state.in_(WAITING_STATES),
        Email.due_at <= now,
        Email.kind.not_in(EMAIL_KINDS.hidden_from_staff),
    )
    heads = [
        select(Email.due_at)
        .where(Email.queue == queue.value, Email.bulk.is_(bulk), *due)
        .order_by(Email.due_at)
        .limit(1)
        .scalar_subquery()
        for queue in QUEUES
        for bulk in (False, True)
    ]
    return func.least(*heads)


def longest_rejected(column: Any) -> Any:
    found = select(column).where(text(REJECTED_SO_FAR), Email.kind.not_in(EMAIL_KINDS.hidden_from_staff))
    return found.order_by(Email.first_rejected_at).limit(1).scalar_subquery()


def _sign_in_since(now: datetime) -> Any:
    """Look at recent sign-in links alone: nobody waits any more for those of earlier hours."""
    waits = (
        Email.queue == WorkQueue.SIGN_IN.value,
        Email.state.in_(WAITING_STATES),
        Email.kind.in_(EMAIL_KINDS.hidden_from_staff),
    )
    late = or_(
        Email.due_at <= now,
        and_(Email.first_rejected_at.is_not(None), Email.created_at > now - SIGN_IN_LINK_AGE),
    )
    since = func.min(func.coalesce(Email.first_rejected_at, Email.due_at))
    return select(since).where(*waits, late).scalar_subquery()


def _unknown_since() -> Any:
    """Look at what staff may see alone: the others end by themselves."""
    oldest = select(func.min(Email.claimed_at)).where(Email.kind.not_in(EMAIL_KINDS.hidden_from_staff))
    unknown = oldest.where(Email.state == EmailState.UNKNOWN)
    held = oldest.where(text(NEEDS_ATTENTION), Email.hold_reason == HoldReason.DELIVERY_UNKNOWN)
    return func.least(unknown.scalar_subquery(), held.scalar_subquery())


def today(session: Session) -> date:
    return utc_now().astimezone(ZoneInfo(tenant(session).time_zone)).date()


def mail_health(session: Session) -> MailHealth:
    return MailHealth(*session.execute(select(*mail_health_columns(utc_now(), today(session)))).one())


def raised_alarms(session: Session, health: MailHealth) -> list[RaisedAlarm]:
    return list(_alarms_of(health, utc_now(), _max_wait(session)))


def late_alarms(session: Session) -> list[RaisedAlarm]:
    return [
        one
        for one in raised_alarms(session, mail_health(session))
        if one.alarm in {Alarm.LATE, Alarm.SIGN_IN}
    ]


def _max_wait(session: Session) -> timedelta:
    return timedelta(minutes=settings.value(session, policies.ALARM_MINUTES))


def _alarms_of(health: MailHealth, now: datetime, max_wait: timedelta) -> Iterator[RaisedAlarm]:
    if not is_readable_key(health.sealed_key or ""):
        yield RaisedAlarm(Alarm.UNREADABLE_KEY)
    yield from _late(health, now, max_wait)
    if health.complaint_rate >= COMPLAINT_RATE_BLOCK:
        yield RaisedAlarm(Alarm.BLOCKED, share=health.complaint_rate)
    elif health.complaint_rate >= COMPLAINT_RATE_WARNING:
        yield RaisedAlarm(Alarm.COMPLAINTS, share=health.complaint_rate)
    if health.unknown_since and now - health.unknown_since > LONG_UNKNOWN:
        yield RaisedAlarm(Alarm.DELIVERY_UNKNOWN, age=now - health.unknown_since)


def _late(health: MailHealth, now: datetime, max_wait: timedelta) -> Iterator[RaisedAlarm]:
    """Tell apart whether no worker takes the emails, or the mail server doesn't."""
    if health.sign_in_since and now - health.sign_in_since > max_wait:
        yield RaisedAlarm(Alarm.SIGN_IN, age=now - health.sign_in_since)
    if health.late_since and now - health.late_since > max_wait:
        yield RaisedAlarm(Alarm.LATE, age=now - health.late_since)
    elif health.rejected_since and now - health.rejected_since > max_wait:
        status = EmailStatus(health.rejected_code or StatusCode.NO_ANSWER, health.rejected_params or {})
        yield RaisedAlarm(Alarm.LATE, age=now - health.rejected_since, status=status)
