"""What follows when a reader wants no more letters, or wants them again; and when what held letters has changed."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.advocates import queries
from portal.advocates.models import Advocate, AdvocateBack, ConsentGiven, Purpose
from portal.outbox import Message
from portal.outreach import freeing
from portal.outreach.models import Letter
from portal.outreach.sequences.actions import stop_for
from portal.outreach.sequences.models import Stop
from portal.outreach.suppression.models import TakenBack, Unsubscribed
from portal.outreach.suppression.queries import unsubscribed_from
from portal.outreach.suppression.unsubscribing import ALL, agreed_again
from portal.policies import PolicyChanged, PolicyValue


def stop_after_a_letter(session: Session, message: Unsubscribed) -> None:
    address = session.scalar(select(Letter.recipient).where(Letter.id == message.letter_id))
    _stop(session, message.advocate_id, address)


def stop_after_preferences(session: Session, message: TakenBack) -> None:
    address = session.scalar(select(Advocate.email).where(Advocate.id == message.advocate_id))
    _stop(session, message.advocate_id, address)


def write_again(session: Session, message: ConsentGiven) -> None:
    advocate = queries.locked(session, message.advocate_id)
    if advocate is not None:
        agreed_again(session, advocate)
        freeing.after_agreeing(session, advocate)


def go_on_after_a_pause(session: Session, message: AdvocateBack) -> None:
    freeing.after_a_pause(session, queries.get(session, message.advocate_id))


def go_on_by_other_numbers(session: Session, message: PolicyChanged) -> None:
    changed = session.scalar(select(PolicyValue.name).where(PolicyValue.id == message.value_id))
    freeing.after_a_change(session, changed or "")


def _stop(session: Session, advocate_id: UUID, address: str | None) -> None:
    """What has ended by now: every way that stands on a consent. Calls that have a time are reminded of as agreed."""
    ended = unsubscribed_from(session, address or "")
    for purpose in Purpose if ALL in ended else sorted(ended):
        stop_for(session, advocate_id, purpose, Stop.UNSUBSCRIBED)


ANSWERS: dict[type[Message], Callable[[Session, Any], None]] = {
    AdvocateBack: go_on_after_a_pause,
    ConsentGiven: write_again,
    PolicyChanged: go_on_by_other_numbers,
    TakenBack: stop_after_preferences,
    Unsubscribed: stop_after_a_letter,
}
