"""What customers and prospects wrote about a request, on its page: promised to the desk alone."""

from collections.abc import Iterator
from datetime import datetime

from flask_babel import gettext as _

from portal.asks.labels import note_text
from portal.references import labels
from portal.references.models import MeetingAnswer, Side
from portal.references.requests.request_detail import AskDetail, RequestDetail
from portal.web.filters import moment

FeedbackEntry = tuple[datetime, str, str]


def written_feedback(page: RequestDetail) -> list[tuple[str, str, str]]:
    calls = page.ask_details if page.for_desk else []
    lines = sorted(line for call in calls for line in (*_with_the_answer(call), *_after_the_call(page, call)))
    return [(who, moment(at), text) for at, who, text in lines]


def _with_the_answer(call: AskDetail) -> Iterator[FeedbackEntry]:
    note = note_text(call.ask)
    if note and call.ask.answered_at:
        yield call.ask.answered_at, call.name, note


def _after_the_call(page: RequestDetail, call: AskDetail) -> Iterator[FeedbackEntry]:
    for answer in call.answers:
        if answer.answered_at and call.meeting:
            prospect = call.meeting.prospect_name or page.request.prospect
            who = call.name if answer.side is Side.ADVOCATE else prospect
            yield answer.answered_at, who, _answer_text(answer)


def _answer_text(answer: MeetingAnswer) -> str:
    """It took place. 5 of 5. “Just what we needed.”"""
    rated = _("%(rating)s of 5.", rating=answer.rating) if answer.rating else ""
    text = f"“{answer.text}”" if answer.text else ""
    result = f"{labels.CALL_OUTCOMES[answer.outcome]}." if answer.outcome else ""
    return " ".join(part for part in (result, rated, text) if part)
