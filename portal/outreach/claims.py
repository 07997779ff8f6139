"""A letter's way out, as the database sees it: claimed under a lease, then marked by what the gateway said.

    queued -> sending -> accepted | queued (later) | failed | unknown
    sending, lease lapsed -> unknown -> queued (the gateway takes a letter once) | held (a person decides)

The claim is committed before the gateway is called. What the gateway accepted is true whatever happened since.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.gateways.mail import Receipt, Settling, Verdict
from portal.outreach.models import Letter, LetterState
from tenants.clock import utc_now

LATER = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 720)]
SETTLED = (LetterState.ACCEPTED, LetterState.DELIVERED, LetterState.BOUNCED, LetterState.COMPLAINED)
LAPSED = (
    "The worker that was sending it stopped before the mail server's answer was kept. It may have arrived."
)
SILENT = "The mail server did not say whether it took the letter. It may have arrived."


def claim(session: Session, queue: str, *, lease: timedelta, most: int) -> Sequence[Letter]:
    """Take letters that are due. Commit before sending: others skip them for as long as the lease holds."""
    due = (
        select(Letter.id)
        .where(Letter.queue == queue, Letter.state == LetterState.QUEUED, Letter.due_at <= utc_now())
        .order_by(Letter.due_at, Letter.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    taken = {"state": LetterState.SENDING, "lease_until": utc_now() + lease, "tries": Letter.tries + 1}
    ids = list(session.scalars(due))
    claimed = update(Letter).where(Letter.id.in_(ids)).values(taken).returning(Letter)
    return sorted(session.scalars(claimed).all(), key=lambda letter: letter.id) if ids else []


def settle(session: Session, queue: str, settling: Settling) -> None:
    """Letters whose worker fell, or whose gateway fell silent: tried again only where that can't send twice."""
    lapsed = (Letter.queue == queue, Letter.state == LetterState.SENDING, Letter.lease_until < utc_now())
    unknown = {"state": LetterState.UNKNOWN, "lease_until": None, "in_doubt": True, "why": LAPSED}
    session.execute(update(Letter).where(*lapsed).values(unknown))
    next_state = LetterState.QUEUED if settling is Settling.AGAIN else LetterState.HELD
    in_doubt = (Letter.queue == queue, Letter.state == LetterState.UNKNOWN)
    session.execute(update(Letter).where(*in_doubt).values(state=next_state))


def mark(session: Session, letters: Iterable[Letter], receipts: Iterable[Receipt]) -> None:
    """Keep what the gateway said of each letter; silence about one leaves it unknown."""
    said = {receipt.letter_id: receipt for receipt in receipts}
    for letter in letters:
        receipt = said.get(letter.id, Receipt(letter.id, Verdict.UNKNOWN, SILENT))
        mine = (Letter.id == letter.id, *_still(letter, receipt))
        session.execute(update(Letter).where(*mine).values(lease_until=None, **_outcome(letter, receipt)))


def _still(letter: Letter, receipt: Receipt) -> tuple[Any, ...]:
    """A worker that lost its lease may still bring good news, and nothing else."""
    if receipt.verdict is Verdict.ACCEPTED:
        return (Letter.state.not_in(SETTLED),)
    return (Letter.state == LetterState.SENDING, Letter.lease_until == letter.lease_until)


def _outcome(letter: Letter, receipt: Receipt) -> Mapping[str, Any]:
    match receipt.verdict:
        case Verdict.ACCEPTED:
            return {
                "state": LetterState.ACCEPTED,
                "sent_at": utc_now(),
                "provider_id": receipt.provider_id,
                "in_doubt": False,
                "given_up_at": None,
                "why": "",
            }
        case Verdict.REFUSED:
            return {"state": LetterState.FAILED, "why": receipt.why}
        case Verdict.UNKNOWN:
            return {"state": LetterState.UNKNOWN, "in_doubt": True, "why": receipt.why or SILENT}
        case Verdict.RETRY:
            return _later(letter, receipt.why)


def _later(letter: Letter, why: str) -> Mapping[str, Any]:
    if letter.tries > len(LATER):
        return {"state": LetterState.FAILED, "why": f"Tried {letter.tries} times. {why}"}
    return {"state": LetterState.QUEUED, "due_at": utc_now() + LATER[letter.tries - 1], "why": why}
