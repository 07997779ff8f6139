"""What a link may change: it takes back, pauses and ends a pause. Giving needs somebody who signed in."""

from collections.abc import Collection, Iterable

from sqlalchemy.orm import Session

from portal.advocates.actions import resume
from portal.advocates.models import Advocate, State
from portal.advocates.wishes import Box
from portal.outreach.suppression.unsubscribing import ALL, end


def keep_only(
    session: Session, advocate: Advocate, shown: Iterable[Box], kept: Collection[str], place: str = ""
) -> bool:
    """What was agreed to and is not kept ends, in the ledger and for every letter. False: all of it was kept."""
    ended = [box for box in shown if box.agreed_at is not None and str(box.words.id) not in kept]
    for box in ended:
        end(session, advocate, box.words.purpose, place)
    return bool(ended)


def come_back(session: Session, advocate: Advocate) -> bool:
    """False: they were not on a pause, or are back already."""
    if advocate.state is not State.PAUSED:
        return False
    resume(session, advocate)
    return True


def end_all(session: Session, advocate: Advocate, place: str = "") -> None:
    end(session, advocate, ALL, place)
