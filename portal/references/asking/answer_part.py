"""The desk's part of the answer page: the briefing, the times to pick, what a yes and a no do."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from portal.asks.answering.forms import AcceptForm
from portal.asks.answering.reasons import reasons_with_deadline
from portal.asks.models import Ask
from portal.declarations.answers import AnswerPart, DeclineAnswer, ReasonChoice
from portal.references import queries
from portal.references.asking import answer_actions
from portal.references.asking.answer_page import AnswerPage
from portal.references.meetings.offer_forms import OfferTimesForm
from portal.references.meetings.offer_page import is_valid_offer
from portal.web.filters import day
from tenants.database import tenant


def lock(session: Session, ask: Ask) -> None:
    queries.lock_request(session, ask.subject_id)


def content(session: Session, ask: Ask) -> AnswerPage:
    return AnswerPage(session, ask, queries.get(session, ask.subject_id), tenant(session))


def form(shown: AnswerPage) -> AcceptForm:
    return OfferTimesForm() if shown.ask.kind.has_meeting else AcceptForm()


def is_valid(filled: Any, shown: AnswerPage) -> bool:
    if not isinstance(filled, OfferTimesForm):
        return True
    return is_valid_offer(filled, filled.times(shown.zone_info), shown)


def accept(session: Session, ask: Ask, shown: AnswerPage, filled: Any) -> None:
    times = filled.times(shown.zone_info) if isinstance(filled, OfferTimesForm) else []
    answer_actions.accept(session, ask, times, filled.note.data or "")


def decline(session: Session, ask: Ask, answer: DeclineAnswer) -> None:
    answer_actions.follow_up_decline(session, ask, answer)


def reasons(ask: Ask, shown: AnswerPage) -> Sequence[ReasonChoice]:
    return reasons_with_deadline(ask, day(shown.request.needed_by))


def offer_late(session: Session, ask: Ask) -> None:
    answer_actions.record_still_willing(session, ask)


ANSWER_PART = AnswerPart(
    lock=lock,
    content=content,
    form=form,
    is_valid=is_valid,
    accept=accept,
    decline=decline,
    template="references/asking/ask.html",
    answered_template="references/asking/answered.html",
    reasons=reasons,
    can_dismiss=False,  # somebody else is asked meanwhile: “not now” is the honest answer
    offer_late=offer_late,
)
