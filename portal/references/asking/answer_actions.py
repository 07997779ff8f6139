"""The advocate's answer to an ask of the desk: yes with times, yes with words, or not now.

The answer page (portal/asks/answering) calls these with the request, the company, the person and the ask locked.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from portal import history
from portal.asks import actions as asks
from portal.asks.models import Ask, AskState
from portal.declarations.answers import DeclineAnswer
from portal.errors import DomainError
from portal.references import queries
from portal.references.asking import actions as asking_actions
from portal.references.asking import emails
from portal.references.history_actions import RequestAction
from portal.references.meetings import actions as meetings_actions
from portal.references.meetings import bookings
from tenants.clock import utc_now

FEWEST_SLOTS = meetings_actions.MIN_TIMES


def accept(session: Session, ask: Ask, slots: Sequence[datetime], note: str = "") -> None:
    """Accept: with three times or more for a meeting, with a few words for everything else."""
    request = queries.get(session, ask.subject_id)
    if ask.kind.has_meeting and ask.state is AskState.SENT:
        bookings.ensure_free(session, ask.advocate_id, slots, ask.minutes)
    asks.accept(session, ask, note)
    _ensure_enough_times(ask, slots)
    if ask.kind.has_meeting:
        meetings_actions.offer_times(session, ask, slots)
    else:
        asking_actions.record_acceptance(session, ask)
    emails.send_receipt(session, ask, request, accepted=True, slots=sorted(slots))


def _ensure_enough_times(ask: Ask, slots: Sequence[datetime]) -> None:
    future = {slot for slot in slots if slot > utc_now()}
    if ask.kind.has_meeting and len(future) < FEWEST_SLOTS:
        raise DomainError("Please pick at least %(count)s times in the future.", count=FEWEST_SLOTS)


def follow_up_decline(session: Session, ask: Ask, answer: DeclineAnswer) -> None:
    request = queries.get(session, ask.subject_id)
    if answer.colleague:
        history.record(
            session,
            request,
            RequestAction.COLLEAGUE_SUGGESTED,
            advocate=str(ask.advocate_id),
            colleague=answer.colleague,
        )
    emails.send_receipt(session, ask, request, accepted=False, slots=[])


def record_still_willing(session: Session, ask: Ask) -> None:
    """Note in the request's history that the person would still help, for the desk to ask again."""
    request = queries.get(session, ask.subject_id)
    history.record(session, request, RequestAction.STILL_WILLING, advocate=str(ask.advocate_id))
