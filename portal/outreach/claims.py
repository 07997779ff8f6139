"""A letter's way out, as the database sees it: claimed under a lease, then marked by what the gateway said.

    queued -> held (a rule of governance says no, or not yet; what is free again later is claimed again by itself)
    queued -> sending -> accepted | queued (later) | failed | unknown
    sending, lease lapsed -> unknown -> see settling.py

The claim is committed before the gateway is called. What the gateway accepted is true whatever happened since.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    DateTime,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    func,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.orm import Session

from portal.gateways.mail import Receipt, Verdict
from portal.outreach.facts import gather
from portal.outreach.governance import Facts, Judgement, judge
from portal.outreach.mail_days import count, day_of
from portal.outreach.models import Hold, Letter, LetterClass, LetterState
from tenants.clock import utc_now
from tenants.database import tenant_of

LATER = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 720)]
SETTLED = (LetterState.ACCEPTED, LetterState.DELIVERED, LetterState.BOUNCED, LetterState.COMPLAINED)
SILENTLY = {"synchronize_session": False}  # these rows are not read again in this session
CLEARED = {
    "lease_until": None,
    "turned_away_at": None,
    "in_doubt": False,
    "given_up_at": None,
    "why": "",
    "held_for": Hold.NONE,
}
STAYS = {Verdict.RETRY, Verdict.REFUSED}  # what certainly did not leave
SILENT = "The mail server did not say whether it took the letter. It may have arrived."
LETTERS = Letter.__table__.c  # columns, not attributes: a thousand rows at a time need no objects
READ = tuple(
    LETTERS[name]
    for name in (
        "id",
        "tenant_id",
        "kind",
        "letter_class",
        "purpose",
        "bulk",
        "occasion",
        "recipient",
        "recipient_norm",
        "recipient_name",
        "reply_to",
        "locale",
        "time_zone",
        "advocate_id",
        "about_id",
        "template_id",
        "sequence_id",
        "window_from",
        "window_until",
        "fields",
        "links",
        "calendar",
        "tries",
        "over_at",
        "valid_until",
    )
)
WAITS = text("letters.state IN ('queued', 'held')")  # in so many words: a partial index stands on them
DUE = (  # made once: a claim asks it a hundred times a minute
    select(*READ)
    .where(LETTERS.queue == bindparam("its_queue"), WAITS, LETTERS.bulk == bindparam("its_bulk"))
    .where(LETTERS.due_at <= bindparam("now"))
    .order_by(LETTERS.due_at, LETTERS.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)


@dataclass(frozen=True)
class Claim:
    """Letters that are this worker's own until the lease lapses. `looked_at` counts those that were held as well."""

    letters: Sequence[Any]  # rows with the columns of READ
    lease_until: datetime
    looked_at: int


def claim(
    session: Session, queue: str, *, lease: timedelta, most: int, gateway: str, account: str = ""
) -> Claim:
    """Take letters that are due and may leave. Commit before sending: others skip them while the lease holds.

    `account`: which one of the gateway's, where it has several.
    """
    _take_turns(session, queue)
    due = _due(session, queue, most)
    lease_until = utc_now() + lease
    facts = gather(session, due)
    free, held = _judged(due, facts)
    _hold(session, held)
    _take(session, free, facts, lease_until=lease_until, gateway=gateway, account=account)
    return Claim(free, lease_until, len(due))


def mark(
    session: Session, claimed: Claim, receipts: Iterable[Receipt], *, doubt: timedelta = timedelta()
) -> None:
    """Keep what the gateway said of each letter; silence about one leaves it unknown, looked at again after `doubt`."""
    said = {receipt.letter_id: receipt for receipt in receipts}
    accepted = _accept(session, [one for one in said.values() if one.verdict is Verdict.ACCEPTED])
    stayed: list[datetime] = []
    for (receipt, tries), ids in _aside(claimed, said).items():
        changed = _set_aside(session, ids, claimed.lease_until, _outcome(receipt, tries + 1, doubt))
        stayed += changed if receipt.verdict in STAYS else []
    _keep_count(session, accepted, stayed)


def _aside(claimed: Claim, said: Mapping[UUID, Receipt]) -> Mapping[tuple[Receipt, int], Sequence[UUID]]:
    """Those that were not accepted, together where the same was said of them, by how often they were tried."""
    found: dict[tuple[Receipt, int], list[UUID]] = defaultdict(list)
    for letter in claimed.letters:
        receipt = said.get(letter.id) or Receipt(letter.id, Verdict.UNKNOWN, SILENT)
        if receipt.verdict is not Verdict.ACCEPTED:
            found[_alike(receipt), letter.tries].append(letter.id)
    return found


def _keep_count(session: Session, accepted: int, stayed: Iterable[datetime]) -> None:
    """The limit counts letters, not attempts: what certainly did not leave uses up none of its day."""
    days = Counter(day_of(session, claimed_at) for claimed_at in stayed)
    for day, number in sorted(days.items()):
        count(session, day, claimed=-number)
    if accepted:
        count(session, day_of(session, utc_now()), accepted=accepted)


def _take_turns(session: Session, queue: str) -> None:
    """Caps are counted before letters go: two workers of one queue count one after the other."""
    key = f"claim {tenant_of(session)} {queue}"
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))


def _due(session: Session, queue: str, most: int) -> list[Any]:
    """What was written singly goes before what was written to many."""
    found: list[Any] = []
    for bulk in (False, True):
        if len(found) < most:
            given = {"its_queue": queue, "its_bulk": bulk, "now": utc_now(), "most": most - len(found)}
            found += session.connection().execute(DUE, given).all()
    return found


