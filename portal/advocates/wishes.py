"""What somebody agrees to and takes back on a page that shows the exact words."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.advocates import consents, queries
from portal.advocates.models import Advocate, ConsentWords, Source
from portal.advocates.words import current_words


@dataclass(frozen=True)
class Box:
    """One purpose on the page: the words agreed to, else those of today."""

    words: ConsentWords
    agreed_at: datetime | None
    source: Source | None


def boxes(session: Session, advocate: Advocate) -> list[Box]:
    agreed = queries.agreed_words(queries.ledger(session, advocate))
    shown = []
    for purpose, today in current_words(session).items():
        entry, words = agreed.get(purpose, (None, today))
        shown.append(Box(words, entry.at if entry else None, entry.source if entry else None))
    return shown


def tick(
    session: Session,
    advocate: Advocate,
    shown: Collection[Box],
    ticked: Collection[str],
    source: Source,
    place: str = "",
    *,
    only_back: bool = False,
) -> None:
    """What is ticked holds, what is not does not. `only_back`: a letter's link may take back, not give."""
    for box in shown:
        if str(box.words.id) not in ticked:
            consents.withdraw(session, advocate, box.words.purpose, source, place)
        elif not only_back:
            consents.give(session, advocate, box.words, source, place)
