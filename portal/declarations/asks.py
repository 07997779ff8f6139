"""How a program shows its asks: in the list of whoever is asked, on their timeline, on what their help led to.

Each function gets a batch of asks of this program alone and answers for all of them in one question at most.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.declarations.link_phrases import LinkPhrase

Asks = Sequence[Any]  # rows of the ledger
ByAsk = Mapping[UUID, Any]


@dataclass(frozen=True, kw_only=True)
class AskSummary:
    """An ask as it is put to the person: “Could you talk to Initech for 20 minutes?”, “20 minutes by video”."""

    question: str
    link_phrase: LinkPhrase  # of the email that brings its link once more: “would you help Initech?”
    length: str
    effort: str = ""  # the rest of that line: “5 to prepare”
    after_due_day: str = ""  # the rest of the line of the last day: “then we ask someone else”
    yes_label: str = ""  # the button in the list


@dataclass(frozen=True)
class ImpactEntry:
    """What one favor led to. `is_success`: the best that could come of it."""

    title: str
    text: str
    is_success: bool = False


@dataclass(frozen=True)
class ImpactHeadline:
    """What all favors of a program led to: a title for the page, and a sentence for under it."""

    title: str = ""
    sentence: str = ""


@dataclass(frozen=True)
class ImpactPart:
    entries: Callable[[Session, Asks], Mapping[UUID, ImpactEntry]]  # by the id of the ask
    headline: Callable[[Session, Any], ImpactHeadline]  # of an advocate


Summaries = Callable[[Session, Asks], Mapping[UUID, AskSummary]]
TimelineTexts = Callable[[Session, Asks], Mapping[UUID, str]]
FollowUp = Callable[[Session, Any], None]  # session, ask
DueDay = Callable[[Session, Any, date], date]  # session, ask, the day on which its email left


def nothing_follows(session: Session, ask: Any) -> None: ...


@dataclass(frozen=True, kw_only=True)
class AskFollowUps:
    """What a program does once an ask has moved, in a worker. Each may come twice, and later than the next move."""

    accepted: FollowUp
    declined: FollowUp
    expired: FollowUp
    completed: FollowUp
    not_held: FollowUp
    withdrawn: FollowUp
    released: FollowUp = nothing_follows
