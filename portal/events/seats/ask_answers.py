"""The guest's row is the truth, and the ask follows it in the same transaction (docs/domain.md, 2)."""

from sqlalchemy.orm import Session

from portal.asks import actions as asks
from portal.asks import change_actions as changes
from portal.asks import queries as ask_queries
from portal.asks.answer_codes import DeclineReason
from portal.asks.models import Ask, AskState
from portal.declarations.withdrawal_reasons import WithdrawalReason
from portal.events.guest_models import EventGuest, GuestState
from portal.events.queries import LockedGuest
from tenants.models import Membership

S = GuestState
YES = frozenset({S.ACCEPTED, S.WAITLISTED, S.OFFERED})  # they said yes, whether or not there was a seat
NO = frozenset({S.DECLINED, S.CANCELLED, S.LAPSED})
WITHDRAWABLE = frozenset({AskState.PROPOSED, AskState.SENT, AskState.ACCEPTED})


def follow(session: Session, here: LockedGuest) -> None:
    """Quickly where the ask stands as it was read with the guest, else as anybody answers."""
    guest, known = here.guest, here.ask_state
    if guest.ask_id is None:
        return
    if guest.state is S.MAYBE:
        _say_maybe(session, ask_queries.get(session, guest.ask_id))
    elif guest.state in YES | NO and known is not None:
        comes = guest.state in YES
        if not changes.follow_guest(session, guest.ask_id, known, comes=comes):
            _answer(session, ask_queries.get(session, guest.ask_id), comes=comes)


def _answer(session: Session, ask: Ask, *, comes: bool) -> None:
    if comes:
        changes.say_yes(session, ask)
    else:
        changes.say_no(session, ask, DeclineReason.NO)


def say_no(session: Session, guest: EventGuest) -> None:
    """Of whoever gives the seat away."""
    if guest.ask_id is not None:
        changes.say_no(session, ask_queries.get(session, guest.ask_id), DeclineReason.NO)


def _say_maybe(session: Session, ask: Ask) -> None:
    """A yes or a no that becomes a maybe is no yes: there is no way back to an open question."""
    if ask.state is AskState.SENT:
        changes.say_maybe(session, ask)
    else:
        changes.say_no(session, ask, DeclineReason.NO)


def withdraw(
    session: Session, guest: EventGuest, reason: WithdrawalReason, *, by: Membership | None = None
) -> None:
    """An ask that is open; what was answered with a no stays so."""
    if guest.ask_id is None:
        return
    ask = ask_queries.get(session, guest.ask_id)
    if ask.state in WITHDRAWABLE:
        asks.withdraw(session, ask, reason, by=by)
