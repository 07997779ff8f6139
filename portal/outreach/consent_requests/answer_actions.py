"""What a person answers to the email, and the links that lead there. A request changes under the lock of its person."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal import outbox
from portal.advocates import consent_chain
from portal.advocates import queries as advocates
from portal.advocates.consent_texts import current_texts
from portal.advocates.models import Advocate, ConsentGiven, ConsentSource, ConsentText
from portal.errors import Conflict, NotFound
from portal.outreach.consent_requests import emails, queries
from portal.outreach.consent_requests.models import ConsentRequest
from portal.outreach.models import WAITING_STATES, Email
from tenants.clock import utc_now
from tenants.database import WITHOUT_SYNC

LINK_LIFETIME = timedelta(days=30)  # counted from the day the email left


class TextReplaced(Conflict):
    """The words that were read are not the ones of today."""


@dataclass(frozen=True)
class RequestAndPerson:
    """A request with all that decides what its link shows. `text`: today's words."""

    request: ConsentRequest
    advocate: Advocate
    text: ConsentText
    email: Email | None

    @property
    def has_agreed(self) -> bool:
        return self.request.purpose in self.advocate.consents

    @property
    def is_settled(self) -> bool:
        return self.has_agreed or not self.request.is_open or not self.advocate.is_in_program

    @property
    def is_expired(self) -> bool:
        left = self.email.sent_at if self.email else None
        newest = max(filter(None, (self.request.link_sent_at, left)))
        return self.has_left and newest + LINK_LIFETIME <= utc_now()

    @property
    def has_new_text(self) -> bool:
        return self.text.id != self.request.text_id

    @property
    def has_left(self) -> bool:
        return self.email is None or self.email.state not in WAITING_STATES


def request_and_person(session: Session, request_id: UUID) -> RequestAndPerson:
    request = queries.request(session, request_id)
    advocate = advocates.get(session, request.advocate_id)
    return _with_facts(session, request, advocate)


def agree(session: Session, request_id: UUID, shown_text_id: str, network_address: str = "") -> None:
    """Agree to the words that were shown; safe to repeat. Raise TextReplaced or Conflict."""
    found = _lock(session, request_id)
    if found.is_settled:
        return
    _refuse_expired(found)
    if str(found.text.id) != shown_text_id:
        raise TextReplaced("The words have changed since you opened the page. Nothing was saved.")
    consent_chain.give(session, found.advocate, found.text, ConsentSource.EMAIL, network_address)
    _settle(found.request, granted=True)
    outbox.publish(session, ConsentGiven(found.advocate.id))


def decline(session: Session, request_id: UUID) -> None:
    """Decline: they are not asked for this again. Raise Conflict."""
    found = _lock(session, request_id)
    if not found.is_settled:
        _refuse_expired(found)
        _settle(found.request, granted=False)


def send_new_link(session: Session, request_id: UUID) -> str:
    """Send to the person's address, which is returned; at most one email an hour.

    Raise Conflict when it is settled.
    """
    found = _lock(session, request_id)
    if found.is_settled:
        raise Conflict("This was answered already, so no new link is needed.")
    if found.is_expired:
        _replace_link(found.request)
    emails.send_new_link(session, found.request, found.advocate, found.text.title)
    return found.advocate.email


def settle_agreed(session: Session, advocate: Advocate) -> None:
    """Settle requests of somebody who agreed on another page, and withdraw unsent emails."""
    for request in queries.open_requests(session, advocate.id):
        if request.purpose in advocate.consents:
            _settle(request, granted=True)
            waiting = (
                Email.occasion == emails.further_purpose_key(request.id),
                Email.state.in_(WAITING_STATES),
            )
            over = update(Email).where(*waiting).values(valid_until=utc_now())
            session.execute(over, execution_options=WITHOUT_SYNC)


def renew_links(session: Session, advocate_id: UUID) -> None:
    """Revoke links that were sent to an earlier address, and send new ones."""
    for request in queries.open_requests(session, advocate_id):
        found = _lock(session, request.id)
        if not found.is_settled and found.has_left:
            _replace_link(found.request)
            emails.send_new_link(session, found.request, found.advocate, found.text.title)


def _lock(session: Session, request_id: UUID) -> RequestAndPerson:
    """The person is locked, then the request is read as it stands by now."""
    request = queries.request(session, request_id)
    advocate = advocates.lock_advocate(session, request.advocate_id)
    if advocate is None:
        raise NotFound("We couldn’t find this person.")
    session.refresh(request)
    return _with_facts(session, request, advocate)


def _with_facts(session: Session, request: ConsentRequest, advocate: Advocate) -> RequestAndPerson:
    text = current_texts(session)[request.purpose]
    return RequestAndPerson(request, advocate, text, queries.email_of(session, request))


def _refuse_expired(found: RequestAndPerson) -> None:
    if found.is_expired:
        raise Conflict("This link has expired. Nothing was saved.")


def _settle(request: ConsentRequest, *, granted: bool) -> None:
    request.answered_at, request.granted = utc_now(), granted


def _replace_link(request: ConsentRequest) -> None:
    request.link_version += 1
    request.link_sent_at = utc_now()
