"""What a program adds to the answer page of its asks. The page itself is `portal/asks/answering`.

`ask` is a row of the ledger, `content` whatever the program's `content` made of it for its template, `form` the form
that the program's `form` made. Everything but `content`, `form`, `is_valid` and `changeable_until` runs in a POST,
with the program's record, the company, the person and the ask locked in this order.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from portal.errors import Conflict


class AnswerRefused(Conflict):
    """Somebody was quicker between the page and the press; the page says so and keeps what was filled in."""


@dataclass(frozen=True)
class DeclineAnswer:
    """A no: its reason as a code, words for the team, a colleague who might do it."""

    reason: StrEnum
    note: str = ""
    colleague: str = ""


@dataclass(frozen=True)
class ReasonChoice:
    """A reason that answers by one tap: its code, its words, and what happens because of it."""

    code: StrEnum
    label: str
    consequence: str


@dataclass(frozen=True)
class ExtraAnswer:
    """An answer beside yes and no: “Maybe”. `give` writes it down."""

    name: str
    label: str
    give: Callable[[Session, Any], None]  # session, ask


def no_content(session: Session, ask: Any) -> Any:
    return None


def always_valid(form: Any, content: Any) -> bool:
    return True


def never_changeable(session: Session, ask: Any) -> datetime | None:
    return None


@dataclass(frozen=True, kw_only=True)
class AnswerPart:
    lock: Callable[[Session, Any], None]  # the program's record; before company, person and ask
    form: Callable[[Any], Any]  # from the content: what a yes asks for
    accept: Callable[
        [Session, Any, Any, Any], None
    ]  # ask, content, form: the yes and all that follows from it
    decline: Callable[
        [Session, Any, DeclineAnswer], None
    ]  # what follows at once from a no that was written down
    content: Callable[[Session, Any], Any] = no_content
    is_valid: Callable[[Any, Any], bool] = always_valid  # form, content: what the form cannot know by itself
    template: str = "asks/answering/ask.html"
    answered_template: str = "asks/answering/answered.html"
    extra: tuple[ExtraAnswer, ...] = ()
    reasons: Callable[[Any, Any], Sequence[ReasonChoice]] | None = None  # ask, content; None: the usual ones
    changeable_until: Callable[[Session, Any], datetime | None] = (
        never_changeable  # of guest kinds alone; asked for a yes, a no, a maybe or silence
    )
    can_dismiss: bool = True
    can_suggest_colleague: bool = True  # somebody else could do it as well
    offer_late: Callable[[Session, Any], None] | None = None  # “I would still help”, after the last day

    def extra_answer(self, name: str) -> ExtraAnswer | None:
        return next((one for one in self.extra if one.name == name), None)
