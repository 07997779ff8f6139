"""The page behind an ask's link: read by an advocate on a phone, without an account. A GET shows, a POST acts."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal import links
from portal.asks import queries as asks
from portal.asks.models import AskState
from portal.references.asking import answers
from portal.references.asking.answer_page import AnswerPage, answer_page, is_valid_offer, zone_of
from portal.references.asking.forms import AcceptForm, DeclineForm, OfferTimesForm
from portal.references.meetings.bookings import TimeTaken
from portal.signin import stranger_email_limits
from portal.web import resend_link
from portal.web.access import signed
from portal.web.current import db, link, source

bp = Blueprint("answers", __name__, url_prefix="/a/<token>")


@bp.get("")
@signed(links.LinkPurpose.ANSWER)
def show() -> ResponseReturnValue:
    page = _page()
    return _closed(page) or _question(page, _form(page))


@bp.post("")
@signed(links.LinkPurpose.ANSWER)
def accept() -> ResponseReturnValue:
    page = _page()
    if closed := _closed(page):
        return closed
    form = _form(page)
    picked = request.form.getlist("slot")
    times = form.times(picked, zone_of(page)) if isinstance(form, OfferTimesForm) else []
    if not form.validate_on_submit() or not _may_offer(form, times, page):
        return _question(page, form, times), 422
    try:
        answers.accept(db, page.ask.id, times, form.note.data or "")
    except TimeTaken as refusal:
        form.add_conflict(refusal)
        return _question(_page(), form, times), 409
    return _again()


@bp.get("/not-now")
@signed(links.LinkPurpose.ANSWER)
def not_now() -> ResponseReturnValue:
    page = _page()
    return _closed(page) or _reasons(page, DeclineForm(reason=request.args.get("reason")))


@bp.post("/not-now")
@signed(links.LinkPurpose.ANSWER)
def decline() -> ResponseReturnValue:
    page = _page()
    if closed := _closed(page):
        return closed
    form = DeclineForm()
    if not form.validate_on_submit():
        return _reasons(page, form), 422
    answers.decline(db, page.ask.id, form.decline_reason, form.note.data or "", form.colleague)
    return _again()


@bp.post("/new-link")
@signed(links.LinkPurpose.ANSWER)
def new_link() -> ResponseReturnValue:
    page = _page()
    if link.version == page.ask.link_version:
        return _again()
    stranger_email_limits.require_source_allowance(db, source())
    if stranger_email_limits.count_to_advocate(db, link.tenant_id, page.advocate.email):
        answers.send_new_link(db, page.ask)
    return render_template("references/asking/link_sent.html", page=page)


@resend_link.sends_new_link(links.LinkPurpose.ANSWER, to_advocates=True)
def send_again(session: Session, ask_id: UUID) -> str:
    ask = asks.get(session, ask_id)
    answers.send_new_link(session, ask)
    return ask.advocate.email


@bp.post("/still-willing")
@signed(links.LinkPurpose.ANSWER)
def still_willing() -> ResponseReturnValue:
    answers.record_still_willing(db, _page().ask.id)
    return _again()


def _page() -> AnswerPage:
    return answer_page(db, link.row_id)


def _closed(page: AnswerPage) -> ResponseReturnValue | None:
    """What stands, when there is nothing to answer with this link; 410 where the link itself is the reason."""
    if link.version != page.ask.link_version and page.ask.state is not AskState.WITHDRAWN:
        return render_template("references/asking/replaced.html", page=page), 410
    if page.is_open:
        return None
    status = 410 if request.method == "GET" and page.ask.state is AskState.EXPIRED else 200
    return render_template(
        "references/asking/answered.html", page=page
    ), 409 if request.method == "POST" else status


def _form(page: AnswerPage) -> AcceptForm:
    return OfferTimesForm() if page.ask.kind.has_meeting else AcceptForm()


def _may_offer(form: AcceptForm, times: list[datetime], page: AnswerPage) -> bool:
    return not isinstance(form, OfferTimesForm) or is_valid_offer(form, times, page)


def _question(page: AnswerPage, form: AcceptForm, picked: Sequence[datetime] = ()) -> str:
    return render_template("references/asking/ask.html", page=page, form=form, picked=picked)


def _reasons(page: AnswerPage, form: DeclineForm) -> str:
    return render_template("references/asking/not_now.html", page=page, form=form)


def _again() -> ResponseReturnValue:
    token = links.token(link.purpose, link.tenant_id, link.row_id, link.version)
    return redirect(url_for(".show", token=token), 303)
