"""The page behind the email after an event: eleven numbers and a line of text."""

from flask import Blueprint, current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue

from portal.errors import BadLink
from portal.events.guests import feedback
from portal.events.guests.forms import FeedbackForm
from portal.events.guests.guest_page import GuestPage, guest_page
from portal.events.link_purposes import EventLinkPurpose
from portal.web.access import signed
from portal.web.current import db, link

bp = Blueprint("event_feedback", __name__, url_prefix="/event-feedback/<token>")


@bp.get("")
@signed(EventLinkPurpose.FEEDBACK)
def show() -> ResponseReturnValue:
    page = _page()
    given = feedback.feedback_of(db, page.guest)
    known = (
        {"score": str(given.score), "comment": given.comment, "may_quote": given.may_quote} if given else {}
    )
    return _shown(page, FeedbackForm(formdata=None, **known), given is not None)


@bp.post("")
@signed(EventLinkPurpose.FEEDBACK)
def give() -> ResponseReturnValue:
    page, form = _page(), FeedbackForm()
    if not form.validate_on_submit():
        return _shown(page, form, False), 422
    score, comment = int(form.score.data), form.comment.data or ""
    feedback.give(db, page.guest, score, comment, may_quote=bool(form.may_quote.data))
    return redirect(request.path, 303)


def _shown(page: GuestPage, form: FeedbackForm, is_given: bool) -> str:
    return render_template("events/guests/feedback.html", page=page, form=form, is_given=is_given)


def _page() -> GuestPage:
    page = guest_page(db, link.row_id, current_app.config["SETTINGS"].public_url)
    if link.version != page.guest.link_version:
        raise BadLink("This link has been replaced. The newest email has the one that works.")
    return page
