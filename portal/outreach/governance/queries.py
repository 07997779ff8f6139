"""What the rules of governance look at, read for a batch of emails: one question each, whatever their number."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ARRAY, Text, Uuid, any_, func, literal, or_, select
from sqlalchemy.orm import Session

from portal import policies as settings
from portal.advocates.models import Advocate, AdvocateState
from portal.declarations.email_kinds import EMAIL_KINDS, EmailClass
from portal.outreach import policies
from portal.outreach.governance.models import DailyMailStats
from portal.outreach.governance.open_asks import open_asks
from portal.outreach.governance.sending_hours import SendingHours
from portal.outreach.governance.sending_rules import (
    MIN_COMPLAINTS,
    MONTH,
    RecipientState,
    SendingContext,
    SendingLimits,
)
from portal.outreach.models import WAITING_STATES, Email, EmailState
from portal.outreach.sequence_tables import PAUSED, sequences
from portal.outreach.suppressions.queries import active_suppressions
from tenants.clock import utc_now
from tenants.database import tenant

DAY = timedelta(days=1)


def sending_context(
    session: Session,
    emails: Sequence[Any],
    *,
    recipients: Mapping[UUID, RecipientState] | None = None,
    paused_sequences: frozenset[UUID] | None = None,
) -> SendingContext:
    """Read what the rules look at.

    Emails are rows, or drafts that look like them. What the caller has already is not read.
    """
    now, rules = utc_now(), sending_limits(session)
    today = now.astimezone(ZoneInfo(rules.zone)).date()
    limited = [email for email in emails if email.email_class != EmailClass.TRANSACTIONAL]
    return SendingContext(
        now=now,
        tomorrow=datetime.combine(today + DAY, time(), ZoneInfo(rules.zone)).astimezone(UTC),
        limits=rules,
        suppressed=active_suppressions(session, {email.recipient_norm for email in emails}),
        recipients=recipients or _recipients(session, {email.advocate_id for email in limited}, rules),
        open_asks=open_asks(
            session,
            {one.subject_id for one in limited if one.subject_id and one.kind in EMAIL_KINDS.about_open_asks},
        ),
        paused_sequences=_paused_sequences(session, {one.sequence_id for one in emails})
        if paused_sequences is None
        else paused_sequences,
        recent_sends=_recent_sends(session, {email.recipient_norm for email in limited}, now),
        **(_daily_figures(session, today) if limited else {}),
    )


def sending_limits(session: Session) -> SendingLimits:
    value = settings.values(session)
    return SendingLimits(
        hours=SendingHours(
            value[policies.SEND_FROM_HOUR.name],
            value[policies.SEND_UNTIL_HOUR.name],
            bool(value[policies.WEEKDAYS_ONLY.name]),
        ),
        per_week=value[policies.EMAILS_PER_WEEK.name],
        per_month=value[policies.EMAILS_PER_MONTH.name],
        per_day=value[policies.EMAILS_PER_DAY.name],
        zone=tenant(session).time_zone,
    )


def _recipients(
    session: Session, ids: Iterable[UUID | None], limits: SendingLimits
) -> Mapping[UUID, RecipientState]:
    known = [advocate_id for advocate_id in ids if advocate_id is not None]
    if not known:
        return {}
    its = select(Advocate.id, Advocate.state, Advocate.consents, Advocate.paused_until, Advocate.time_zone)
    rows = session.execute(its.where(Advocate.id == any_(literal(known, ARRAY(Uuid)))))
    return {
        advocate_id: recipient_state(state, consents, until, limits.zone, own_zone)
        for advocate_id, state, consents, until, own_zone in rows
    }


def recipient_state(
    state: AdvocateState, consents: Sequence[str], until: date | None, zone: str, own_zone: str = ""
) -> RecipientState:
    """Return the recipient's state. `zone`: of the workspace, whose day ends the pause."""
    return RecipientState(state, consents, _pause_end(until, zone) if until else None, own_zone)


def _pause_end(until: date | None, zone: str) -> datetime | None:
    """Return the first day on which asking is fine again, in the workspace's time zone."""
    return datetime.combine(until, time(), ZoneInfo(zone)).astimezone(UTC) if until else None


def _paused_sequences(session: Session, ids: Iterable[UUID | None]) -> frozenset[UUID]:
    known = [sequence_id for sequence_id in ids if sequence_id is not None]
    if not known:
        return frozenset()
    paused = select(sequences.c.id).where(sequences.c.id.in_(known), sequences.c.state == PAUSED)
    return frozenset(session.scalars(paused))


def _recent_sends(session: Session, addresses: Iterable[str], now: datetime) -> dict[str, list[datetime]]:
    """Read when each address got program emails in the last month, oldest first."""
    known = list(addresses)
    if not known:
        return {}
    its = select(Email.recipient_norm, func.array_agg(Email.claimed_at)).where(
        Email.recipient_norm == any_(literal(known, ARRAY(Text))),
        Email.email_class != EmailClass.TRANSACTIONAL,
        Email.claimed_at > now - MONTH,
        Email.state.not_in(WAITING_STATES),
        or_(
            Email.state != EmailState.FAILED, Email.first_event_at.is_not(None)
        ),  # what never left tires nobody
    )
    return {
        address: sorted(at for at in times if at)
        for address, times in session.execute(its.group_by(Email.recipient_norm))
    }


def _daily_figures(session: Session, today: date) -> dict[str, Any]:
    """Read what was claimed today, and the share of complaints in 30 days."""
    counted = session.execute(
        select(
            func.coalesce(func.sum(DailyMailStats.claimed).filter(DailyMailStats.day == today), 0),
            func.coalesce(func.sum(DailyMailStats.accepted), 0),
            func.coalesce(func.sum(DailyMailStats.complained), 0),
        ).where(DailyMailStats.day > today - MONTH)
    ).one()
    claimed, accepted, complained = counted
    enough = complained >= MIN_COMPLAINTS
    return {"sent_today": claimed, "complaint_rate": complained / accepted if enough and accepted else 0.0}
