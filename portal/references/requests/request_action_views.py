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
from portal.references import queries
from portal.references.asking import actions as asking_actions
from portal.references.feedback import actions as feedback_actions
from portal.references.meetings import actions as meetings_actions
from portal.references.models import Meeting, ReferenceRequest
from portal.references.requests import actions as requests_actions
from portal.references.requests.forms import (
    AskAdvocateForm,
    CallOutcomeForm,
    ContactForm,
    DeliveryNoteForm,
    DialInForm,
    DuplicateForm,
    GiveUpForm,
    MessageForm,
    OutcomeForm,
    WithdrawalForm,
)
from portal.references.requests.request_page import currencies, render_request, visible_request
from portal.web.access import allow
from portal.web.current import db, member
from portal.web.filters import day
from portal.web.forms import Form
from tenants.models import MANAGER_ROLES, Role

ANYBODY = (Role.REP, *MANAGER_ROLES)

bp = Blueprint("request_actions", __name__, url_prefix="/<workspace>/requests/<uuid:request_id>")


def _back(request: ReferenceRequest, words: str, anchor: str | None = None) -> ResponseReturnValue:
    flash(words)
    return redirect(url_for("references.show", request_id=request.id, _anchor=anchor), 303)


def _invalid(request: ReferenceRequest, name: str, form: Form) -> ResponseReturnValue:
    return render_request(request, **{name: form}), 422


@bp.post("/messages")
@allow(*ANYBODY)
def send_message(request_id: UUID) -> ResponseReturnValue:
    request, form = visible_request(request_id), MessageForm()
    if not form.validate_on_submit():
        return _invalid(request, "message", form)
    requests_actions.send_message(db, request.id, form.text.data or "", by=member)
    return _back(request, _("Your message is on its way."), "talk")


@bp.post("/questions")
@allow(*MANAGER_ROLES)
def ask_requester(request_id: UUID) -> ResponseReturnValue:
    request, form = visible_request(request_id), MessageForm()
    if not form.validate_on_submit():
        return _invalid(request, "question", form)
    requests_actions.ask_requester(db, request.id, form.text.data or "", by=member)
    return _back(request, _("Sent. The clock is paused until %(name)s answers.", name=request.requester.name))


@bp.post("/clock")
@allow(*MANAGER_ROLES)
def resume_clock(request_id: UUID) -> ResponseReturnValue:
    request = visible_request(request_id)
    requests_actions.resume_request(db, request.id, by=member)
    return _back(request, _("The clock is running again."))


@bp.post("/region")
@allow(*MANAGER_ROLES)
def relax_region(request_id: UUID) -> ResponseReturnValue:
    request = visible_request(request_id)
    requests_actions.relax_region(db, request.id, by=member)
    return _back(request, _("We’re now looking beyond %(region)s.", region=request.region))


@bp.post("/asks")
@allow(*MANAGER_ROLES)
def ask(request_id: UUID) -> ResponseReturnValue:
    request, form = visible_request(request_id), AskAdvocateForm()
    if not form.validate_on_submit():
        return _invalid(request, "ask", form)
    person = _advocate(form.advocate_id.data)
    made = asking_actions.ask(
        db, request.id, person, by=member, override_reason=form.override_reason.data or ""
    )
    return _back(
        request,
        _("We’ve asked %(name)s. The answer is due by %(day)s.", name=person.name, day=day(made.due_on)),
    )


@bp.post("/asks/<uuid:ask_id>/withdrawal")
@allow(*MANAGER_ROLES)
def withdraw_ask(request_id: UUID, ask_id: UUID) -> ResponseReturnValue:
    request, form = visible_request(request_id), WithdrawalForm()
    if not form.validate_on_submit():
        return _invalid(request, "withdraw_ask", form)
    asking_actions.withdraw_ask(db, request.id, ask_id, form.reason.data or "", by=member)
    return _back(request, _("Withdrawn. We’re telling the customer that nothing more is needed."))


@bp.post("/asks/<uuid:ask_id>/delivery")
@allow(*MANAGER_ROLES)
def record_delivery(request_id: UUID, ask_id: UUID) -> ResponseReturnValue:
    request, form = visible_request(request_id), DeliveryNoteForm()
    if not form.validate_on_submit():
        return _invalid(request, "record_delivery", form)
    asking_actions.record_delivery(db, request.id, ask_id, form.note.data or "", by=member)
    return _back(request, _("Delivered. We’re telling %(name)s.", name=request.requester.name))


