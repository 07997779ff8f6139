"""What a manager must hear of without looking for it: letters that do not leave, doubt that lasts, complaints."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from portal import policies as settings
from portal.gateways.bell import Worker
from portal.outreach import policies
from portal.outreach.governance import BLOCKED, FEWEST_COMPLAINTS, MONTH, WARNED
from portal.outreach.models import NEEDS_A_PERSON, Hold, Letter, LetterState, MailDay
from portal.outreach.senders.models import Sender
from portal.outreach.senders.queries import can_be_read
from tenants.clock import utc_now
from tenants.database import tenant

LONG = timedelta(days=1)  # doubt that outlasts every provider's news
QUEUES = (Worker.MAIL, Worker.SIGN_IN)
WAITS = (LetterState.QUEUED, LetterState.HELD)


class Alarm(StrEnum):
    KEY = "key"  # letters wait for a key that can be read
    LATE = "late"
    DOUBT = "doubt"
    COMPLAINTS = "complaints"  # letters to many people rest
    BLOCKED = "blocked"  # all but answers rest


@dataclass(frozen=True)
class Raised:
    alarm: Alarm
    age: timedelta = timedelta()
    share: float = 0.0


@dataclass(frozen=True)
class Watched:
    """In the order of `watched`."""

    late_since: datetime | None = None
    in_doubt_since: datetime | None = None
    complained: int = 0
    accepted: int = 0
    sealed_key: str | None = None

    @property
    def complaints(self) -> float:
        enough = self.complained >= FEWEST_COMPLAINTS
        return self.complained / self.accepted if enough and self.accepted else 0.0


def watched(now: datetime, today: date) -> tuple[Any, ...]:
    """Columns for a page that asks other things too: the few rows at the head of an index each, however much waits."""
    days = select(
        func.coalesce(func.sum(MailDay.complained), 0), func.coalesce(func.sum(MailDay.accepted), 0)
    )
    complained, accepted = (
        days.with_only_columns(column).where(MailDay.day > today - MONTH).scalar_subquery()
        for column in days.selected_columns
    )
    key = select(Sender.sendgrid_key).scalar_subquery()
    return late_since(now), _in_doubt_since(), complained, accepted, key


def late_since(now: datetime) -> Any:
    """When the oldest letter was due that a worker would take now."""
    heads = [
        select(Letter.due_at)
        .where(
            Letter.queue == queue.value, Letter.bulk.is_(bulk), Letter.state.in_(WAITS), Letter.due_at <= now
        )
        .order_by(Letter.due_at)
        .limit(1)
        .scalar_subquery()
        for queue in QUEUES
        for bulk in (False, True)
    ]
    return func.least(*heads)


def _in_doubt_since() -> Any:
    unknown = select(func.min(Letter.claimed_at)).where(Letter.state == LetterState.UNKNOWN)
    held = select(func.min(Letter.claimed_at)).where(text(NEEDS_A_PERSON), Letter.held_for == Hold.DOUBT)
    return func.least(unknown.scalar_subquery(), held.scalar_subquery())


def today(session: Session) -> date:
    return utc_now().astimezone(ZoneInfo(tenant(session).time_zone)).date()


def look(session: Session) -> Watched:
    return Watched(*session.execute(select(*watched(utc_now(), today(session)))).one())


def raised(session: Session, found: Watched) -> list[Raised]:
    """The worst first."""
    return list(_raised(found, utc_now(), _patience(session)))


def late(session: Session) -> timedelta | None:
    """How long the oldest letter has waited, when that is too long."""
    since = session.scalar(select(late_since(utc_now())))
    age = utc_now() - since if since else timedelta()
    return age if age > _patience(session) else None


def _patience(session: Session) -> timedelta:
    return timedelta(minutes=settings.value(session, policies.ALARM_MINUTES))


def _raised(found: Watched, now: datetime, patience: timedelta) -> Iterator[Raised]:
    if not can_be_read(found.sealed_key or ""):
        yield Raised(Alarm.KEY)
    if found.late_since and now - found.late_since > patience:
        yield Raised(Alarm.LATE, age=now - found.late_since)
    if found.complaints >= BLOCKED:
        yield Raised(Alarm.BLOCKED, share=found.complaints)
    elif found.complaints >= WARNED:
        yield Raised(Alarm.COMPLAINTS, share=found.complaints)
    if found.in_doubt_since and now - found.in_doubt_since > LONG:
        yield Raised(Alarm.DOUBT, age=now - found.in_doubt_since)
