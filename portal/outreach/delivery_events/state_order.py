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
from portal.regions import mark

DROPPED = mark("The provider would not send it: %(said)s")
BOUNCED = mark("It came back, there is no such mailbox: %(said)s")
BLOCKED = mark("The reader's mail server turned it away: %(said)s")
MARKED_AS_SPAM = mark("Its reader marked it as spam.")
NO_REASON = mark("no reason was given")


class RankedState(NamedTuple):
    rank: int
    state: EmailState
    why: str = ""


ACCEPTED = RankedState(1, EmailState.ACCEPTED)
STATE_OF_EVENT = {
    DeliveryEventType.DROPPED: RankedState(2, EmailState.FAILED, DROPPED),
    DeliveryEventType.DELIVERED: RankedState(3, EmailState.DELIVERED),
    DeliveryEventType.BOUNCED: RankedState(4, EmailState.BOUNCED, BOUNCED),
    DeliveryEventType.BLOCKED: RankedState(4, EmailState.BOUNCED, BLOCKED),
    DeliveryEventType.COMPLAINED: RankedState(5, EmailState.COMPLAINED, MARKED_AS_SPAM),
}
RANKS = {step.state: step.rank for step in (ACCEPTED, *STATE_OF_EVENT.values())}


def rank(email: Email) -> int:
    if email.state is EmailState.FAILED and email.first_event_at is None:
        return 0
    return RANKS.get(email.state, 0)


def advance(email: Email, events: Sequence[ParsedEvent]) -> bool:
    """True when this is how we learn that the provider took it."""
    highest = max(events, key=lambda said: _ranked_state(said).rank)
    step, before = _ranked_state(highest), rank(email)
    email.first_event_at = email.first_event_at or min(said.received_at for said in events)
    if step.rank <= before:
        return False
    email.state, email.why = (
        step.state,
        step.why and step.why % {"said": highest.provider_reason or NO_REASON},
    )
    email.lease_until, email.outcome_unknown, email.hold_reason, email.given_up_at = (
        None,
        False,
        HoldReason.NONE,
        None,
    )
    if email.sent_at is None:
        email.sent_at = min(min(said.at, said.received_at) for said in events)
    return before == 0


def _ranked_state(said: ParsedEvent) -> RankedState:
    return STATE_OF_EVENT.get(said.event_type, ACCEPTED)
