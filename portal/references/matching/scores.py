"""How well somebody fits: points of a hundred, by criteria whose weights are settings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, Integer, Subquery, case, func, literal

from portal.accounts.models import Account
from portal.advocates.models import Advocate
from portal.asks.policies import AskRules
from portal.references.criteria import SIZE_STARTS, SIZES, MatchCriteria
from portal.references.matching.filters import has_tag
from portal.references.matching.policies import NEAR_EQUAL, WEIGHTS, ScoreCriterion

LEADER_SENIORITIES = ("c_level", "vp", "director")


PercentExpression = ColumnElement[int]  # of a hundred


@dataclass(frozen=True)
class ScoreWeights:
    """The weights of the criteria a request asks for, stretched so that the best possible fit has 100 points."""

    points: Mapping[ScoreCriterion, int]
    near_equal: int


def score_weights(criteria: MatchCriteria, values: Mapping[str, int]) -> ScoreWeights:
    requested = [criterion for criterion in ScoreCriterion if _is_requested(criterion, criteria)]
    weights = {criterion: values[WEIGHTS[criterion].name] for criterion in requested}
    return ScoreWeights(scaled_to_hundred(weights), values[NEAR_EQUAL.name])


def _is_requested(criterion: ScoreCriterion, criteria: MatchCriteria) -> bool:
    told = {
        ScoreCriterion.PRODUCT: criteria.product,
        ScoreCriterion.INDUSTRY: criteria.industry,
        ScoreCriterion.USE_CASE: criteria.use_case,
        ScoreCriterion.PERSONA: criteria.persona,
        ScoreCriterion.REGION: criteria.region or criteria.prospect_time_zone,
        ScoreCriterion.SIZE: criteria.company_size,
    }
    return bool(told.get(criterion, True))


def scaled_to_hundred(weights: Mapping[ScoreCriterion, int]) -> dict[ScoreCriterion, int]:
    """Return whole numbers that add up to 100 exactly: the largest remainders are rounded up."""
    total = sum(weights.values())
    if not total:
        return dict.fromkeys(weights, 0)
    exact = {criterion: weight * 100 / total for criterion, weight in weights.items()}
    points = {criterion: int(share) for criterion, share in exact.items()}
    by_remainder = sorted(exact, key=lambda criterion: points[criterion] - exact[criterion])
    for criterion in by_remainder[: 100 - sum(points.values())]:
        points[criterion] += 1
    return points


def points(
    criteria: MatchCriteria,
    rules: AskRules,
    given: Subquery,
    rated: Subquery,
    hours: Subquery,
    scale: ScoreWeights,
) -> list[ColumnElement[int]]:
    shares: dict[ScoreCriterion, PercentExpression] = {
        ScoreCriterion.PRODUCT: _yes(has_tag(Advocate.products, criteria.product)),
        ScoreCriterion.INDUSTRY: _industry(criteria),
        ScoreCriterion.USE_CASE: _yes(has_tag(Advocate.use_cases, criteria.use_case)),
        ScoreCriterion.PERSONA: _persona(criteria),
        ScoreCriterion.REGION: _region(criteria, hours),
        ScoreCriterion.QUALITY: _quality(rules, rated),
        ScoreCriterion.SIZE: _size(criteria),
        ScoreCriterion.LOAD: case((given.c.asks_90 >= 2, 0), (given.c.asks_90 == 1, 50), else_=100),
        ScoreCriterion.NPS: case((Advocate.nps >= 9, 100), (Advocate.nps < 7, 0), else_=50),
    }
    return [(shares[criterion] * weight + 50) // 100 for criterion, weight in scale.points.items()]


def _yes(test: ColumnElement[bool]) -> PercentExpression:
    return case((test, 100), else_=0)


def _industry(criteria: MatchCriteria) -> PercentExpression:
    field = func.lower(Account.industry)
    same = ((Account.industry == criteria.industry, 100), (field == criteria.industry.lower(), 100))
    return case(*same, (field.in_(criteria.related_industries), 50), else_=0)


def _persona(criteria: MatchCriteria) -> PercentExpression:
    return case(
        (Advocate.persona == criteria.persona, 100), (Advocate.seniority.in_(LEADER_SENIORITIES), 33), else_=0
    )


def _region(criteria: MatchCriteria, hours: Subquery) -> PercentExpression:
    """Four shared hours are as good as a whole day; a zone nobody knows counts as two."""
    same = case((Account.region == criteria.region, 100), else_=0) if criteria.region else literal(0)
    if not criteria.prospect_time_zone:
        return same
    shared = func.least(func.coalesce(hours.c.hours, 2), 4, type_=Integer) * 25
    return (same + shared) // 2 if criteria.region else shared


def _quality(rules: AskRules, rated: Subquery) -> PercentExpression:
    """The last rating by a prospect; older ones say less, and nothing known says nothing."""
    stars = rated.c.rating
    fresh = rated.c.rated_on > rules.today - timedelta(days=180)
    recent = rated.c.rated_on > rules.today - timedelta(days=365)
    return case((stars.is_(None), 50), (fresh, stars * 20), (recent, stars * 16), else_=stars * 12)


def _size(criteria: MatchCriteria) -> PercentExpression:
    if criteria.company_size not in SIZES:
        return literal(0)
    asked_size = SIZES.index(criteria.company_size)
    band = func.width_bucket(Account.employees, list(SIZE_STARTS), type_=Integer)
    return case((band == asked_size, 100), (band.in_([asked_size - 1, asked_size + 1]), 50), else_=0)
