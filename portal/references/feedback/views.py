"""After the call, one question to each side."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import links
from portal.errors import BadLink
from portal.references import queries
from portal.references.feedback import actions
from portal.references.feedback.forms import CallFeedbackForm
from portal.references.link_purposes import CallLinkPurpose
from portal.references.meetings import notification_emails
from portal.references.meetings.meeting_page import CallStatus, MeetingPage
from portal.references.models import MeetingAnswer
from portal.web.access import signed
from portal.web.current import db, link

bp = Blueprint("feedback", __name__)


@bp.get("/after/<token>")
@signed(CallLinkPurpose.AFTER_CALL)
def question() -> ResponseReturnValue:
    answer = _answer()
    return _question(answer, CallFeedbackForm(formdata=None, outcome=request.args.get("outcome")))


@bp.post("/after/<token>")
@signed(CallLinkPurpose.AFTER_CALL)
def answer() -> ResponseReturnValue:
    answer, form = _answer(), CallFeedbackForm()
    if not form.validate_on_submit():
        return _question(answer, form), 422
    actions.record_answer(db, answer.id, form.result, form.points, form.text.data or "")
    token = links.token(CallLinkPurpose.AFTER_CALL, link.tenant_id, answer.id, link.version)
    return redirect(url_for(".question", token=token), 303)


def _answer() -> MeetingAnswer:
    answer = queries.answer(db, link.row_id)
    if answer.link_version != link.version:
        raise BadLink(
            "This link was for an earlier time of this call. Please use the link in our newest email."
        )
    return answer


def _question(answer: MeetingAnswer, form: CallFeedbackForm) -> str:
    meeting = queries.meeting(db, answer.meeting_id)
    page = MeetingPage(db, meeting, notification_emails.time_zone_of(db, meeting, answer.side), answer.side)
    is_open = answer.answered_at is None and page.state is CallStatus.SET and page.has_begun
    return render_template(
        "references/feedback/question.html", page=page, form=form, answer=answer, is_open=is_open
    )
