"""Candidates as a page shows them: names for the desk, roles for reps."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.references.matching import Candidate, LeftOut, Matching
from portal.references.names import described, said
from portal.references.words import number
from portal.web.filters import day


@dataclass(frozen=True)
class Shown:
    """One line of the list. `advocate_id` is None for a rep: nothing on the page leads to the person."""

    score: int
    name: str
    first: str
    about: str
    reasons: Sequence[tuple[int, str]]
    word: str
    tone: str
    icon: str
    advocate_id: UUID | None
    described: str  # the words for those who may not know the name
    can_override: bool = False


@dataclass(frozen=True)
class Proposal:
    best: Sequence[Shown]
    near: Sequence[Shown]
    left_out: Sequence[tuple[int, str, str]]  # people, the first reason that applies, what would help
    people_left_out: int
    title: str
    near_title: str


def proposal(found: Matching, *, for_desk: bool) -> Proposal:
    best = [_shown(one, for_desk, is_best=not place) for place, one in enumerate(found.best)]
    return Proposal(
        best,
        [_shown(one, for_desk) for one in found.near],
        [_left_out(one) for one in found.left_out],
        found.people_left_out,
        _title(len(best)),
        ngettext("One near match", "%(count)s near matches", len(found.near), count=number(len(found.near))),
    )


def _title(count: int) -> str:
    if not count:
        return _("Nobody fits right now")
    return ngettext("One person could do this", "%(count)s people could do this", count, count=number(count))


def _shown(one: Candidate, for_desk: bool, *, is_best: bool = False) -> Shown:
    person = one.advocate
    return Shown(
        score=one.score,
        name=person.name if for_desk else described(person),
        first=person.first_name or person.name if for_desk else "",
        about=_about(one, for_desk),
        reasons=[(points, said(why)) for points, why in one.reasons],
        word=_free(one, is_best),
        tone="good" if one.reason is None else "",
        icon="circle-check" if one.reason is None else "clock-hour-4",
        advocate_id=person.id if for_desk else None,
        described=described(person),
        can_override=one.free_from is not None,
    )


def _about(one: Candidate, for_desk: bool) -> str:
    """One sentence on the person, one on what is missing."""
    who = ", ".join(said(part) for part in one.about) + "." if for_desk else ""
    gap = said(one.gap) + "." if one.gap else ""
    lacks = ". ".join(said(lack) for lack in one.lacks) + "." if one.lacks else ""
    return " ".join(part for part in (who, gap, lacks) if part)


def _free(one: Candidate, is_best: bool) -> str:
    if one.free_from is not None:
        return _("Free from %(day)s", day=day(one.free_from))
    if one.reason is not None:
        return _("Near match")
    return _("Best fit, free now") if is_best else _("Free now")


def _left_out(group: LeftOut) -> tuple[int, str, str]:
    return group.people, said(group.words), group.help
