"""The page behind an ask's link: read by an advocate on a phone, without an account. A GET shows, a POST acts."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal import links
from portal.asks import queries as asks
from portal.asks.models import State
from portal.references import answering
from portal.references.answer_forms import NotNowForm, TimesForm, YesForm
from portal.references.answer_page import Page, may_offer, open_page, zone_of
from portal.references.bookings import TimeTaken
from portal.signin import stranger_emails
from portal.web import again
from portal.web.access import signed
from portal.web.current import db, link, source

bp = Blueprint("answers", __name__, url_prefix="/a/<token>")


@bp.get("")
@signed(links.Purpose.ANSWER)
def show() -> ResponseReturnValue:
    page = _page()
    return _closed(page) or _question(page, _form(page))


@bp.post("")
@signed(links.Purpose.ANSWER)
def accept() -> ResponseReturnValue:
    page = _page()
    if closed := _closed(page):
        return closed
    form = _form(page)
    picked = request.form.getlist("slot")
    times = form.times(picked, zone_of(page)) if isinstance(form, TimesForm) else []
    if not form.validate_on_submit() or not _may_offer(form, times, page):
        return _question(page, form, times), 422
    try:
        answering.accept(db, page.ask.id, times, form.note.data or "")
    except TimeTaken as refusal:
        form.refuse(refusal)
        return _question(_page(), form, times), 409
    return _again()


@bp.get("/not-now")
@signed(links.Purpose.ANSWER)
def no() -> ResponseReturnValue:
    page = _page()
    return _closed(page) or _reasons(page, NotNowForm(reason=request.args.get("reason")))


@bp.post("/not-now")
@signed(links.Purpose.ANSWER)
def decline() -> ResponseReturnValue:
    page = _page()
    if closed := _closed(page):
        return closed
    form = NotNowForm()
    if not form.validate_on_submit():
        return _reasons(page, form), 422
    answering.decline(db, page.ask.id, form.why, form.note.data or "", form.colleague)
    return _again()


@bp.post("/new-link")
@signed(links.Purpose.ANSWER)
def new_link() -> ResponseReturnValue:
    page = _page()
    if link.version == page.ask.link_version:
        return _again()
    stranger_emails.insist_on_room(db, source())
    if stranger_emails.count_for_advocate(db, link.tenant_id, page.advocate.email):
        answering.send_new_link(db, page.ask)
    return render_template("answers/link_sent.html", page=page)


@again.sends(links.Purpose.ANSWER, to_advocates=True)
def send_again(session: Session, ask_id: UUID) -> str:
    ask = asks.get(session, ask_id)
    answering.send_new_link(session, ask)
    return ask.advocate.email


@bp.post("/still-willing")
@signed(links.Purpose.ANSWER)
def still_willing() -> ResponseReturnValue:
    answering.would_still_help(db, _page().ask.id)
    return _again()


def _page() -> Page:
    return open_page(db, link.row_id)


def _closed(page: Page) -> ResponseReturnValue | None:
    """What stands, when there is nothing to answer with this link; 410 where the link itself is the reason."""
    if link.version != page.ask.link_version and page.ask.state is not State.WITHDRAWN:
        return render_template("answers/replaced.html", page=page), 410
    if page.is_open:
        return None
    status = 410 if request.method == "GET" and page.ask.state is State.EXPIRED else 200
    return render_template("answers/stands.html", page=page), 409 if request.method == "POST" else status


def _form(page: Page) -> YesForm:
    return TimesForm() if page.ask.kind.has_meeting else YesForm()


def _may_offer(form: YesForm, times: list[datetime], page: Page) -> bool:
    return not isinstance(form, TimesForm) or may_offer(form, times, page)


def _question(page: Page, form: YesForm, picked: Sequence[datetime] = ()) -> str:
    return render_template("answers/ask.html", page=page, form=form, picked=picked)


def _reasons(page: Page, form: NotNowForm) -> str:
    return render_template("answers/not_now.html", page=page, form=form)


def _again() -> ResponseReturnValue:
    token = links.token(link.purpose, link.tenant_id, link.row_id, link.version)
    return redirect(url_for(".show", token=token), 303)
