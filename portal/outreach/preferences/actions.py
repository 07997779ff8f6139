"""What a link may change: it takes back and pauses. Giving needs somebody who signed in."""

from collections.abc import Collection, Iterable

from sqlalchemy.orm import Session

from portal.advocates.models import Advocate
from portal.advocates.wishes import Box
from portal.outreach.suppression.unsubscribing import ALL, end


def keep_only(
    session: Session, advocate: Advocate, shown: Iterable[Box], kept: Collection[str], place: str = ""
) -> None:
    """What was agreed to and is not kept any more ends, in the ledger and for every letter. Nothing is given."""
    for box in shown:
        if box.agreed_at is not None and str(box.words.id) not in kept:
            end(session, advocate, box.words.purpose, place)


def end_all(session: Session, advocate: Advocate, place: str = "") -> None:
    end(session, advocate, ALL, place)
