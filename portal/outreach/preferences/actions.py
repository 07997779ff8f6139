"""What a link may change: it takes back, pauses and ends a pause. Giving needs somebody who signed in."""

from collections.abc import Collection, Iterable

from sqlalchemy.orm import Session

from portal.advocates.actions import resume
from portal.advocates.consent_form import ConsentBox
from portal.advocates.models import Advocate, AdvocateState
from portal.outreach.suppressions.unsubscribe_actions import ALL_PURPOSES, unsubscribe_advocate


def withdraw_unchecked(
    session: Session,
    advocate: Advocate,
    shown: Iterable[ConsentBox],
    checked: Collection[str],
    source_address: str = "",
) -> bool:
    """What was agreed to and is not kept ends, in the ledger and for every email. False: all of it was kept."""
    ended = [box for box in shown if box.agreed_at is not None and str(box.text.id) not in checked]
    for box in ended:
        unsubscribe_advocate(session, advocate, box.text.purpose, source_address)
    return bool(ended)


def end_pause(session: Session, advocate: Advocate) -> bool:
    """False: they were not on a pause, or are back already."""
    if advocate.state is not AdvocateState.PAUSED:
        return False
    resume(session, advocate)
    return True


def unsubscribe_from_all(session: Session, advocate: Advocate, source_address: str = "") -> None:
    unsubscribe_advocate(session, advocate, ALL_PURPOSES, source_address)
