"""How scores work: the criteria of matching with their weights, for everybody who reads a score."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal import policies
from portal.references.matching.filters import ExclusionReason
from portal.references.matching.policies import NEAR_EQUAL, WEIGHTS
from portal.web.access import allow
from portal.web.current import db
from tenants.models import Role

bp = Blueprint("matching", __name__, url_prefix="/<workspace>")


@bp.get("/how-scores-work")
@allow(Role.REP, Role.MANAGER, Role.ADMIN)
def scores() -> ResponseReturnValue:
    own = policies.values(db)
    weights = [(policy, own[policy.name]) for policy in WEIGHTS.values()]
    return render_template(
        "references/matching/scores.html",
        weights=weights,
        near_equal=own[NEAR_EQUAL.name],
        reasons=list(ExclusionReason),
    )
