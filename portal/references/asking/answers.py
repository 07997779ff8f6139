"""The advocate's answer to an ask of the desk: yes with times, yes with words, or not now."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from portal import history
from portal.asks import actions as asks
from portal.asks import queries as ledger
from portal.asks.models import Ask, AskState
from portal.errors import Conflict, DomainError, NotFound
from portal.references import queries
from portal.references.asking import actions as asking_actions
from portal.references.asking import emails
from portal.references.meetings import actions as meetings_actions
from portal.references.meetings import bookings
from portal.references.models import ReferenceRequest
from tenants.clock import utc_now

FEWEST_SLOTS = meetings_actions.MIN_TIMES


class DeclineReason(StrEnum):
    """Why not; kept with the ask and read by program managers alone."""

    TOO_BUSY = "too_busy"
    NOT_NOW = "not_now"
    NOT_ME = "not_me"
    OTHER = "other"


def ask_and_request(session: Session, ask_id: UUID) -> tuple[Ask, ReferenceRequest]:
    """The ask and the request it serves."""
    ask = ledger.get(session, ask_id)
    if ask.subject_type != ReferenceRequest.__tablename__:
        raise NotFound("There is no such ask.")
    return ask, queries.get(session, ask.subject_id)


def _lock_ask_and_request(session: Session, ask_id: UUID) -> tuple[Ask, ReferenceRequest]:
    """Both as they are now: the request first, then the ask, as everybody does who asks."""
    ask, request = ask_and_request(session, ask_id)
    queries.lock_request(session, request.id)
    ledger.lock_ask(session, ask)
    return ask, request


def accept(session: Session, ask_id: UUID, slots: Sequence[datetime], note: str = "") -> Ask:
    """Yes: with three times or more for a meeting, with a few words for everything else."""
    ask, request = _lock_ask_and_request(session, ask_id)
    if ask.kind.has_meeting and ask.state is AskState.SENT:
        bookings.ensure_free(session, ask.advocate_id, slots, ask.minutes)
    asks.accept(session, ask, note)
    _ensure_enough_times(ask, slots)
    if ask.kind.has_meeting:
        meetings_actions.offer_times(session, ask, slots)
    else:
        asking_actions.record_acceptance(session, ask)
    emails.send_receipt(session, ask, request, accepted=True, slots=sorted(slots))
    return ask


def _ensure_enough_times(ask: Ask, slots: Sequence[datetime]) -> None:
    future = {slot for slot in slots if slot > utc_now()}
    if ask.kind.has_meeting and len(future) < FEWEST_SLOTS:
        raise DomainError("Please pick at least %(count)s times in the future.", count=FEWEST_SLOTS)


def decline(
    session: Session, ask_id: UUID, reason: DeclineReason, note: str = "", colleague: str = ""
) -> Ask:
    """Not now. A colleague named is a note for the desk: nobody writes to that person unasked."""
    ask, request = _lock_ask_and_request(session, ask_id)
    suggestion = f"Suggests {colleague}." if colleague else ""
    asks.decline(session, ask, reason.value, " ".join(part for part in (note, suggestion) if part))
    if colleague:
        history.record(
            session, request, "colleague_suggested", advocate=str(ask.advocate_id), colleague=colleague
        )
    emails.send_receipt(session, ask, request, accepted=False, slots=[])
    return ask


def send_new_link(session: Session, ask: Ask) -> None:
    """To the address the ask went to, for a link that was replaced. At most one email an hour."""
    if ask.state is not AskState.SENT:
        raise Conflict("This request has ended, so you don’t need a new link.")
    emails.send_new_link(session, ask)


def record_still_willing(session: Session, ask_id: UUID) -> None:
    """After the date: the desk reads it in the request's history and can ask again."""
    ask, request = _lock_ask_and_request(session, ask_id)
    if ask.state is not AskState.EXPIRED or ask.note:
        return
    ask.note = "Would still help."
    history.record(session, request, "still_willing", advocate=str(ask.advocate_id))
