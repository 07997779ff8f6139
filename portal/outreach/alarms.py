"""What a manager must hear of without looking for it: letters that do not leave, doubt that lasts, complaints."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func, or_, select, text
from sqlalchemy.orm import Session

from portal import policies as settings
from portal.gateways.bell import Worker
from portal.outreach import policies
from portal.outreach.governance import BLOCKED, FEWEST_COMPLAINTS, MONTH, WARNED
from portal.outreach.kinds import HIDDEN
from portal.outreach.models import NEEDS_A_PERSON, TRIED_IN_VAIN, Hold, Letter, LetterState, MailDay
from portal.outreach.senders.models import Sender
from portal.outreach.senders.queries import can_be_read
from portal.regions import shown
from tenants.clock import utc_now
from tenants.database import tenant

LONG = timedelta(days=1)  # doubt that outlasts every provider's news
FRESH = timedelta(hours=1)
TURNED_AWAY = shown("The mail server does not take it.")
QUEUES = (Worker.MAIL, Worker.SIGN_IN)
WAITS = (LetterState.QUEUED, LetterState.HELD)


class Alarm(StrEnum):
    KEY = "key"  # letters wait for a key that can be read
    SIGN_IN = "sign_in"  # links to sign in do not leave
    LATE = "late"
    DOUBT = "doubt"
    COMPLAINTS = "complaints"  # letters to many people rest
    BLOCKED = "blocked"  # all but answers rest


@dataclass(frozen=True)
class Raised:
    """`why`: what the mail server said of late letters it was asked to take; empty: nobody asked it."""

    alarm: Alarm
    age: timedelta = timedelta()
    share: float = 0.0
    why: str = ""


@dataclass(frozen=True)
class Watched:
    """In the order of `watched`."""

    late_since: datetime | None = None
    tried_since: datetime | None = None
    tried_why: str | None = None
    sign_in_since: datetime | None = None
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
    late = (
        late_since(now),
        tried_in_vain(Letter.turned_away_at),
        tried_in_vain(Letter.why),
        _sign_in_since(now),
    )
    return *late, _in_doubt_since(), complained, accepted, key


def late_since(now: datetime) -> Any:
    """When the oldest letter was due that a worker would take now, of those that staff may see."""
    due = (Letter.state.in_(WAITS), Letter.due_at <= now, Letter.kind.not_in(HIDDEN))
    heads = [
        select(Letter.due_at)
        .where(Letter.queue == queue.value, Letter.bulk.is_(bulk), *due)
        .order_by(Letter.due_at)
        .limit(1)
        .scalar_subquery()
        for queue in QUEUES
        for bulk in (False, True)
    ]
    return func.least(*heads)


def tried_in_vain(column: Any) -> Any:
    """Of the letter that the mail server has turned away for longest: every try moves the next one ahead."""
    found = select(column).where(text(TRIED_IN_VAIN), Letter.kind.not_in(HIDDEN))
    return found.order_by(Letter.turned_away_at).limit(1).scalar_subquery()


def _sign_in_since(now: datetime) -> Any:
    """Links to sign in that do not leave. Those of earlier hours are stale, so nobody waits for them any more."""
    waits = (Letter.queue == Worker.SIGN_IN.value, Letter.state.in_(WAITS), Letter.kind.in_(HIDDEN))
    late = or_(
        Letter.due_at <= now, and_(Letter.turned_away_at.is_not(None), Letter.created_at > now - FRESH)
    )
    since = func.min(func.coalesce(Letter.turned_away_at, Letter.due_at))
    return select(since).where(*waits, late).scalar_subquery()


def _in_doubt_since() -> Any:
    """Of what staff may see: the others end by themselves."""
    oldest = select(func.min(Letter.claimed_at)).where(Letter.kind.not_in(HIDDEN))
    unknown = oldest.where(Letter.state == LetterState.UNKNOWN)
    held = oldest.where(text(NEEDS_A_PERSON), Letter.held_for == Hold.DOUBT)
    return func.least(unknown.scalar_subquery(), held.scalar_subquery())


def today(session: Session) -> date:
    return utc_now().astimezone(ZoneInfo(tenant(session).time_zone)).date()


def look(session: Session) -> Watched:
    return Watched(*session.execute(select(*watched(utc_now(), today(session)))).one())


def raised(session: Session, found: Watched) -> list[Raised]:
    """The worst first."""
    return list(_raised(found, utc_now(), _patience(session)))


def late(session: Session) -> list[Raised]:
    """What the log says as well: letters, or links to sign in, that should have left."""
    return [one for one in raised(session, look(session)) if one.alarm in {Alarm.LATE, Alarm.SIGN_IN}]


def _patience(session: Session) -> timedelta:
    return timedelta(minutes=settings.value(session, policies.ALARM_MINUTES))


def _raised(found: Watched, now: datetime, patience: timedelta) -> Iterator[Raised]:
    if not can_be_read(found.sealed_key or ""):
        yield Raised(Alarm.KEY)
    yield from _late(found, now, patience)
    if found.complaints >= BLOCKED:
        yield Raised(Alarm.BLOCKED, share=found.complaints)
    elif found.complaints >= WARNED:
        yield Raised(Alarm.COMPLAINTS, share=found.complaints)
    if found.in_doubt_since and now - found.in_doubt_since > LONG:
        yield Raised(Alarm.DOUBT, age=now - found.in_doubt_since)


def _late(found: Watched, now: datetime, patience: timedelta) -> Iterator[Raised]:
    """Nobody takes them; or somebody does, and the mail server does not."""
    if found.sign_in_since and now - found.sign_in_since > patience:
        yield Raised(Alarm.SIGN_IN, age=now - found.sign_in_since)
    if found.late_since and now - found.late_since > patience:
        yield Raised(Alarm.LATE, age=now - found.late_since)
    elif found.tried_since and now - found.tried_since > patience:
        yield Raised(Alarm.LATE, age=now - found.tried_since, why=found.tried_why or TURNED_AWAY)
