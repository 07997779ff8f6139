"""Who could do this: the best matches, the close ones, and why everybody else could not.

    found = candidates(session, request)     # or candidates(session, MatchCriteria(...)) for a form being filled
    found.best      Candidate: advocate (with account), score, reasons (points and text), missing, load
    found.near      the same, with `gap` as text, and `available_from` when only time is missing
    found.excluded  ExcludedGroup: reason, people, text, remedy

Texts are `portal.asks.translatable.TranslatableText`, put into the reader's language when shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import CompoundSelect, Select, select
from sqlalchemy.orm import Session, joinedload

from portal import policies
from portal.advocates.models import Advocate
from portal.asks.policies import AskRules, ask_rules
from portal.asks.translatable import TranslatableText
from portal.references.criteria import MatchCriteria
from portal.references.matching import labels, statements
from portal.references.matching.filters import ExclusionReason, reason_by_number
from portal.references.matching.policies import ScoreCriterion
from portal.references.matching.scores import ScoreWeights, score_weights
from portal.references.matching.statements import CandidateGroup
from portal.references.models import ReferenceRequest

MAX_CANDIDATES = 10


class Remedy(StrEnum):
    """What would help where many are left out for one reason."""

    RELAX_REGION = "relax_region"
    INVITE = "invite"
    SEE_DATES = "dates"
    SEE_ACCOUNTS = "accounts"


REMEDIES = {
    ExclusionReason.REGION: Remedy.RELAX_REGION,
    ExclusionReason.NOT_JOINED: Remedy.INVITE,
    ExclusionReason.CONSENT: Remedy.INVITE,
    ExclusionReason.BUDGET: Remedy.SEE_DATES,
    ExclusionReason.HEALTH: Remedy.SEE_ACCOUNTS,
}
REASON_ORDER = (
    ExclusionReason.REGION,
    ExclusionReason.CONSENT,
    ExclusionReason.BUDGET,
    ExclusionReason.LANGUAGE,
    ExclusionReason.HEALTH,
)


@dataclass(frozen=True, kw_only=True)
class Candidate:
    advocate: Advocate
    score: int
    reasons: tuple[tuple[int, TranslatableText], ...]  # points and why, the most important criterion first
    missing: tuple[TranslatableText, ...]  # what this person does not bring
    load: int  # favors asked for in 90 days
    available_from: date | None = None  # None: can be asked now
    reason: ExclusionReason | None = None
    gap: TranslatableText | None = None  # of a near match: what is missing

    @property
    def about(self) -> tuple[TranslatableText, ...]:
        return labels.full_description(self.advocate)


@dataclass(frozen=True, kw_only=True)
class ExcludedGroup:
    reason: ExclusionReason
    people: int
    text: TranslatableText
    remedy: Remedy | None = None


@dataclass(frozen=True, kw_only=True)
class MatchResult:
    best: Sequence[Candidate]
    near: Sequence[Candidate]
    excluded: Sequence[ExcludedGroup]
    people: int = 0  # who could do this, now or after a rest, shown or not

    @property
    def excluded_count(self) -> int:
        return sum(group.people for group in self.excluded)


@dataclass(frozen=True)
class MatchCount:
    """“12 people could do this, 3 this week.”"""

    people: int
    this_week: int


def candidates(
    session: Session, request: ReferenceRequest | MatchCriteria, most: int = MAX_CANDIDATES
) -> MatchResult:
    if isinstance(request, MatchCriteria):
        criteria, request_id = request, None
    else:
        criteria, request_id = request.criteria, request.id
    rules, weights = _read(session, criteria)
    asked = _with_people(statements.match_statement(criteria, rules, weights, most, request_id))
    rows = sorted(session.execute(asked).mappings(), key=lambda row: row["place"])
    candidates_by_group = [
        (row["group"], _candidate(row, row["Advocate"], criteria, rules, weights))
        for row in rows
        if row["id"]
    ]
    return MatchResult(
        best=[candidate for group, candidate in candidates_by_group if group == CandidateGroup.BEST],
        near=[candidate for group, candidate in candidates_by_group if group == CandidateGroup.NEAR],
        excluded=_excluded_groups([row for row in rows if row["group"] == CandidateGroup.EXCLUDED], criteria),
        people=next(row["people"] for row in rows if row["group"] == CandidateGroup.POSSIBLE),
    )


def count_matches(session: Session, criteria: MatchCriteria) -> MatchCount:
    rules, weights = _read(session, criteria)
    people, this_week = session.execute(statements.count_statement(criteria, rules, weights)).one()
    return MatchCount(people, this_week)


def _read(session: Session, criteria: MatchCriteria) -> tuple[AskRules, ScoreWeights]:
    statements.prepare_session(session)
    own = policies.values(session)
    return ask_rules(session, own), score_weights(criteria, own)


def _with_people(judged: CompoundSelect[Any]) -> Select[Any]:
    """The few that are shown, with what a page says about them."""
    found = judged.subquery("found")
    people = select(found, Advocate).outerjoin(Advocate, Advocate.id == found.c.id)
    return people.options(joinedload(Advocate.account))


def _candidate(
    row: Mapping[Any, Any],
    advocate: Advocate,
    criteria: MatchCriteria,
    rules: AskRules,
    weights: ScoreWeights,
) -> Candidate:
    points = dict(zip(weights.points, row["points"], strict=True))
    explanation = labels.MatchExplanation(
        criteria, advocate, row["rating"], row["rated_on"], row["load"], rules.today
    )
    reason = reason_by_number(row["reason"])
    waits = reason is ExclusionReason.BUDGET
    return Candidate(
        advocate=advocate,
        score=row["score"],
        reasons=tuple(
            (gained, explanation.reason(criterion)) for criterion, gained in _largest_first(points) if gained
        ),
        missing=tuple(
            words
            for criterion, gained in points.items()
            if not gained and (words := explanation.missing(criterion))
        ),
        load=row["load"],
        available_from=row["free_on"] if waits else None,
        reason=reason,
        gap=explanation.gap(reason, row["free_on"]) if reason else None,
    )


def _largest_first(points: Mapping[ScoreCriterion, int]) -> list[tuple[ScoreCriterion, int]]:
    return sorted(points.items(), key=lambda gained: -gained[1])


def _excluded_groups(rows: Sequence[Mapping[Any, Any]], criteria: MatchCriteria) -> list[ExcludedGroup]:
    groups = {reason_by_number(row["reason"]): row for row in rows}
    order = [*REASON_ORDER, *(reason for reason in ExclusionReason if reason not in REASON_ORDER)]
    return [
        ExcludedGroup(
            reason=reason,
            people=groups[reason]["people"],
            text=labels.exclusion_text(reason, criteria, groups[reason]["free_on"]),
            remedy=REMEDIES.get(reason),
        )
        for reason in order
        if reason in groups
    ]
