"""How well somebody fits: points of a hundred, by criteria whose weights are settings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Integer, Subquery, case, func, literal

from portal.accounts.models import Account
from portal.advocates.models import Advocate
from portal.asks.windows import Rules
from portal.policies import Policy, declare
from portal.references.matching_filters import holds
from portal.references.wishes import SIZE_STARTS, SIZES, Wish

LEADERS = ("c_level", "vp", "director")


class Criterion(StrEnum):
    PRODUCT = "product"
    INDUSTRY = "industry"
    USE_CASE = "use_case"
    PERSONA = "persona"
    REGION = "region"
    QUALITY = "quality"
    SIZE = "size"
    LOAD = "load"
    NPS = "nps"


def _weight(criterion: Criterion, default: int, label: str, hint: str) -> Policy:
    return declare(f"references.weight_{criterion}", default, label, hint, high=100, group="matching")


WEIGHTS = {
    Criterion.PRODUCT: _weight(
        Criterion.PRODUCT, 26, "Points for the product", "Uses what the deal is about."
    ),
    Criterion.INDUSTRY: _weight(
        Criterion.INDUSTRY, 18, "Points for the industry", "All for the same field, half for a related one."
    ),
    Criterion.USE_CASE: _weight(
        Criterion.USE_CASE, 12, "Points for the use case", "Uses it for the same thing."
    ),
    Criterion.PERSONA: _weight(
        Criterion.PERSONA,
        10,
        "Points for the role",
        "All for the field wanted, a third for leaders of another.",
    ),
    Criterion.REGION: _weight(
        Criterion.REGION,
        10,
        "Points for region and working hours",
        "Half for the region, half for shared hours.",
    ),
    Criterion.QUALITY: _weight(
        Criterion.QUALITY,
        10,
        "Points for past references",
        "The last rating; older ones count less, none counts half.",
    ),
    Criterion.SIZE: _weight(
        Criterion.SIZE, 6, "Points for the size of the company", "All for the same band, half for the next."
    ),
    Criterion.LOAD: _weight(
        Criterion.LOAD, 5, "Points for not being asked lately", "All for no ask in 90 days, half for one."
    ),
    Criterion.NPS: _weight(
        Criterion.NPS, 3, "Points for satisfaction", "All for 9 and 10, half for 7 and 8 or when not known."
    ),
}
NEAR_EQUAL = declare(
    "references.near_equal_points",
    5,
    "Points within which candidates count as equally good",
    "Among those, whoever was asked least comes first.",
    high=50,
    group="matching",
)
Share = ColumnElement[int]  # of a hundred


@dataclass(frozen=True)
class Scale:
    """The weights of the criteria a request asks for, stretched so that the best possible fit has 100 points."""

    points: Mapping[Criterion, int]
    near_equal: int


def scale(wish: Wish, values: Mapping[str, int]) -> Scale:
    wanted = [criterion for criterion in Criterion if _is_wanted(criterion, wish)]
    weights = {criterion: values[WEIGHTS[criterion].name] for criterion in wanted}
    return Scale(stretched(weights), values[NEAR_EQUAL.name])


def _is_wanted(criterion: Criterion, wish: Wish) -> bool:
    told = {
        Criterion.PRODUCT: wish.product,
        Criterion.INDUSTRY: wish.industry,
        Criterion.USE_CASE: wish.use_case,
        Criterion.PERSONA: wish.persona,
        Criterion.REGION: wish.region or wish.zone,
        Criterion.SIZE: wish.company_size,
    }
    return bool(told.get(criterion, True))


def stretched(weights: Mapping[Criterion, int]) -> dict[Criterion, int]:
    """Whole numbers that add up to 100 exactly: the largest remainders are rounded up."""
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
    wish: Wish, rules: Rules, given: Subquery, rated: Subquery, hours: Subquery, scale: Scale
) -> list[ColumnElement[int]]:
    """The points somebody gets for each criterion of the scale, in its order."""
    shares: dict[Criterion, Share] = {
        Criterion.PRODUCT: _yes(holds(Advocate.products, wish.product)),
        Criterion.INDUSTRY: _industry(wish),
        Criterion.USE_CASE: _yes(holds(Advocate.use_cases, wish.use_case)),
        Criterion.PERSONA: _persona(wish),
        Criterion.REGION: _region(wish, hours),
        Criterion.QUALITY: _quality(rules, rated),
        Criterion.SIZE: _size(wish),
        Criterion.LOAD: case((given.c.asks_90 >= 2, 0), (given.c.asks_90 == 1, 50), else_=100),
        Criterion.NPS: case((Advocate.nps >= 9, 100), (Advocate.nps < 7, 0), else_=50),
    }
    return [(shares[criterion] * weight + 50) // 100 for criterion, weight in scale.points.items()]


def _yes(test: ColumnElement[bool]) -> Share:
    return case((test, 100), else_=0)


def _industry(wish: Wish) -> Share:
    field = func.lower(Account.industry)
    same = ((Account.industry == wish.industry, 100), (field == wish.industry.lower(), 100))
    return case(*same, (field.in_(wish.related_industries), 50), else_=0)


def _persona(wish: Wish) -> Share:
    return case((Advocate.persona == wish.persona, 100), (Advocate.seniority.in_(LEADERS), 33), else_=0)


def _region(wish: Wish, hours: Subquery) -> Share:
    """Four shared hours are as good as a whole day; a zone nobody knows counts as two."""
    same = case((Account.region == wish.region, 100), else_=0) if wish.region else literal(0)
    if not wish.zone:
        return same
    shared = func.least(func.coalesce(hours.c.hours, 2), 4, type_=Integer) * 25
    return (same + shared) // 2 if wish.region else shared


def _quality(rules: Rules, rated: Subquery) -> Share:
    """The last rating by a prospect; older ones say less, and nothing known says nothing."""
    stars = rated.c.rating
    fresh = rated.c.rated_on > rules.today - timedelta(days=180)
    recent = rated.c.rated_on > rules.today - timedelta(days=365)
    return case((stars.is_(None), 50), (fresh, stars * 20), (recent, stars * 16), else_=stars * 12)


def _size(wish: Wish) -> Share:
    if wish.company_size not in SIZES:
        return literal(0)
    wanted = SIZES.index(wish.company_size)
    band = func.width_bucket(Account.employees, list(SIZE_STARTS), type_=Integer)
    return case((band == wanted, 100), (band.in_([wanted - 1, wanted + 1]), 50), else_=0)
