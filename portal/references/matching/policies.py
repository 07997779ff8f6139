"""How much each criterion counts when somebody is matched with a request: settings of the workspace."""

from enum import StrEnum

from portal.policies import Policy, declare


class ScoreCriterion(StrEnum):
    PRODUCT = "product"
    INDUSTRY = "industry"
    USE_CASE = "use_case"
    PERSONA = "persona"
    REGION = "region"
    QUALITY = "quality"
    SIZE = "size"
    LOAD = "load"
    NPS = "nps"


def _weight(criterion: ScoreCriterion, default: int, label: str, hint: str) -> Policy:
    return declare(f"references.weight_{criterion}", default, label, hint, high=100, group="matching")


WEIGHTS = {
    ScoreCriterion.PRODUCT: _weight(
        ScoreCriterion.PRODUCT, 26, "Points for the product", "Uses the product the deal is about."
    ),
    ScoreCriterion.INDUSTRY: _weight(
        ScoreCriterion.INDUSTRY,
        18,
        "Points for the industry",
        "Full points for the same industry, half for a related one.",
    ),
    ScoreCriterion.USE_CASE: _weight(
        ScoreCriterion.USE_CASE, 12, "Points for the use case", "Uses it for the same thing."
    ),
    ScoreCriterion.PERSONA: _weight(
        ScoreCriterion.PERSONA,
        10,
        "Points for the role",
        "Full points for the right department, a third for leaders of another one.",
    ),
    ScoreCriterion.REGION: _weight(
        ScoreCriterion.REGION,
        10,
        "Points for region and working hours",
        "Half for the region, half for shared hours.",
    ),
    ScoreCriterion.QUALITY: _weight(
        ScoreCriterion.QUALITY,
        10,
        "Points for past references",
        "Based on the last rating; older ones count less, and no rating counts half.",
    ),
    ScoreCriterion.SIZE: _weight(
        ScoreCriterion.SIZE,
        6,
        "Points for the size of the company",
        "Full points for the same size band, half for the next one.",
    ),
    ScoreCriterion.LOAD: _weight(
        ScoreCriterion.LOAD,
        5,
        "Points for not being asked recently",
        "Full points for no favor asked for in 90 days, half for one. Invitations and surveys don’t count.",
    ),
    ScoreCriterion.NPS: _weight(
        ScoreCriterion.NPS,
        3,
        "Points for satisfaction",
        "Full points for 9 and 10, half for 7, 8 or unknown.",
    ),
}
NEAR_EQUAL = declare(
    "references.near_equal_points",
    5,
    "Points within which candidates count as equally good",
    "Among those, the person asked least comes first.",
    high=50,
    group="matching",
)
