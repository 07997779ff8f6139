"""Candidates as a page shows them: names for the desk, roles for reps."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.number_words import first_number_word, number_word
from portal.references.matching.advocate_description import anonymous_description, translated
from portal.references.matching.queries import MAX_CANDIDATES, Candidate, ExcludedGroup, MatchResult, Remedy
from portal.web.filters import day
from portal.web.filters import number as thousands


@dataclass(frozen=True)
class CandidateRow:
    """One line of the list. `advocate_id` is None for a rep: nothing on the page leads to the person."""

    score: int
    name: str
    first: str
    about: str
    reasons: Sequence[tuple[int, str]]
    availability: str
    tone: str
    icon: str
    advocate_id: UUID | None
    anonymous_description: str  # the words for those who may not know the name
    can_override: bool = False


@dataclass(frozen=True)
class CandidateList:
    best: Sequence[CandidateRow]
    near: Sequence[CandidateRow]
    excluded: Sequence[
        tuple[int, str, Remedy | None]
    ]  # people, the first reason that applies, what would help
    excluded_count: int
    title: str
    near_title: str

    @property
    def can_relax(self) -> int:
        return next((people for people, _words, remedy in self.excluded if remedy is Remedy.RELAX_REGION), 0)

    @property
    def advice(self) -> str:
        ways = [_("include other regions")] if self.can_relax else []
        ways += (
            [_("ask someone who’s on a break anyway")] if any(one.can_override for one in self.near) else []
        )
        if any(remedy is Remedy.INVITE for _people, _words, remedy in self.excluded):
            ways.append(_("invite someone"))
        if not ways:
            return _(
                "The list below says why. It may change in a few days; if it doesn’t, close the "
                "request and say why."
            )
        return _("The list below says why. What would help: %(ways)s.", ways=_(" or ").join(ways))


def candidate_list(found: MatchResult, *, for_desk: bool) -> CandidateList:
    best = [_row(one, for_desk, is_best=not place) for place, one in enumerate(found.best)]
    return CandidateList(
        best,
        [_row(one, for_desk) for one in found.near],
        [_left_out(one) for one in found.excluded],
        found.excluded_count,
        _title(len(best), found.people),
        ngettext(
            "One close match",
            "%(count)s close matches",
            len(found.near),
            count=first_number_word(len(found.near)),
        ),
    )


def _title(count: int, able: int) -> str:
    if not count:
        return _("No one fits right now")
    if count == MAX_CANDIDATES and able > count:
        few = number_word(count)
        return _("%(all)s people fit. Here are the best %(few)s", all=thousands(able), few=few)
    if able > count:
        now = number_word(count)
        return _("%(all)s people fit; %(now)s can do it now", all=first_number_word(able), now=now)
    return ngettext("One person fits", "%(count)s people fit", count, count=first_number_word(count))


def _row(one: Candidate, for_desk: bool, *, is_best: bool = False) -> CandidateRow:
    person = one.advocate
    return CandidateRow(
        score=one.score,
        name=person.name if for_desk else anonymous_description(person),
        first=person.first_name or person.name if for_desk else "",
        about=_about(one, for_desk),
        reasons=[(points, translated(why)) for points, why in one.reasons],
        availability=_free(one, is_best),
        tone="good" if one.reason is None else "",
        icon="circle-check" if one.reason is None else "clock-hour-4",
        advocate_id=person.id if for_desk else None,
        anonymous_description=anonymous_description(person),
        can_override=one.available_from is not None,
    )


def _about(one: Candidate, for_desk: bool) -> str:
    """One sentence on the person, one on what is missing."""
    who = ", ".join(translated(part) for part in one.about) + "." if for_desk else ""
    gap = translated(one.gap) + "." if one.gap else ""
    lacks = ". ".join(translated(lack) for lack in one.missing) + "." if one.missing else ""
    return " ".join(part for part in (who, gap, lacks) if part)


def _free(one: Candidate, is_best: bool) -> str:
    if one.available_from is not None:
        return _("Free from %(day)s", day=day(one.available_from))
    if one.reason is not None:
        return _("Close match")
    return _("Best fit, free now") if is_best else _("Free now")


def _left_out(group: ExcludedGroup) -> tuple[int, str, Remedy | None]:
    return group.people, translated(group.text), group.remedy