def _waits() -> ColumnElement[bool]:
    return Letter.state.in_((LetterState.QUEUED, LetterState.HELD))


def _judged(due: Sequence[Any], facts: Facts) -> tuple[list[Any], list[tuple[Any, Judgement]]]:
    """Letters that go are counted at once: the next one to the same person sees them."""
    free, held = [], []
    for letter in due:
        judgement = judge(letter, facts)
        if judgement.hold is Hold.NONE:
            facts.count(letter)
            free.append(letter)
        else:
            held.append((letter, judgement))
    return free, held


def _hold(session: Session, held: Sequence[tuple[Any, Judgement]]) -> None:
    if not held:
        return
    given = (
        func.unnest(
            literal([letter.id for letter, _ in held], ARRAY(Uuid)),
            literal([said.hold.value for _, said in held], ARRAY(Text)),
            literal([said.words for _, said in held], ARRAY(Text)),
            literal([said.free_at for _, said in held], ARRAY(DateTime(timezone=True))),
        )
        .table_valued("letter_id", "hold", "why", "free_at")
        .render_derived()
    )
    values = {
        "state": LetterState.HELD,
        "held_for": given.c.hold,
        "why": given.c.why,
        "due_at": given.c.free_at,
        "turned_away_at": None,  # from here on it waits for us
    }
    mine = (Letter.id == given.c.letter_id, _waits())
    session.execute(update(Letter).where(*mine).values(values), execution_options=SILENTLY)


def _take(session: Session, free: Sequence[Any], facts: Facts, *, lease_until: datetime, **by: str) -> None:
    """`by`: the gateway, and the account there."""
    if not free:
        return
    taken = {"state": LetterState.SENDING, "lease_until": lease_until, "due_at": lease_until, **by}
    cleared = {"claimed_at": facts.now, "tries": Letter.tries + 1, "held_for": Hold.NONE, "why": ""}
    mine = Letter.id == any_(literal([letter.id for letter in free], ARRAY(Uuid)))
    session.execute(update(Letter).where(mine).values(taken | cleared), execution_options=SILENTLY)
    if counted := sum(letter.letter_class != LetterClass.TRANSACTIONAL for letter in free):
        count(session, day_of(session, facts.now), claimed=counted)


def _accept(session: Session, receipts: Iterable[Receipt]) -> int:
    """How many it was news of. Good news counts even from a worker that lost its lease meanwhile; what was dropped
    since stays dropped.
    """
    by_call: dict[str, list[UUID]] = defaultdict(list)
    for receipt in receipts:
        by_call[receipt.provider_id].append(receipt.letter_id)
    dropped = and_(Letter.state == LetterState.FAILED, Letter.heard_at.is_not(None))
    moved = 0
    for provider_id, ids in by_call.items():
        mine = (Letter.id == any_(literal(ids, ARRAY(Uuid))), Letter.state.not_in(SETTLED), ~dropped)
        sent = {"state": LetterState.ACCEPTED, "sent_at": utc_now(), "provider_id": provider_id}
        done = session.execute(update(Letter).where(*mine).values(sent | CLEARED), execution_options=SILENTLY)
        moved += done.rowcount  # type: ignore[attr-defined]
    return moved


def _set_aside(
    session: Session, ids: Sequence[UUID], lease_until: datetime, values: dict[str, Any]
) -> list[datetime]:
    """Only while the lease is this worker's own: another may have the letter by now.

    Returns when those were claimed that the day's limit counted.
    """
    still = (Letter.state == LetterState.SENDING, Letter.lease_until == lease_until)
    mine = Letter.id == any_(literal(list(ids), ARRAY(Uuid)))
    change = update(Letter).where(mine, *still).values(values | {"lease_until": None})
    rows = session.execute(
        change.returning(Letter.letter_class, Letter.claimed_at), execution_options=SILENTLY
    )
    return [at for letter_class, at in rows if at and letter_class is not LetterClass.TRANSACTIONAL]


def _alike(receipt: Receipt) -> Receipt:
    """Letters of which the same was said are marked together."""
    return Receipt(UUID(int=0), receipt.verdict, receipt.why, "", receipt.wait)


def _outcome(receipt: Receipt, tries: int, doubt: timedelta) -> dict[str, Any]:
    match receipt.verdict:
        case Verdict.REFUSED:
            return _failed(receipt.why)
        case Verdict.RETRY:
            return _later(receipt, tries)
        case _:
            unknown = {"state": LetterState.UNKNOWN, "in_doubt": True, "turned_away_at": None}
            return unknown | {"why": receipt.why or SILENT, "due_at": utc_now() + doubt}


def _failed(why: str) -> dict[str, Any]:
    return {"state": LetterState.FAILED, "why": why, "due_at": None, "turned_away_at": None}


def _later(receipt: Receipt, tries: int) -> dict[str, Any]:
    """A provider that asks us to wait does not use up a try."""
    since = func.coalesce(Letter.turned_away_at, Letter.claimed_at)
    queued = {"state": LetterState.QUEUED, "why": receipt.why, "turned_away_at": since}
    if receipt.wait > 0:
        return queued | {"due_at": utc_now() + timedelta(seconds=receipt.wait), "tries": tries - 1}
    if tries > len(LATER):
        return _failed(f"Tried {tries} times. {receipt.why}")
    return queued | {"due_at": utc_now() + LATER[tries - 1]}
