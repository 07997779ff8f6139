"""Candidates as a page shows them: names for the desk, roles for reps."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.references.matching import MOST, Candidate, LeftOut, Matching
from portal.references.names import described, said
from portal.references.words import number
from portal.web.filters import day
from portal.web.filters import number as thousands


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

    @property
    def can_relax(self) -> int:
        """How many more could be looked at beyond the region."""
        return next((people for people, _words, help_ in self.left_out if help_ == "relax_region"), 0)

    @property
    def advice(self) -> str:
        """What would help where nobody fits; only what the page has a button for."""
        ways = [_("look beyond the region")] if self.can_relax else []
        ways += [_("override one who rests")] if any(one.can_override for one in self.near) else []
        if any(help_ == "invite" for _people, _words, help_ in self.left_out):
            ways.append(_("invite somebody"))
        if not ways:
            return _("Below is why. Another day may help; if nothing does, give up and say so.")
        return _("Below is why, and what would help: %(ways)s.", ways=_(" or ").join(ways))


def proposal(found: Matching, *, for_desk: bool) -> Proposal:
    best = [_shown(one, for_desk, is_best=not place) for place, one in enumerate(found.best)]
    return Proposal(
        best,
        [_shown(one, for_desk) for one in found.near],
        [_left_out(one) for one in found.left_out],
        found.people_left_out,
        _title(len(best), found.people),
        ngettext("One near match", "%(count)s near matches", len(found.near), count=number(len(found.near))),
    )


def _title(count: int, able: int) -> str:
    if not count:
        return _("Nobody fits right now")
    if count == MOST and able > count:
        few = number(count).lower()
        return _("%(all)s people could do this. Here are the %(few)s best", all=thousands(able), few=few)
    if able > count:
        now = number(count).lower()
        return _("%(all)s people could do this, %(now)s of them now", all=number(able), now=now)
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