@bp.post("/contact")
@allow(*ANYBODY)
def set_contact(request_id: UUID) -> ResponseReturnValue:
    request, form = visible_request(request_id), ContactForm()
    if not form.validate_on_submit():
        return _invalid(request, "contact", form)
    given = {
        "name": form.name.data or "",
        "email": form.email.data or "",
        "time_zone": form.time_zone.data or "",
    }
    requests_actions.set_contact(db, request.id, seen=form.seen.data, by=member, **given)
    return _back(
        request, _("Saved. %(name)s will get the times as soon as there are any.", name=form.name.data)
    )


@bp.post("/meetings/<uuid:meeting_id>/place")
@allow(*ANYBODY)
def set_dial_in(request_id: UUID, meeting_id: UUID) -> ResponseReturnValue:
    request, form = visible_request(request_id), DialInForm()
    if not form.validate_on_submit():
        return _invalid(request, "place", form)
    meetings_actions.set_dial_in(db, _meeting(request, meeting_id), form.dial_in.data or "", by=member)
    return _back(request, _("Saved and added to both calendars."))


@bp.post("/meetings/<uuid:meeting_id>/record")
@allow(*MANAGER_ROLES)
def record_call(request_id: UUID, meeting_id: UUID) -> ResponseReturnValue:
    request, form = visible_request(request_id), CallOutcomeForm()
    if not form.validate_on_submit():
        return _invalid(request, "record", form)
    meeting = _meeting(request, meeting_id)
    feedback_actions.record_call_outcome(db, meeting.id, form.result, form.note.data or "", by=member)
    return _back(request, _("Recorded."))


@bp.post("/withdrawal")
@allow(*ANYBODY)
def withdraw(request_id: UUID) -> ResponseReturnValue:
    return _ended(
        request_id,
        "withdraw",
        WithdrawalForm(),
        requests_actions.withdraw,
        "reason",
        _("The request is withdrawn."),
    )


@bp.post("/content")
@allow(*MANAGER_ROLES)
def accept_content(request_id: UUID) -> ResponseReturnValue:
    return _ended(
        request_id,
        "content",
        DeliveryNoteForm(),
        requests_actions.accept_content,
        "note",
        _("Closed with content."),
    )


def _ended(
    request_id: UUID, name: str, form: Form, act: Callable[..., None], field: str, words: str
) -> ResponseReturnValue:
    request = visible_request(request_id)
    if not form.validate_on_submit():
        return _invalid(request, name, form)
    act(db, request.id, form[field].data or "", by=member)
    return _back(request, words)


@bp.post("/unfulfilled")
@allow(*MANAGER_ROLES)
def give_up(request_id: UUID) -> ResponseReturnValue:
    request, form = visible_request(request_id), GiveUpForm()
    if not form.validate_on_submit():
        return _invalid(request, "give_up", form)
    requests_actions.give_up(db, request.id, form.result, form.note.data or "", by=member)
    return _back(
        request, _("We’re telling %(name)s why we couldn’t find anyone.", name=request.requester.name)
    )


@bp.post("/duplicate")
@allow(*MANAGER_ROLES)
def mark_duplicate(request_id: UUID) -> ResponseReturnValue:
    request, form = visible_request(request_id), DuplicateForm()
    others = queries.by_numbers(db, [form.digits]) if form.validate_on_submit() else []
    if not others:
        form.number.errors = form.number.errors or [_("There’s no request with this number.")]
        return _invalid(request, "duplicate", form)
    requests_actions.mark_duplicate(db, request.id, others[0], by=member)
    return _back(request, _("Marked as a duplicate of R-%(number)s.", number=others[0].number))


@bp.post("/outcome")
@allow(*ANYBODY)
def record_outcome(request_id: UUID) -> ResponseReturnValue:
    request = visible_request(request_id)
    form = OutcomeForm().set_choices(currencies(request))
    if not form.validate_on_submit():
        return _invalid(request, "outcome", form)
    requests_actions.record_outcome(
        db, request.id, form.result, **_money(form), note=form.note.data or "", by=member
    )
    return _back(request, _("Thank you. We’ll tell the customer who helped what it led to."))


def _money(form: OutcomeForm) -> dict[str, Any]:
    return {"cents": form.cents, "currency": form.currency.data}


def _advocate(text: str | None) -> Advocate:
    try:
        return people.get(db, UUID(text or ""))
    except ValueError:
        raise NotFound("We couldn’t find this person.") from None


def _meeting(request: ReferenceRequest, meeting_id: UUID) -> Meeting:
    found = queries.lock_meeting(db, meeting_id)
    if found.request_id != request.id:
        raise NotFound("We couldn’t find this meeting.")
    return found
