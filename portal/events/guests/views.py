"""A guest's own page, from an email and without an account. A GET shows, a POST acts."""

from uuid import UUID

from flask import Blueprint, current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.declarations.answers import AnswerRefused
from portal.errors import Conflict
from portal.events import queries
from portal.events.guests import actions, given_away, registration, sending
from portal.events.guests.forms import AnswerForm, ColleagueForm, RegistrationForm
from portal.events.guests.guest_page import GuestPage, guest_page, locked_page
from portal.events.guests.labels import FOODS
from portal.events.link_purposes import EventLinkPurpose
from portal.events.seats.leaving import Colleague
from portal.signin import stranger_email_limits
from portal.web import resend_link
from portal.web.access import signed
from portal.web.current import db, link, source
from portal.web.refusal_text import refusal_text

bp = Blueprint("event_guest", __name__, url_prefix="/event/<token>")


@bp.get("")
@signed(EventLinkPurpose.GUEST)
def show() -> ResponseReturnValue:
    page = _page()
    if gone := _replaced(page):
        return gone
    wants_form = not page.has_answered or {"change", "answer"} & request.args.keys()
    if page.can_answer and wants_form:
        return _question(page, AnswerForm.of(page, request.args.get("answer", "")))
    return _standing(page)


@bp.post("")
@signed(EventLinkPurpose.GUEST)
def answer() -> ResponseReturnValue:
    page = locked_page(db, link.row_id, _public_url())
    if gone := _replaced(page):
        return gone
    if not page.can_answer:
        return _standing(_page()), 409
    form = AnswerForm.posted(page)
    if not form.validate_on_submit() or not form.has_what_a_yes_needs():
        return _question(form.on(_page()), form), 422
    return _answer(page, form)


def _answer(page: GuestPage, form: AnswerForm) -> ResponseReturnValue:
    try:
        actions.answer(db, page.locked or queries.lock_guest(db, page.guest.id), form.given, source())
    except AnswerRefused as refusal:
        form.form_errors.append(refusal_text(refusal))
        return _question(form.on(_page()), form), 409
    return redirect(page.address, 303)


@bp.post("/sessions/<uuid:session_id>")
@signed(EventLinkPurpose.GUEST)
def take_place(session_id: UUID) -> ResponseReturnValue:
    page = _page()
    if gone := _replaced(page):
        return gone
    actions.take_place(db, page.guest.id, session_id)
    return redirect(page.address, 303)


@bp.get("/colleague")
@signed(EventLinkPurpose.GUEST)
def colleague() -> ResponseReturnValue:
    page = _page()
    if gone := _replaced(page):
        return gone
    if not page.can_give_away:
        return redirect(page.address, 303)
    return _colleague(page, ColleagueForm(formdata=None))


@bp.post("/colleague")
@signed(EventLinkPurpose.GUEST)
def give_away() -> ResponseReturnValue:
    page, form = _page(), ColleagueForm()
    if gone := _replaced(page):
        return gone
    if not form.validate_on_submit():
        return _colleague(page, form), 422
    return _give_away(page, form)


def _give_away(page: GuestPage, form: ColleagueForm) -> ResponseReturnValue:
    taker, event = Colleague(form.name.data or "", form.email.data or ""), page.event
    last = given_away.last_email_to(db, page.guest)
    try:
        actions.give_away(db, page.guest.id, taker)
    except Conflict as refusal:
        form.form_errors.append(refusal_text(refusal))
        return _colleague(_page(), form), 409
    given_away.send_given_away(db, last, taker.name)
    return render_template("events/guests/given_away.html", event=event, taker=taker)


@bp.get("/somebody-else")
@signed(EventLinkPurpose.GUEST)
def somebody_else() -> ResponseReturnValue:
    """The link came from somebody it was for; what they answered isn't shown."""
    page = _page()
    return _replaced(page) or _somebody_else(page, RegistrationForm(formdata=None))


@bp.post("/somebody-else")
@signed(EventLinkPurpose.GUEST)
def register_somebody_else() -> ResponseReturnValue:
    page, form = _page(), RegistrationForm()
    if gone := _replaced(page):
        return gone
    if not page.event.takes_answers:
        return _somebody_else(page, form), 409
    if not form.validate_on_submit():
        return _somebody_else(page, form), 422
    registration.register_forwarded(db, page.event, form, source())
    return render_template("events/guests/sent.html", event=page.event)


@resend_link.sends_new_link(EventLinkPurpose.GUEST)
def send_again(session: Session, guest_id: UUID) -> str:
    return sending.send_new_link(session, guest_id)


@bp.post("/new-link")
@signed(EventLinkPurpose.GUEST)
def new_link() -> ResponseReturnValue:
    """For a link that was replaced: to the address that is on file, and to no other."""
    page = _page()
    stranger_email_limits.require_source_allowance(db, source())
    if link.version != page.guest.link_version and stranger_email_limits.count_to_stranger(
        db, page.guest.address
    ):
        sending.send_new_link(db, page.guest.id)
    return render_template("events/guests/sent.html", event=page.event)


def _page() -> GuestPage:
    return guest_page(db, link.row_id, _public_url())


def _public_url() -> str:
    return str(current_app.config["SETTINGS"].public_url)


def _replaced(page: GuestPage) -> ResponseReturnValue | None:
    """Somebody else has the seat now, or there is a newer link: it shows nothing of the guest."""
    if link.version == page.guest.link_version:
        return None
    return render_template("events/guests/replaced.html", event=page.event), 410


def _question(page: GuestPage, form: AnswerForm) -> str:
    return render_template(
        "events/guests/question.html", page=page, form=form, foods=FOODS, back=page.address
    )


def _standing(page: GuestPage) -> str:
    return render_template("events/guests/standing.html", page=page, foods=FOODS, back=page.address)


def _colleague(page: GuestPage, form: ColleagueForm) -> str:
    return render_template("events/guests/colleague.html", page=page, form=form)


def _somebody_else(page: GuestPage, form: RegistrationForm) -> str:
    return render_template("events/guests/somebody_else.html", page=page, form=form, event=page.event)
