"""What reps and managers do with a request: file it, talk about it, wait, end it, record what came of it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal import history
from portal.advocates.actions import add
from portal.advocates.models import Provenance
from portal.advocates.profile import ContactDetails
from portal.advocates.queries import by_address
from portal.asks import actions as asks
from portal.asks.models import AskState
from portal.declarations import program_switches
from portal.errors import Conflict, DomainError, NotAllowed
from portal.lifecycle import move
from portal.references import emails, queries, request_status
from portal.references.asking import actions as asking_actions
from portal.references.asking import emails as asking_emails
from portal.references.criteria import MatchCriteria
from portal.references.history_actions import RequestAction
from portal.references.meetings import actions as meetings_actions
from portal.references.models import (
    LIFECYCLE,
    DealOutcome,
    ReferenceRequest,
    RequestMessage,
    RequestMove,
    RequestState,
    UnfulfilledReason,
    WaitingFor,
)
from portal.references.request_updates import RequestUpdate
from portal.references.service_levels import service_levels
from tenants.clock import utc_now
from tenants.database import tenant_of
from tenants.email_addresses import normalize_email
from tenants.models import MANAGER_ROLES, Membership

NUMBER_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:counter, 0))")


@dataclass(frozen=True, kw_only=True)
class RequestSubmission:
    """What a rep asks for: whom it needs, by when, and what else helps."""

    criteria: MatchCriteria
    needed_by: date
    deal_id: UUID | None = None
    competitor: str = ""
    questions: str = ""
    notes: str = ""
    references_needed: int = 1
    contact_name: str = ""
    contact_email: str = ""


def submit(session: Session, submission: RequestSubmission, *, by: Membership) -> ReferenceRequest:
    program_switches.require_on(session, ReferenceRequest.__tablename__)
    filed = _new(session, submission, by)
    move(session, filed, RequestMove.SUBMIT, by=by)
    filed.due_at = service_levels(session).next_due(filed)
    emails.send_submitted(session, filed, by)
    return filed


def _new(session: Session, submission: RequestSubmission, by: Membership) -> ReferenceRequest:
    session.execute(NUMBER_LOCK, {"counter": f"requests of {tenant_of(session)}"})
    facts = vars(submission) | vars(submission.criteria)
    del facts["criteria"]
    filed = ReferenceRequest(
        **facts,
        number=queries.next_number(session),
        requester_id=by.id,
        state=LIFECYCLE.initial,
        paused_seconds=0,
    )
    session.add(filed)
    return filed


def send_message(session: Session, request_id: UUID, words: str, *, by: Membership) -> None:
    """Add a line; the desk's first is its first response, the rep's restarts the clock."""
    request = queries.lock_request(session, request_id)
    _add_message(session, request, words, by)
    if _is_desk(request, by):
        request_status.mark_first_response(session, request)
        emails.send_request_update(
            session, request, request.requester, RequestUpdate.MESSAGE, _now(), who=by.name, note=words
        )
        return
    request_status.resume_clock(session, request)
    for manager in _managers_to_notify(session, request):
        emails.send_request_update(
            session, request, manager, RequestUpdate.MESSAGE, _now(), who=by.name, note=words
        )


def ask_requester(session: Session, request_id: UUID, question: str, *, by: Membership) -> None:
    """Ask the rep; the clock stops until there is an answer."""
    request = queries.lock_request(session, request_id)
    if request.state not in queries.RUNNING:
        raise Conflict("This request has ended, so its clock can’t be paused.")
    _add_message(session, request, question, by)
    request_status.mark_first_response(session, request)
    request_status.pause_clock(request, WaitingFor.QUESTION, question)
    history.record(session, request, RequestAction.CLOCK_PAUSED, by=by)
    emails.send_request_update(
        session, request, request.requester, RequestUpdate.QUESTION, _now(), who=by.name, note=question
    )


def resume_request(session: Session, request_id: UUID, *, by: Membership) -> None:
    request = queries.lock_request(session, request_id)
    if request.waiting_since is None:
        raise Conflict("This request’s clock isn’t paused, so nothing was changed.")
    request_status.resume_clock(session, request)
    history.record(session, request, RequestAction.CLOCK_RESUMED, by=by)


def _add_message(session: Session, request: ReferenceRequest, words: str, by: Membership) -> None:
    session.add(RequestMessage(request_id=request.id, author_id=by.id, text=words))


def _is_desk(request: ReferenceRequest, by: Membership) -> bool:
    return by.id != request.requester_id and by.has_role(*MANAGER_ROLES)


def _managers_to_notify(session: Session, request: ReferenceRequest) -> list[Membership]:
    """Managers who took part so far, or else all of them."""
    all_managers = [one for one in emails.managers(session) if one.id != request.requester_id]
    spoke = {message.author_id for message in queries.messages(session, request)}
    return [one for one in all_managers if one.id in spoke] or all_managers


def set_contact(
    session: Session, request_id: UUID, *, seen: str | None, by: Membership, email: str, **contact: str
) -> None:
    """Set who will talk, unless that changed since the page was `seen`.

    Their email names the advocate, so where names are kept from reps the desk alone says it after a yes.
    """
    request = queries.lock_request(session, request_id)
    if not by.has_role(*MANAGER_ROLES) and request_status.is_name_withheld(session, request):
        raise NotAllowed("Please tell the program team who will join; they will send the times.")
    now = normalize_email(request.contact_email)
    if seen is not None and now not in {normalize_email(seen), normalize_email(email)}:
        raise Conflict(
            "%(name)s was added in the meantime, so nothing was changed.", name=request.contact_name or now
        )
    meetings_actions.set_contact(session, request, by=by, email=email, **contact)


def relax_region(session: Session, request_id: UUID, *, by: Membership) -> None:
    request = queries.lock_request(session, request_id)
    if request.state not in request_status.ASKABLE_STATES:
        raise Conflict("This request has ended, so we’re no longer looking for anyone.")
    request.region_relaxed = True
    request_status.mark_first_response(session, request)
    history.record(session, request, RequestAction.REGION_RELAXED, by=by)


def withdraw(session: Session, request_id: UUID, reason: str, *, by: Membership) -> None:
    request = queries.lock_request(session, request_id)
    _release_asks(session, request, RequestMove.WITHDRAW, reason, by)
    request.withdrawn_reason = reason
    _end(session, request, RequestMove.WITHDRAW, reason, by)
    if by.id != request.requester_id:
        emails.send_request_update(
            session, request, request.requester, RequestUpdate.WITHDRAWN, note=reason, who=by.name
        )


def give_up(
    session: Session, request_id: UUID, reason: UnfulfilledReason, note: str, *, by: Membership
) -> None:
    request = queries.lock_request(session, request_id)
    _release_asks(session, request, RequestMove.GIVE_UP, note, by)
    request.unfulfilled_reason = reason
    _end(session, request, RequestMove.GIVE_UP, note, by, why=reason.value)
    emails.send_request_update(
        session,
        request,
        request.requester,
        RequestUpdate.UNFULFILLED,
        why=reason.value,
        note=note,
        who=by.name,
    )


def mark_duplicate(session: Session, request_id: UUID, of: ReferenceRequest, *, by: Membership) -> None:
    """Close it in favor of the other. Both are locked, always in the same order, so they cannot name each other."""
    if of.id == request_id:
        raise DomainError("A request can’t be a duplicate of itself.")
    held = {one: queries.lock_request(session, one) for one in sorted((request_id, of.id))}
    request, of = held[request_id], held[of.id]
    if of.state in {RequestState.DUPLICATE, RequestState.WITHDRAWN}:
        raise Conflict("R-%(number)s isn’t open either, so choose another request.", number=of.number)
    _release_asks(session, request, RequestMove.MARK_DUPLICATE, "", by)
    request.duplicate_of_id = of.id
    _end(session, request, RequestMove.MARK_DUPLICATE, f"R-{of.number}", by)
    if by.id != request.requester_id:
        emails.send_request_update(
            session, request, request.requester, RequestUpdate.DUPLICATE, of=of.number, who=by.name
        )


def accept_content(session: Session, request_id: UUID, what: str, *, by: Membership) -> None:
    request = queries.lock_request(session, request_id)
    _release_asks(session, request, RequestMove.ACCEPT_CONTENT, "", by)
    request.outcome_note = what
    _end(session, request, RequestMove.ACCEPT_CONTENT, what, by)
    if by.id != request.requester_id:
        emails.send_request_update(
            session, request, request.requester, RequestUpdate.CONTENT, note=what, who=by.name
        )


def _release_asks(
    session: Session, request: ReferenceRequest, step: RequestMove, reason: str, by: Membership
) -> None:
    """A second click is told; whoever was asked is not needed any more."""
    LIFECYCLE.after(step, request.state)
    asking_actions.withdraw_open_asks(session, request, reason, by)


def _end(
    session: Session, request: ReferenceRequest, step: RequestMove, reason: str, by: Membership, **detail: Any
) -> None:
    """Any end but the good one."""
    move(session, request, step, by=by, reason=reason, **detail)
    request_status.stop_waiting(request)
    if _is_desk(request, by):
        request_status.mark_first_response(session, request)


def record_outcome(
    session: Session,
    request_id: UUID,
    outcome: DealOutcome,
    *,
    cents: int | None,
    currency: str,
    note: str,
    by: Membership,
) -> None:
    """Record what became of the deal, again when it changes; each advocate is thanked with the news."""
    request = queries.lock_request(session, request_id)
    _release_asks(session, request, RequestMove.CLOSE, "", by)
    request.outcome, request.outcome_note = outcome, note
    request.outcome_cents, request.outcome_currency = cents, currency if cents else ""
    move(session, request, RequestMove.CLOSE, by=by, outcome=outcome.value)
    for made in queries.asks_for(session, request.id):
        if made.state is AskState.COMPLETED:
            asking_emails.send_thanks(session, request, made)


def log_off_platform(
    session: Session, submission: RequestSubmission, address: str, held_at: datetime, *, by: Membership
) -> ReferenceRequest:
    """Record a favor the rep arranged alone: delivered already, and counted like any other.

    Whoever is not known by this address becomes a candidate. The desk hears it, the rep sees no difference.
    """
    known = by_address(session, address)
    advocate = known or add(session, ContactDetails(name="", email=address), Provenance.NOMINATED)
    session.flush()  # the key of whoever is new stands in the history of the request
    logged = _new(session, submission, by)
    logged.due_at = held_at
    move(session, logged, RequestMove.LOG_OFF_PLATFORM, by=by, at=held_at, advocate=str(advocate.id))
    asks.log_off_platform(session, submission.criteria.kind, advocate, logged, held_at)
    emails.send_logged(session, logged, advocate, by, is_new=known is None)
    return logged


def _now() -> str:
    return utc_now().isoformat()
