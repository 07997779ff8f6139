"""What the rules of governance look at, read for a batch of letters: one question each, whatever their number."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ARRAY, Integer, Text, Uuid, any_, column, func, literal, or_, select, table
from sqlalchemy.orm import Session

from portal import policies as settings
from portal.advocates.models import Advocate, State
from portal.outreach import policies
from portal.outreach.governance import ABOUT_OPEN_ASKS, FEWEST_COMPLAINTS, MONTH, Facts, Rules, Standing
from portal.outreach.hours import Hours
from portal.outreach.models import Letter, LetterClass, LetterState, MailDay
from portal.outreach.sequences.models import Sequence as LetterSequence
from portal.outreach.sequences.models import State as SequenceState
from portal.outreach.suppression.queries import in_force
from tenants.clock import utc_now
from tenants.database import tenant

DAY = timedelta(days=1)
WAITS = (LetterState.QUEUED, LetterState.HELD)
asks = table(  # they live a floor above
    "asks", column("id", Uuid), column("state", Text), column("link_version", Integer)
)


def gather(
    session: Session,
    letters: Sequence[Any],
    *,
    people: Mapping[UUID, Standing] | None = None,
    resting: frozenset[UUID] | None = None,
) -> Facts:
    """For these letters, as things stand now. Letters are rows of the table, or drafts that look like them.

    `people` and `resting` are not asked for where the caller has read them already.
    """
    now, rules = utc_now(), rules_of(session)
    today = now.astimezone(ZoneInfo(rules.zone)).date()
    limited = [letter for letter in letters if letter.letter_class != LetterClass.TRANSACTIONAL]
    return Facts(
        now=now,
        tomorrow=datetime.combine(today + DAY, time(), ZoneInfo(rules.zone)).astimezone(UTC),
        rules=rules,
        suppressed=in_force(session, {letter.recipient_norm for letter in letters}),
        people=people or _people(session, {letter.advocate_id for letter in limited}, rules),
        open_asks=_open_asks(session, {one.about_id for one in limited if one.kind in ABOUT_OPEN_ASKS}),
        resting=_resting(session, {one.sequence_id for one in letters}) if resting is None else resting,
        lately=_lately(session, {letter.recipient_norm for letter in limited}, now),
        **(_of_the_days(session, today) if limited else {}),
    )


def rules_of(session: Session) -> Rules:
    value = settings.values(session)
    return Rules(
        hours=Hours(
            value[policies.HOURS_FROM.name],
            value[policies.HOURS_UNTIL.name],
            bool(value[policies.WEEKDAYS_ONLY.name]),
        ),
        a_week=value[policies.LETTERS_A_WEEK.name],
        a_month=value[policies.LETTERS_A_MONTH.name],
        a_day=value[policies.LETTERS_A_DAY.name],
        zone=tenant(session).time_zone,
    )


def _people(session: Session, ids: Iterable[UUID | None], rules: Rules) -> Mapping[UUID, Standing]:
    wanted = [advocate_id for advocate_id in ids if advocate_id is not None]
    if not wanted:
        return {}
    its = select(Advocate.id, Advocate.state, Advocate.consents, Advocate.paused_until, Advocate.time_zone)
    rows = session.execute(its.where(Advocate.id == any_(literal(wanted, ARRAY(Uuid)))))
    return {
        advocate_id: standing(state, consents, until, rules.zone, own_zone)
        for advocate_id, state, consents, until, own_zone in rows
    }


def standing(
    state: State, consents: Sequence[str], until: date | None, zone: str, own_zone: str = ""
) -> Standing:
    """`zone`: of the workspace, whose day ends the pause."""
    return Standing(state, consents, _back(until, zone) if until else None, own_zone)


def _back(until: date | None, zone: str) -> datetime | None:
    """The day that was said is the first on which asking is fine again, where the workspace is."""
    return datetime.combine(until, time(), ZoneInfo(zone)).astimezone(UTC) if until else None


def _open_asks(session: Session, ids: Iterable[UUID | None]) -> Mapping[UUID, int]:
    wanted = [ask_id for ask_id in ids if ask_id is not None]
    if not wanted:
        return {}
    still_open = select(asks.c.id, asks.c.link_version).where(asks.c.state == "sent")
    rows = session.execute(still_open.where(asks.c.id == any_(literal(wanted, ARRAY(Uuid)))))
    return {row.id: row.link_version for row in rows}


def _resting(session: Session, ids: Iterable[UUID | None]) -> frozenset[UUID]:
    wanted = [sequence_id for sequence_id in ids if sequence_id is not None]
    if not wanted:
        return frozenset()
    its = select(LetterSequence.id).where(
        LetterSequence.id.in_(wanted), LetterSequence.state == SequenceState.PAUSED
    )
    return frozenset(session.scalars(its))


def _lately(session: Session, addresses: Iterable[str], now: datetime) -> dict[str, list[datetime]]:
    """When each address got letters of programmes in the last month, oldest first."""
    wanted = list(addresses)
    if not wanted:
        return {}
    its = select(Letter.recipient_norm, func.array_agg(Letter.claimed_at)).where(
        Letter.recipient_norm == any_(literal(wanted, ARRAY(Text))),
        Letter.letter_class != LetterClass.TRANSACTIONAL,
        Letter.claimed_at > now - MONTH,
        Letter.state.not_in(WAITS),
        or_(Letter.state != LetterState.FAILED, Letter.heard_at.is_not(None)),  # what never left tires nobody
    )
    return {
        address: sorted(at for at in times if at)
        for address, times in session.execute(its.group_by(Letter.recipient_norm))
    }


def _of_the_days(session: Session, today: date) -> dict[str, Any]:
    """What was claimed today, and the share of complaints in 30 days."""
    counted = session.execute(
        select(
            func.coalesce(func.sum(MailDay.claimed).filter(MailDay.day == today), 0),
            func.coalesce(func.sum(MailDay.accepted), 0),
            func.coalesce(func.sum(MailDay.complained), 0),
        ).where(MailDay.day > today - MONTH)
    ).one()
    claimed, accepted, complained = counted
    enough = complained >= FEWEST_COMPLAINTS
    return {"today": claimed, "complaints": complained / accepted if enough and accepted else 0.0}
