"""Asking one person for one request: who may be asked, what follows from the answer."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from portal import history
from portal.advocates.models import Advocate
from portal.asks import actions as asks
from portal.asks import queries as ledger
from portal.asks.labels import IN_WORDS
from portal.asks.models import Ask, AskState
from portal.declarations.withdrawal_reasons import WithdrawalReason
from portal.errors import Conflict, NotFound
from portal.lifecycle import ImpossibleMove
from portal.references import emails, queries, request_status
from portal.references.asking import emails as asking_emails
from portal.references.asking.ask_reason import why_you
from portal.references.feedback import actions
from portal.references.history_actions import RequestAction
from portal.references.labels import REQUEST_ENDED
from portal.references.meetings import rescheduling_actions
from portal.references.models import LIFECYCLE, ReferenceRequest, RequestMove
from portal.references.request_updates import RequestUpdate
from portal.references.service_levels import ServiceLevels, service_levels
from tenants.models import Membership


def ask(
    session: Session, request_id: UUID, advocate: Advocate, *, by: Membership, override_reason: str = ""
) -> Ask:
    """Ask this person. Of two managers at the same moment exactly one wins, the other is told."""
    request = queries.lock_request(session, request_id)
    _ensure_can_ask(request, queries.asks_for(session, request.id), advocate)
    due = _answer_by(service_levels(session), request)
    made = asks.propose(
        session, request.kind, advocate, request, due, why=why_you(session, request, advocate)
    )
    asks.send(session, made, by, override_reason=override_reason)
    request_status.mark_first_response(session, request)
    request_status.mark_first_ask(session, request)
    request_status.sync_status(session, request)
    detail = {"override": override_reason} if override_reason else {}
    history.record(session, request, RequestAction.ASKED, by=by, advocate=str(advocate.id), **detail)
    asking_emails.send_ask(session, request, made, by)
    emails.send_request_update(session, request, request.requester, RequestUpdate.ASKED, str(made.id))
    return made


def _ensure_can_ask(request: ReferenceRequest, made: Sequence[Ask], advocate: Advocate) -> None:
    if request.state not in request_status.ASKABLE_STATES:
        LIFECYCLE.after(RequestMove.ASK, request.state)
    if any(one.advocate_id == advocate.id for one in request_status.open_asks(made)):
        raise Conflict("%(name)s was already asked for this, so we didn’t ask again.", name=advocate.name)
    if request_status.references_still_needed(request, made) > 0:
        return
    if running := request_status.open_asks(made):
        raise Conflict(
            "%(name)s was just asked and hasn’t answered yet, so we didn’t ask anyone else.",
            name=running[-1].advocate.name,
        )
    raise ImpossibleMove("This request already has all the references it needs, so we didn’t ask anyone.")


def _answer_by(promised: ServiceLevels, request: ReferenceRequest) -> date:
    """Some working days, but not past the day it is needed (and never before tomorrow)."""
    today = promised.calendar.today(promised.now)
    by = promised.calendar.days_after(today, promised.answer_days)
    return max(min(by, request.needed_by), today + timedelta(days=1))


def due_day(session: Session, made: Ask, left_on: date) -> date:
    promised, request = service_levels(session), queries.get(session, made.subject_id)
    by = promised.calendar.days_after(left_on, promised.answer_days)
    return min(by, max(request.needed_by, made.due_on))


def withdraw_ask(session: Session, request_id: UUID, ask_id: UUID, reason: str, *, by: Membership) -> None:
    request = queries.lock_request(session, request_id)
    made = next((one for one in queries.asks_for(session, request.id) if one.id == ask_id), None)
    if made is None:
        raise NotFound("We couldn’t find this ask.")
    _withdraw_ask(session, request, made, IN_WORDS, reason, by)
    history.record(
        session, request, RequestAction.ASK_WITHDRAWN, by=by, advocate=str(made.advocate_id), reason=reason
    )
    request_status.sync_status(session, request)


def withdraw_open_asks(session: Session, request: ReferenceRequest, text: str, by: Membership) -> None:
    reason = IN_WORDS if text else REQUEST_ENDED
    running = request_status.open_asks(queries.asks_for(session, request.id))
    ledger.lock_people_and_companies(session, running)
    for made in running:
        _withdraw_ask(session, request, made, reason, text, by)


def _withdraw_ask(
    session: Session,
    request: ReferenceRequest,
    made: Ask,
    reason: WithdrawalReason,
    text: str,
    by: Membership,
) -> None:
    meeting = queries.lock_meeting_of(session, made)
    asks.withdraw(session, made, reason, text, by=by)
    session.flush()
    if meeting is not None:
        rescheduling_actions.cancel(session, meeting)
    asking_emails.send_ask_withdrawn(session, request, made)


def record_delivery(session: Session, request_id: UUID, ask_id: UUID, note: str, *, by: Membership) -> None:
    request = queries.lock_request(session, request_id)
    made = next((one for one in queries.asks_for(session, request.id) if one.id == ask_id), None)
    if made is None:
        raise NotFound("We couldn’t find this ask.")
    if made.kind.has_meeting:
        raise Conflict("A call isn’t recorded as a delivery. Once it has taken place, record how it went.")
    asks.complete(session, made)
    history.record(
        session, request, RequestAction.DELIVERY_RECORDED, by=by, advocate=str(made.advocate_id), note=note
    )
    actions.deliver_reference(session, request, str(made.id))


def return_to_matching(session: Session, made: Ask) -> None:
    request = queries.lock_request(session, made.subject_id)
    request_status.sync_status(session, request)
    action, change = RequestAction.EXPIRED, RequestUpdate.EXPIRED
    if made.state is AskState.DECLINED:
        action, change = RequestAction.DECLINED, RequestUpdate.DECLINED
    history.record(session, request, action, advocate=str(made.advocate_id), reason=made.decline_reason or "")
    emails.send_request_update(session, request, request.requester, change, str(made.id))


def record_acceptance(session: Session, made: Ask) -> None:
    request = queries.lock_request(session, made.subject_id)
    request_status.sync_status(session, request)
    history.record(session, request, RequestAction.ACCEPTED, advocate=str(made.advocate_id))
    if not made.kind.has_meeting:
        emails.send_request_update(
            session,
            request,
            request.requester,
            RequestUpdate.ACCEPTED,
            str(made.id),
            who=request_status.name_for_rep(session, made),
        )


def clean_up_withdrawn_ask(session: Session, made: Ask) -> None:
    """Cancel the call of an ask that was withdrawn, and let the request move on. Safe to repeat."""
    request = queries.lock_request(session, made.subject_id)
    meeting = queries.lock_meeting_of(session, made)
    if meeting is not None and meeting.state not in rescheduling_actions.OVER:
        rescheduling_actions.cancel(session, meeting)
        history.record(session, request, RequestAction.ADVOCATE_DROPPED_OUT, advocate=str(made.advocate_id))
        emails.send_request_update(
            session, request, request.requester, RequestUpdate.NOT_HELD, str(meeting.id)
        )
    request_status.sync_status(session, request)
