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
from tenants.models import Role

FORMS: dict[str, type[Form]] = {
    "message": MessageForm,
    "question": MessageForm,
    "ask": AskAdvocateForm,
    "take_back": WithdrawalForm,
    "withdraw": WithdrawalForm,
    "give_up": GiveUpForm,
    "duplicate": DuplicateForm,
    "content": DeliveryNoteForm,
    "hand_over": DeliveryNoteForm,
    "outcome": OutcomeForm,
    "contact": ContactForm,
    "place": DialInForm,
    "record": CallOutcomeForm,
}


def visible_request(request_id: UUID) -> ReferenceRequest:
    """The desk sees every request, a rep their own."""
    wanted = queries.get(db, request_id)
    if wanted.requester_id != member.id and not member.has_role(Role.MANAGER, Role.ADMIN):
        raise NotFound("There is no such request.")
    return wanted


def render_request(wanted: ReferenceRequest, **refused: Form) -> str:
    page = request_detail.request_detail(db, wanted, member)
    return render_template(
        "references/requests/show.html",
        page=page,
        tell=RequestPresenter(page),
        wanted=wanted,
        told=written_feedback(page),
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
    wanted = page.request
    if name == "hand_over" and page.ready_for_delivery:
        return {"note": page.ready_for_delivery.ask.note}  # the customer's own words are what is handed over
    if name == "contact":
        return {
            "name": wanted.contact_name,
            "email": wanted.contact_email,
            "seen": wanted.contact_email,
            "time_zone": wanted.contact_time_zone,
        }
    if name == "outcome":
        return _outcome(wanted)
    if name == "place" and page.scheduled and page.scheduled.meeting:
        return {"dial_in": page.scheduled.meeting.dial_in}
    return {}


def _outcome(wanted: ReferenceRequest) -> dict[str, object]:
    cents = wanted.outcome_cents
    if cents is None and wanted.deal:
        cents = wanted.deal.amount_cents
    return {
        "outcome": wanted.outcome.value if wanted.outcome else None,
        "amount": None if cents is None else cents / 100,
        "currency": currencies(wanted)[0],
        "note": wanted.outcome_note,
    }


def currencies(wanted: ReferenceRequest) -> list[str]:
    own = [wanted.outcome_currency, wanted.deal.currency if wanted.deal else "", tenant.currency]
    return [currency for currency in own if currency]
