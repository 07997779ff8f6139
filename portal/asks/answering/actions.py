"""What an answer does: the program's record is locked first, then the company, the person and the ask."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.asks import change_actions, dismissal_actions, queries
from portal.asks.answer_codes import DeclineReason, NoteCode
from portal.asks.answering.ask_page import AskPage, ask_page
from portal.asks.answering.reasons import apply_reason, pause
from portal.asks.models import AskState
from portal.declarations.answers import DeclineAnswer
from portal.errors import Conflict, NotFound


def lock_page(session: Session, ask_id: UUID) -> AskPage:
    """Lock the program's record, the company, the person and the ask; nobody else answers until this ends."""
    page = ask_page(session, ask_id)
    page.part.lock(session, page.ask)
    queries.lock_ask(session, page.ask)
    return page


def accept(session: Session, ask_id: UUID, form: Any) -> None:
    page = lock_page(session, ask_id)
    _ensure_answerable(page)
    page.part.accept(session, page.ask, page.content, form)


def decline(session: Session, ask_id: UUID, answer: DeclineAnswer, pause_days: int = 0) -> None:
    """Decline, and do what was promised beside the reason; a second no to the same ask changes nothing."""
    page = lock_page(session, ask_id)
    _ensure_answerable(page)
    if page.ask.state is not AskState.DECLINED:
        _decline(session, page, answer, pause_days)


def _decline(session: Session, page: AskPage, answer: DeclineAnswer, pause_days: int) -> None:
    if not page.can_decline:
        raise Conflict("There’s nothing to decline any more, so nothing was changed.")
    if answer.colleague:
        page.ensure_takes_colleagues()
    reason = DeclineReason(answer.reason)
    change_actions.say_no(session, page.ask, reason, answer.note, colleague=answer.colleague)
    page.part.decline(session, page.ask, answer)
    apply_reason(session, page.ask, reason)
    if pause_days:
        pause(session, page.advocate, pause_days)


def give_extra_answer(session: Session, ask_id: UUID, name: str) -> None:
    page = lock_page(session, ask_id)
    extra = page.part.extra_answer(name)
    if extra is None:
        raise NotFound("We couldn’t find this answer.")
    _ensure_answerable(page)
    extra.give(session, page.ask)


def dismiss(session: Session, ask_id: UUID) -> None:
    page = lock_page(session, ask_id)
    if not page.part.can_dismiss:
        raise Conflict("This request can’t be hidden. “Not now” is always fine.")
    dismissal_actions.dismiss(session, page.ask)


def offer_late(session: Session, ask_id: UUID) -> None:
    page = lock_page(session, ask_id)
    if page.part.offer_late and page.ask.state is AskState.EXPIRED and not page.has_offered_late:
        page.ask.note_code = NoteCode.WOULD_STILL_HELP
        page.part.offer_late(session, page.ask)


def _ensure_answerable(page: AskPage) -> None:
    if not page.can_answer:
        raise Conflict("This was answered already, so nothing was changed.")
