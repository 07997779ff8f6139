"""How many of a segment can be asked for something, and the first reason why each of the others is left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import false
from sqlalchemy.orm import Session

from portal.advocates.ask_kinds import AskKind, kinds_in_use
from portal.advocates.labels import SHORT_KIND_NAMES
from portal.campaigns.audience import counted_by_reason
from portal.campaigns.labels import LeftOutLine, left_out_lines
from portal.declarations.campaigns import AskedKind
from portal.declarations.programs import PROGRAMS
from portal.i18n import mark
from portal.segments.audience import Audience, people_in
from portal.segments.audience_summary import audience_faults, people_count
from portal.segments.models import Segment
from tenants.rows_at_once import rows_at_once


@dataclass(frozen=True)
class SegmentAsks:
    """`outside`: those who are not in the program, such as candidates, whom nobody asks for anything yet."""

    segment: Segment
    kind: AskKind
    people: int
    asked: int
    outside: int
    left_out: Sequence[LeftOutLine]
    faults: Sequence[str]

    @property
    def kinds(self) -> list[tuple[str, Any, bool]]:
        """(value, words, whether it is this one)."""
        return [(kind.value, SHORT_KIND_NAMES[kind], kind is self.kind) for kind in kinds_in_use()]


def segment_asks(session: Session, segment: Segment, kind: AskKind) -> SegmentAsks:
    audience, asked_kind = Audience.of_segment(segment.id), kind_to_ask(kind)
    by_reason = counted_by_reason(session, asked_kind, [people_in(session, audience)])
    reasons, (everybody,) = rows_at_once(session, by_reason, people_count(session, audience))
    counts, people = {row["first_reason"]: row["people"] for row in reasons}, everybody["people"]
    return SegmentAsks(
        segment,
        kind,
        people,
        counts.get("", 0),
        people - sum(counts.values()),
        left_out_lines(asked_kind, counts),
        audience_faults(session, audience),
    )


def kind_to_ask(kind: AskKind) -> AskedKind:
    """By the rule of the program that asks many for it, if one does."""
    parts = (program.campaign for program in PROGRAMS if program.campaign is not None)
    own = next((part for part in parts if part.kind == kind), None)
    return own or AskedKind(
        kind=kind.value, asked_lately=lambda _session: false(), lately=mark("Asked lately")
    )


def known_kind(text: str) -> AskKind:
    """The first one where it names none that is in use."""
    return next((kind for kind in kinds_in_use() if kind.value == text), next(iter(kinds_in_use())))
