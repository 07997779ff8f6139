"""A letter's way out, as the database sees it: claimed under a lease, then marked by what the gateway said.

    queued -> held (what it stands on does not hold any more)
    queued -> sending -> accepted | queued (later) | failed | unknown
    sending, lease lapsed -> unknown -> queued (the gateway takes a letter once) | held (a person decides)

The claim is committed before the gateway is called. What the gateway accepted is true whatever happened since.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ARRAY, Text, Uuid, and_, case, func, literal, or_, select, update
from sqlalchemy.orm import Session

from portal.gateways.mail import Receipt, Settling, Verdict
from portal.outreach.doors import hindrance
from portal.outreach.models import Letter, LetterState
from tenants.clock import utc_now

LATER = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 720)]
SETTLED = (LetterState.ACCEPTED, LetterState.DELIVERED, LetterState.BOUNCED, LetterState.COMPLAINED)
SILENTLY = {"synchronize_session": False}  # these rows are not read again in this session
LAPSED = (
    "The worker that was sending it stopped before the mail server's answer was kept. It may have arrived."
)
SILENT = "The mail server did not say whether it took the letter. It may have arrived."


def claim(session: Session, queue: str, *, lease: timedelta, most: int) -> Sequence[Letter]:
    """Take letters that are due and may leave. Commit before sending: others skip them while the lease holds."""
    due = (
        select(Letter.id)
        .where(Letter.queue == queue, Letter.state == LetterState.QUEUED, Letter.due_at <= utc_now())
        .order_by(Letter.due_at, Letter.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    ids = list(session.scalars(due))
    claimed = update(Letter).where(Letter.id.in_(ids)).values(_taken(utc_now() + lease)).returning(Letter)
    asked = session.scalars(claimed).all() if ids else []
    return sorted((one for one in asked if one.state is LetterState.SENDING), key=lambda letter: letter.id)


def _taken(lease_until: datetime) -> dict[str, Any]:
    """Sending under the lease, or held by the last door with its words."""
    why = hindrance()
    return {
        "state": case((why == "", LetterState.SENDING), else_=LetterState.HELD),
        "lease_until": case((why == "", lease_until)),
        "tries": Letter.tries + case((why == "", 1), else_=0),
        "why": case((why == "", Letter.why), else_=why),
    }


def settle(session: Session, queue: str, settling: Settling) -> None:
    """Letters whose worker fell, or whose gateway fell silent: tried again only where that can't send twice."""
    lapsed = (Letter.queue == queue, Letter.state == LetterState.SENDING, Letter.lease_until < utc_now())
    in_doubt = (Letter.queue == queue, Letter.state == LetterState.UNKNOWN)
    if not session.scalar(select(select(Letter.id).where(or_(and_(*lapsed), and_(*in_doubt))).exists())):
        return
    unknown = {"state": LetterState.UNKNOWN, "lease_until": None, "in_doubt": True, "why": LAPSED}
    session.execute(update(Letter).where(*lapsed).values(unknown))
    if settling is Settling.AGAIN:
        again = (*in_doubt, Letter.tries <= len(LATER))
        session.execute(update(Letter).where(*again).values(state=LetterState.QUEUED))
    session.execute(update(Letter).where(*in_doubt).values(state=LetterState.HELD))


def mark(session: Session, letters: Sequence[Letter], receipts: Iterable[Receipt]) -> None:
    """Keep what the gateway said of each letter; silence about one leaves it unknown."""
    said = {receipt.letter_id: receipt for receipt in receipts}
    accepted = [receipt for receipt in said.values() if receipt.verdict is Verdict.ACCEPTED]
    if accepted:
        _accept(session, accepted)
    for letter in letters:
        receipt = said.get(letter.id, Receipt(letter.id, Verdict.UNKNOWN, SILENT))
        if receipt.verdict is not Verdict.ACCEPTED:
            _set_aside(session, letter, receipt)


def _accept(session: Session, receipts: Sequence[Receipt]) -> None:
    """Good news counts even from a worker that lost its lease meanwhile."""
    given = (
        func.unnest(
            literal([receipt.letter_id for receipt in receipts], ARRAY(Uuid)),
            literal([receipt.provider_id for receipt in receipts], ARRAY(Text)),
        )
        .table_valued("letter_id", "provider_id")
        .render_derived()
    )
    sent = {"state": LetterState.ACCEPTED, "sent_at": utc_now(), "provider_id": given.c.provider_id}
    cleared = {"lease_until": None, "in_doubt": False, "given_up_at": None, "why": ""}
    mine = (Letter.id == given.c.letter_id, Letter.state.not_in(SETTLED))
    session.execute(update(Letter).where(*mine).values(sent | cleared), execution_options=SILENTLY)


def _set_aside(session: Session, letter: Letter, receipt: Receipt) -> None:
    """Only while the lease is this worker's own: another may have the letter by now."""
    still = (Letter.state == LetterState.SENDING, Letter.lease_until == letter.lease_until)
    values = _outcome(letter, receipt) | {"lease_until": None}
    session.execute(
        update(Letter).where(Letter.id == letter.id, *still).values(values), execution_options=SILENTLY
    )


def _outcome(letter: Letter, receipt: Receipt) -> dict[str, Any]:
    match receipt.verdict:
        case Verdict.REFUSED:
            return {"state": LetterState.FAILED, "why": receipt.why}
        case Verdict.RETRY:
            return _later(letter, receipt.why)
        case _:
            return {"state": LetterState.UNKNOWN, "in_doubt": True, "why": receipt.why or SILENT}


def _later(letter: Letter, why: str) -> dict[str, Any]:
    if letter.tries > len(LATER):
        return {"state": LetterState.FAILED, "why": f"Tried {letter.tries} times. {why}"}
    return {"state": LetterState.QUEUED, "due_at": utc_now() + LATER[letter.tries - 1], "why": why}
