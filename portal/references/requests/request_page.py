"""The page of one request, drawn for a reader; a refused form comes back open, with what was written."""

from uuid import UUID

from flask import render_template

from portal.errors import NotFound
from portal.references import queries
from portal.references.models import ReferenceRequest
from portal.references.requests import request_detail
from portal.references.requests.feedback import written_feedback
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
    with_prefixed_ids,
)
from portal.references.requests.request_presenter import RequestPresenter
from portal.web.current import db, member, tenant
from portal.web.forms import Form
from tenants.models import MANAGER_ROLES

FORMS: dict[str, type[Form]] = {
    "message": MessageForm,
    "question": MessageForm,
    "ask": AskAdvocateForm,
    "withdraw_ask": WithdrawalForm,
    "withdraw": WithdrawalForm,
    "give_up": GiveUpForm,
    "duplicate": DuplicateForm,
    "content": DeliveryNoteForm,
    "record_delivery": DeliveryNoteForm,
    "outcome": OutcomeForm,
    "contact": ContactForm,
    "place": DialInForm,
    "record": CallOutcomeForm,
}


def visible_request(request_id: UUID) -> ReferenceRequest:
    request = queries.get(db, request_id)
    if request.requester_id != member.id and not member.has_role(*MANAGER_ROLES):
        raise NotFound("We couldn’t find this request.")
    return request


def render_request(request: ReferenceRequest, **refused: Form) -> str:
    page = request_detail.request_detail(db, request, member)
    return render_template(
        "references/requests/show.html",
        page=page,
        presenter=RequestPresenter(page),
        reference_request=request,
        feedback=written_feedback(page),
        forms={name: refused.get(name) or _fresh(name, page) for name in FORMS} | _named(refused),
        opened=next(iter(refused), ""),
    )


def _named(refused: dict[str, Form]) -> dict[str, Form]:
    return {name: with_prefixed_ids(form, name) for name, form in refused.items()}


def _fresh(name: str, page: request_detail.RequestDetail) -> Form:
    form = FORMS[name](formdata=None, **_known(name, page))
    if isinstance(form, OutcomeForm):
        form.set_choices(currencies(page.request))
    return with_prefixed_ids(form, name)


def _known(name: str, page: request_detail.RequestDetail) -> dict[str, object]:
    request = page.request
    if name == "record_delivery" and page.ready_for_delivery:
        return {"note": page.ready_for_delivery.ask.note}  # the customer's own words are what is handed over
    if name == "contact":
        return {
            "name": request.contact_name,
            "email": request.contact_email,
            "seen": request.contact_email,
            "time_zone": request.contact_time_zone,
        }
    if name == "outcome":
        return _outcome(request)
    if name == "place" and page.scheduled and page.scheduled.meeting:
        return {"dial_in": page.scheduled.meeting.dial_in}
    return {}


def _outcome(request: ReferenceRequest) -> dict[str, object]:
    cents = request.outcome_cents
    if cents is None and request.deal:
        cents = request.deal.amount_cents
    return {
        "outcome": request.outcome.value if request.outcome else None,
        "amount": None if cents is None else cents / 100,
        "currency": currencies(request)[0],
        "note": request.outcome_note,
    }


def currencies(request: ReferenceRequest) -> list[str]:
    own = [request.outcome_currency, request.deal.currency if request.deal else "", tenant.currency]
    return [currency for currency in own if currency]
