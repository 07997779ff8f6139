"""What reps and managers do on the page of one request. Each act goes back to the page."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.advocates import queries as people
from portal.advocates.models import Advocate
from portal.errors import NotFound
from portal.references import actions, afterwards, asking, meetings, queries
from portal.references.forms import (
    AskForm,
    ContactForm,
    DuplicateForm,
    GiveUpForm,
    MessageForm,
    NoteForm,
    OutcomeForm,
    PlaceForm,
    ReasonForm,
    RecordForm,
)
from portal.references.models import Meeting, ReferenceRequest
from portal.references.request_page import currencies, draw, visible
from portal.web.access import allow
from portal.web.current import db, member
from portal.web.filters import day
from portal.web.forms import Form
from tenants.models import Role

DESK = (Role.MANAGER, Role.ADMIN)
ANYBODY = (Role.REP, *DESK)

bp = Blueprint("request", __name__, url_prefix="/<workspace>/requests/<uuid:request_id>")


def _back(wanted: ReferenceRequest, words: str, anchor: str | None = None) -> ResponseReturnValue:
    flash(words)
    return redirect(url_for("references.show", request_id=wanted.id, _anchor=anchor), 303)


def _refused(wanted: ReferenceRequest, name: str, form: Form) -> ResponseReturnValue:
    return draw(wanted, **{name: form}), 422


@bp.post("/messages")
@allow(*ANYBODY)
def say(request_id: UUID) -> ResponseReturnValue:
    wanted, form = visible(request_id), MessageForm()
    if not form.validate_on_submit():
        return _refused(wanted, "message", form)
    actions.say(db, wanted.id, form.text.data or "", by=member)
    return _back(wanted, _("Your message is on its way."), "talk")


@bp.post("/questions")
@allow(*DESK)
def wait(request_id: UUID) -> ResponseReturnValue:
    wanted, form = visible(request_id), MessageForm()
    if not form.validate_on_submit():
        return _refused(wanted, "question", form)
    actions.wait(db, wanted.id, form.text.data or "", by=member)
    return _back(
        wanted, _("Asked. The clock stands still until %(name)s answers.", name=wanted.requester.name)
    )


@bp.post("/clock")
@allow(*DESK)
def go_on(request_id: UUID) -> ResponseReturnValue:
    wanted = visible(request_id)
    actions.go_on(db, wanted.id, by=member)
    return _back(wanted, _("The clock goes on."))


@bp.post("/region")
@allow(*DESK)
def relax_region(request_id: UUID) -> ResponseReturnValue:
    wanted = visible(request_id)
    actions.relax_region(db, wanted.id, by=member)
    return _back(wanted, _("Now looking beyond %(region)s.", region=wanted.region))


@bp.post("/asks")
@allow(*DESK)
def ask(request_id: UUID) -> ResponseReturnValue:
    wanted, form = visible(request_id), AskForm()
    if not form.validate_on_submit():
        return _refused(wanted, "ask", form)
    person = _advocate(form.advocate_id.data)
    made = asking.ask(db, wanted.id, person, by=member, override_reason=form.override_reason.data or "")
    return _back(
        wanted, _("%(name)s is asked. The answer is due by %(day)s.", name=person.name, day=day(made.due_on))
    )


@bp.post("/asks/<uuid:ask_id>/withdrawal")
@allow(*DESK)
def take_back(request_id: UUID, ask_id: UUID) -> ResponseReturnValue:
    wanted, form = visible(request_id), ReasonForm()
    if not form.validate_on_submit():
        return _refused(wanted, "take_back", form)
    asking.withdraw_ask(db, wanted.id, ask_id, form.reason.data or "", by=member)
    return _back(wanted, _("Taken back. The customer hears that nothing more is needed."))


@bp.post("/asks/<uuid:ask_id>/delivery")
@allow(*DESK)
def hand_over(request_id: UUID, ask_id: UUID) -> ResponseReturnValue:
    wanted, form = visible(request_id), NoteForm()
    if not form.validate_on_submit():
        return _refused(wanted, "hand_over", form)
    asking.hand_over(db, wanted.id, ask_id, form.note.data or "", by=member)
    return _back(wanted, _("Delivered. %(name)s is told.", name=wanted.requester.name))


@bp.post("/contact")
@allow(*ANYBODY)
def contact(request_id: UUID) -> ResponseReturnValue:
    wanted, form = visible(request_id), ContactForm()
    if not form.validate_on_submit():
        return _refused(wanted, "contact", form)
    given = {
        "name": form.name.data or "",
        "email": form.email.data or "",
        "time_zone": form.time_zone.data or "",
    }
    actions.name_contact(db, wanted.id, seen=form.seen.data, by=member, **given)
    return _back(wanted, _("Noted. %(name)s gets the times as soon as there are any.", name=form.name.data))


@bp.post("/meetings/<uuid:meeting_id>/place")
@allow(*ANYBODY)
def place(request_id: UUID, meeting_id: UUID) -> ResponseReturnValue:
    wanted, form = visible(request_id), PlaceForm()
    if not form.validate_on_submit():
        return _refused(wanted, "place", form)
    meetings.set_place(db, _meeting(wanted, meeting_id), form.dial_in.data or "", by=member)
    return _back(wanted, _("Noted, and put into both calendars."))


@bp.post("/meetings/<uuid:meeting_id>/record")
@allow(*DESK)
def record(request_id: UUID, meeting_id: UUID) -> ResponseReturnValue:
    wanted, form = visible(request_id), RecordForm()
    if not form.validate_on_submit():
        return _refused(wanted, "record", form)
    meeting = _meeting(wanted, meeting_id)
    afterwards.record(db, meeting.id, form.result, form.note.data or "", by=member)
    return _back(wanted, _("Recorded."))


@bp.post("/withdrawal")
@allow(*ANYBODY)
def withdraw(request_id: UUID) -> ResponseReturnValue:
    return _ended(
        request_id, "withdraw", ReasonForm(), actions.withdraw, "reason", _("The request is withdrawn.")
    )


@bp.post("/content")
@allow(*DESK)
def accept_content(request_id: UUID) -> ResponseReturnValue:
    return _ended(
        request_id, "content", NoteForm(), actions.accept_content, "note", _("Closed with content.")
    )


def _ended(
    request_id: UUID, name: str, form: Form, act: Callable[..., None], field: str, words: str
) -> ResponseReturnValue:
    wanted = visible(request_id)
    if not form.validate_on_submit():
        return _refused(wanted, name, form)
    act(db, wanted.id, form[field].data or "", by=member)
    return _back(wanted, words)


@bp.post("/unfulfilled")
@allow(*DESK)
def give_up(request_id: UUID) -> ResponseReturnValue:
    wanted, form = visible(request_id), GiveUpForm()
    if not form.validate_on_submit():
        return _refused(wanted, "give_up", form)
    actions.give_up(db, wanted.id, form.reason, form.note.data or "", by=member)
    return _back(wanted, _("%(name)s is told why nobody could be found.", name=wanted.requester.name))


@bp.post("/duplicate")
@allow(*DESK)
def mark_duplicate(request_id: UUID) -> ResponseReturnValue:
    wanted, form = visible(request_id), DuplicateForm()
    others = queries.by_numbers(db, [form.digits]) if form.validate_on_submit() else []
    if not others:
        form.number.errors = form.number.errors or [_("There is no request with this number.")]
        return _refused(wanted, "duplicate", form)
    actions.mark_duplicate(db, wanted.id, others[0], by=member)
    return _back(wanted, _("Marked as a duplicate of R-%(number)s.", number=others[0].number))


@bp.post("/outcome")
@allow(*ANYBODY)
def outcome(request_id: UUID) -> ResponseReturnValue:
    wanted = visible(request_id)
    form = OutcomeForm().offer(currencies(wanted))
    if not form.validate_on_submit():
        return _refused(wanted, "outcome", form)
    actions.record_outcome(db, wanted.id, form.result, **_money(form), note=form.note.data or "", by=member)
    return _back(wanted, _("Thank you. The customer who helped hears what it led to."))


def _money(form: OutcomeForm) -> dict[str, Any]:
    return {"cents": form.cents, "currency": form.currency.data}


def _advocate(text: str | None) -> Advocate:
    try:
        return people.get(db, UUID(text or ""))
    except ValueError:
        raise NotFound("There is no such person.") from None


def _meeting(wanted: ReferenceRequest, meeting_id: UUID) -> Meeting:
    found = queries.locked_meeting(db, meeting_id)
    if found.request_id != wanted.id:
        raise NotFound("There is no such meeting.")
    return found
