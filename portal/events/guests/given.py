"""What a guest said with an answer, free of any form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from portal.events.guests.labels import Answer
from portal.events.seats.parties import PlusOne


@dataclass(frozen=True, kw_only=True)
class Details:
    """All that the long form asks for beside a yes."""

    sessions: frozenset[UUID] | None = None  # none: the page offered none, or nothing was picked yet
    plus_ones: Sequence[PlusOne] | None = None
    answers: Mapping[UUID, str] = field(default_factory=dict)  # by question
    food: Sequence[str] = ()
    needs: str = ""
    note: str = ""
    shows_name: bool = False
    consent_text_ids: frozenset[UUID] = frozenset()


@dataclass(frozen=True, kw_only=True)
class GivenAnswer:
    """`details`: none from a button alone, which leaves all as it was."""

    answer: Answer
    details: Details | None = None
