"""The page of one request, drawn for a reader; a refused form comes back open, with what was written."""

from uuid import UUID

from flask import render_template

from portal.errors import NotFound
from portal.references import queries, showing
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
    apart,
)
from portal.references.models import ReferenceRequest
from portal.references.said import said
from portal.references.telling import Telling
from portal.web.current import db, member, tenant
from portal.web.forms import Form
from tenants.models import Role

FORMS: dict[str, type[Form]] = {
    "message": MessageForm,
    "question": MessageForm,
    "ask": AskForm,
    "take_back": ReasonForm,
    "withdraw": ReasonForm,
    "give_up": GiveUpForm,
    "duplicate": DuplicateForm,
    "content": NoteForm,
    "hand_over": NoteForm,
    "outcome": OutcomeForm,
    "contact": ContactForm,
    "place": PlaceForm,
    "record": RecordForm,
}


def visible(request_id: UUID) -> ReferenceRequest:
    """The desk sees every request, a rep their own."""
    wanted = queries.get(db, request_id)
    if wanted.requester_id != member.id and not member.may(Role.MANAGER, Role.ADMIN):
        raise NotFound("There is no such request.")
    return wanted


def draw(wanted: ReferenceRequest, **refused: Form) -> str:
    page = showing.page(db, wanted, member)
    return render_template(
        "references/show.html",
        page=page,
        tell=Telling(page),
        wanted=wanted,
        told=said(page),
        forms={name: refused.get(name) or _fresh(name, page) for name in FORMS} | _named(refused),
        opened=next(iter(refused), ""),
    )


def _named(refused: dict[str, Form]) -> dict[str, Form]:
    return {name: apart(form, name) for name, form in refused.items()}


def _fresh(name: str, page: showing.Page) -> Form:
    form = FORMS[name](formdata=None, **_known(name, page))
    if isinstance(form, OutcomeForm):
        form.offer(currencies(page.wanted))
    return apart(form, name)


def _known(name: str, page: showing.Page) -> dict[str, object]:
    wanted = page.wanted
    if name == "hand_over" and page.to_hand_over:
        return {"note": page.to_hand_over.ask.note}  # the customer's own words are what is handed over
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
