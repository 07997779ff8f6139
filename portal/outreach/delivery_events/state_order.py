"""What news does to an email: it only ever moves up, so neither repeats nor disorder change where it ends.

    not taken, or nobody knows  <  accepted  <  dropped  <  delivered  <  bounced  <  complained

Any news proves that the provider took the email, so it never leaves a second time. A dropped email is one that
failed and was heard of; one that failed here was never heard of, and any news corrects it.
"""

from collections.abc import Sequence
from typing import NamedTuple

from portal.outreach.delivery_events.models import DeliveryEventType
from portal.outreach.delivery_events.parsing import ParsedEvent
from portal.outreach.models import Email, EmailState, HoldReason
from portal.outreach.status_codes import StatusCode


class RankedState(NamedTuple):
    rank: int
    state: EmailState
    code: StatusCode = StatusCode.NONE
    has_provider_reason: bool = False


ACCEPTED = RankedState(1, EmailState.ACCEPTED)
STATE_OF_EVENT = {
    DeliveryEventType.DROPPED: RankedState(2, EmailState.FAILED, StatusCode.DROPPED, True),
    DeliveryEventType.DELIVERED: RankedState(3, EmailState.DELIVERED),
    DeliveryEventType.BOUNCED: RankedState(4, EmailState.BOUNCED, StatusCode.NO_SUCH_MAILBOX, True),
    DeliveryEventType.BLOCKED: RankedState(4, EmailState.BOUNCED, StatusCode.TURNED_AWAY, True),
    DeliveryEventType.COMPLAINED: RankedState(5, EmailState.COMPLAINED, StatusCode.MARKED_AS_SPAM),
}
RANKS = {step.state: step.rank for step in (ACCEPTED, *STATE_OF_EVENT.values())}


def rank(email: Email) -> int:
    if email.state is EmailState.FAILED and email.first_event_at is None:
        return 0
    return RANKS.get(email.state, 0)


def is_first_proof_of_acceptance(email: Email) -> bool:
    """Any event of it proves that the provider took it. Ask before `advance`."""
    return rank(email) == 0


def advance(email: Email, events: Sequence[ParsedEvent]) -> None:
    before, highest = rank(email), max(events, key=lambda event: _ranked_state(event).rank)
    ranked = _ranked_state(highest)
    email.first_event_at = email.first_event_at or min(event.received_at for event in events)
    if ranked.rank <= before:
        return
    email.state, email.status_code = ranked.state, ranked.code
    email.status_params = {"reason": highest.provider_reason} if ranked.has_provider_reason else {}
    email.lease_until, email.outcome_unknown = None, False
    email.hold_reason, email.given_up_at = HoldReason.NONE, None
    email.sent_at = email.sent_at or min(min(event.at, event.received_at) for event in events)


def _ranked_state(event: ParsedEvent) -> RankedState:
    return STATE_OF_EVENT.get(event.event_type, ACCEPTED)
