"""Who could do this: the best, the near ones, and why everybody else could not.

    found = candidates(session, wanted)     # or candidates(session, Wish(...)) for a form being filled
    found.best      Candidate: advocate (with account), score, reasons [(points, words)], lacks [words], status words
    found.near      the same, with `gap` in words and `free_from` when only time is missing
    found.left_out  LeftOut: reason, people, words, help ("relax_region", "invite", "dates", "accounts" or "")

Words are `portal.asks.sentences.Sentence`; `names.said` puts them into the reader's language.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import CompoundSelect, Select, select
from sqlalchemy.orm import Session, joinedload

from portal import policies
from portal.advocates.models import Advocate
from portal.asks import windows
from portal.asks.sentences import Sentence
from portal.asks.windows import Rules
from portal.references import matching_sql, matching_words
from portal.references.matching_filters import Reason, named
from portal.references.matching_scores import Criterion, Scale, scale
from portal.references.models import ReferenceRequest
from portal.references.wishes import Wish

MOST = 10
HELP = {
    Reason.REGION: "relax_region",
    Reason.NOT_JOINED: "invite",
    Reason.CONSENT: "invite",
    Reason.BUDGET: "dates",
    Reason.HEALTH: "accounts",
}
SHOWN_FIRST = (Reason.REGION, Reason.CONSENT, Reason.BUDGET, Reason.LANGUAGE, Reason.HEALTH)


@dataclass(frozen=True, kw_only=True)
class Candidate:
    advocate: Advocate
    score: int
    reasons: tuple[tuple[int, Sentence], ...]  # points and why, the most important criterion first
    lacks: tuple[Sentence, ...]  # what this person does not bring
    load: int  # asks in 90 days
    free_from: date | None = None  # None: can be asked now
    reason: Reason | None = None
    gap: Sentence | None = None  # of a near match: what is missing

    @property
    def about(self) -> tuple[Sentence, ...]:
        return matching_words.about(self.advocate)

    @property
    def described(self) -> tuple[Sentence, ...]:
        """What a rep may know before the advocate has said yes."""
        return described(self.advocate)


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    reason: Reason
    people: int
    words: Sentence
    help: str = ""


@dataclass(frozen=True, kw_only=True)
class Matching:
    best: Sequence[Candidate]
    near: Sequence[Candidate]
    left_out: Sequence[LeftOut]
    people: int = 0  # who could do this, now or after a rest, shown or not

    @property
    def people_left_out(self) -> int:
        return sum(group.people for group in self.left_out)


@dataclass(frozen=True)
class LiveCount:
    """“12 people could do this, 3 this week.”"""

    people: int
    this_week: int


def candidates(session: Session, wanted: ReferenceRequest | Wish, most: int = MOST) -> Matching:
    wish = wanted if isinstance(wanted, Wish) else Wish.of(wanted)
    rules, weights = _read(session, wish)
    asked = _with_people(matching_sql.matching(wish, rules, weights, most))
    rows = sorted(session.execute(asked).mappings(), key=lambda row: row["place"])
    found = [
        (row["group"], _candidate(row, row["Advocate"], wish, rules, weights)) for row in rows if row["id"]
    ]
    return Matching(
        best=[candidate for group, candidate in found if group == "best"],
        near=[candidate for group, candidate in found if group == "near"],
        left_out=_left_out([row for row in rows if row["group"] == "out"], wish),
        people=next(row["people"] for row in rows if row["group"] == "able"),
    )


def live_count(session: Session, wish: Wish) -> LiveCount:
    rules, weights = _read(session, wish)
    people, this_week = session.execute(matching_sql.counting(wish, rules, weights)).one()
    return LiveCount(people, this_week)


def described(advocate: Advocate) -> tuple[Sentence, ...]:
    """“VP IT, industrials, 20,000+ staff, customer for 3 years”: nothing that names anybody."""
    return matching_words.described(advocate)


def _read(session: Session, wish: Wish) -> tuple[Rules, Scale]:
    matching_sql.get_ready(session)
    own = policies.values(session)
    return windows.rules(session, own), scale(wish, own)


def _with_people(judged: CompoundSelect[Any]) -> Select[Any]:
    """The few that are shown, with what a page says about them."""
    found = judged.subquery("found")
    people = select(found, Advocate).outerjoin(Advocate, Advocate.id == found.c.id)
    return people.options(joinedload(Advocate.account))


def _candidate(
    row: Mapping[Any, Any], advocate: Advocate, wish: Wish, rules: Rules, weights: Scale
) -> Candidate:
    points = dict(zip(weights.points, row["points"], strict=True))
    told = matching_words.Told(wish, advocate, row["rating"], row["rated_on"], row["load"], rules.today)
    reason = named(row["reason"])
    waits = reason is Reason.BUDGET
    return Candidate(
        advocate=advocate,
        score=row["score"],
        reasons=tuple(
            (gained, told.why(criterion)) for criterion, gained in _largest_first(points) if gained
        ),
        lacks=tuple(
            words for criterion, gained in points.items() if not gained and (words := told.lack(criterion))
        ),
        load=row["load"],
        free_from=row["free_on"] if waits else None,
        reason=reason,
        gap=told.gap(reason, row["free_on"]) if reason else None,
    )


def _largest_first(points: Mapping[Criterion, int]) -> list[tuple[Criterion, int]]:
    return sorted(points.items(), key=lambda gained: -gained[1])


def _left_out(rows: Sequence[Mapping[Any, Any]], wish: Wish) -> list[LeftOut]:
    groups = {named(row["reason"]): row for row in rows}
    order = [*SHOWN_FIRST, *(reason for reason in Reason if reason not in SHOWN_FIRST)]
    return [
        LeftOut(
            reason=reason,
            people=groups[reason]["people"],
            words=matching_words.left_out(reason, wish, groups[reason]["free_on"]),
            help=HELP.get(reason, ""),
        )
        for reason in order
        if reason in groups
    ]
