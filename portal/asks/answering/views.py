"""The page behind an ask's link: read by an advocate on a phone, without an account. A GET shows, a POST acts."""

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal import links
from portal.asks.answering import actions, new_links, question_actions
from portal.asks.answering.ask_page import AskPage, ask_page
from portal.asks.answering.forms import DeclineForm, QuestionForm, SuggestColleagueForm
from portal.asks.models import AskState
from portal.declarations.answers import AnswerRefused
from portal.signin import stranger_email_limits
from portal.web import resend_link
from portal.web.access import signed
from portal.web.current import db, link, source
from portal.web.refusal_text import refusal_text

bp = Blueprint("answers", __name__, url_prefix="/a/<token>")


@bp.get("")
@signed(links.LinkPurpose.ANSWER)
def show() -> ResponseReturnValue:
    page = _page()
    return _closed(page) or _question(page, page.part.form(page.content))


@bp.post("")
@signed(links.LinkPurpose.ANSWER)
def accept() -> ResponseReturnValue:
    page = _page()
    if closed := _closed(page):
        return closed
    form = page.part.form(page.content)
    if not form.validate_on_submit() or not page.part.is_valid(form, page.content):
        return _question(page, form), 422
    try:
        actions.accept(db, page.ask.id, form)
    except AnswerRefused as refusal:
        form.form_errors.append(refusal_text(refusal))
        return _question(_page(), form), 409
    return _back()


@bp.post("/other-answer")
@signed(links.LinkPurpose.ANSWER)
def give_extra_answer() -> ResponseReturnValue:
    page = _page()
    if closed := _closed(page):
        return closed
    actions.give_extra_answer(db, page.ask.id, request.form.get("answer", ""))
    return _back()


@bp.get("/not-now")
@signed(links.LinkPurpose.ANSWER)
def not_now() -> ResponseReturnValue:
    page = _page()
    if closed := _closed(page):
        return closed
    return _reasons(page, DeclineForm(page.reasons, formdata=None)) if page.can_decline else _back()


@bp.post("/not-now")
@signed(links.LinkPurpose.ANSWER)
def decline() -> ResponseReturnValue:
    page = _page()
    if closed := _closed(page):
        return closed
    form = DeclineForm(page.reasons)
    if not form.validate_on_submit():
        return _reasons(page, form), 422
    actions.decline(db, page.ask.id, form.answer, form.pause_days)
    return _back()


@bp.get("/colleague")
@signed(links.LinkPurpose.ANSWER)
def colleague() -> ResponseReturnValue:
    page = _page()
    if closed := _closed(page):
        return closed
    page.ensure_takes_colleagues()
    return _colleague(page, SuggestColleagueForm(formdata=None)) if page.can_decline else _back()


@bp.post("/colleague")
@signed(links.LinkPurpose.ANSWER)
def suggest_colleague() -> ResponseReturnValue:
    page, form = _page(), SuggestColleagueForm()
    if closed := _closed(page):
        return closed
    page.ensure_takes_colleagues()
    if not form.validate_on_submit():
        return _colleague(page, form), 422
    actions.decline(db, page.ask.id, form.answer)
    return _back()


@bp.get("/question")
@signed(links.LinkPurpose.ANSWER)
def question() -> ResponseReturnValue:
    page = _page()
    return _closed(page) or _own_question(page, QuestionForm(formdata=None))


@bp.post("/question")
@signed(links.LinkPurpose.ANSWER)
def ask_question() -> ResponseReturnValue:
    page, form = _page(), QuestionForm()
    if closed := _closed(page):
        return closed
    if not form.validate_on_submit():
        return _own_question(page, form), 422
    question_actions.ask_question(db, page.ask, form.question.data or "")
    return render_template("asks/answering/question_sent.html", page=page, back=_address())


@bp.post("/dismissal")
@signed(links.LinkPurpose.ANSWER)
def dismiss() -> ResponseReturnValue:
    page = _page()
    if closed := _closed(page):
        return closed
    actions.dismiss(db, page.ask.id)
    return _back()


@bp.post("/new-link")
@signed(links.LinkPurpose.ANSWER)
def new_link() -> ResponseReturnValue:
    page = _page()
    if link.version == page.ask.link_version:
        return _back()
    stranger_email_limits.require_source_allowance(db, source())
    if stranger_email_limits.count_to_advocate(db, link.tenant_id, page.advocate.email):
        new_links.send_new_link(page)
    return render_template("asks/answering/link_sent.html", page=page)


@resend_link.sends_new_link(links.LinkPurpose.ANSWER, to_advocates=True)
def send_again(session: Session, ask_id: UUID) -> str:
    page = ask_page(session, ask_id)
    new_links.send_new_link(page)
    return page.advocate.email


@bp.post("/still-willing")
@signed(links.LinkPurpose.ANSWER)
def still_willing() -> ResponseReturnValue:
    if replaced := _replaced(_page()):
        return replaced
    actions.offer_late(db, link.row_id)
    return _back()


def _page() -> AskPage:
    return ask_page(db, link.row_id)


def _closed(page: AskPage) -> ResponseReturnValue | None:
    """What stands, when there is nothing to answer with this link; 410 where the link itself is the reason."""
    if replaced := _replaced(page):
        return replaced
    if page.is_open or (page.can_answer and _is_changing()):
        return None
    status = 410 if request.method == "GET" and page.ask.state is AskState.EXPIRED else 200
    shown = render_template(page.part.answered_template, page=page, part=page.content, back=_address())
    return shown, 409 if request.method == "POST" else status


def _replaced(page: AskPage) -> ResponseReturnValue | None:
    if link.version == page.ask.link_version or page.ask.state is AskState.WITHDRAWN:
        return None
    return render_template("asks/answering/replaced.html", page=page, back=_address()), 410


def _is_changing() -> bool:
    """A page of an answer that stands shows it; another answer is one step further."""
    return request.method == "POST" or "change" in request.args


def _question(page: AskPage, form: Any) -> str:
    return render_template(page.part.template, page=page, part=page.content, form=form, back=_address())


def _reasons(page: AskPage, form: DeclineForm) -> str:
    return render_template("asks/answering/not_now.html", page=page, form=form, back=_address())


def _colleague(page: AskPage, form: SuggestColleagueForm) -> str:
    return render_template("asks/answering/colleague.html", page=page, form=form, back=_address())


def _own_question(page: AskPage, form: QuestionForm) -> str:
    return render_template("asks/answering/question.html", page=page, form=form, back=_address())


def _address() -> str:
    token = links.token(link.purpose, link.tenant_id, link.row_id, link.version)
    return url_for(".show", token=token)


def _back() -> ResponseReturnValue:
    return redirect(_address(), 303)
