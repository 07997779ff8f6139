"""Folds names that statements wrote, so that a search finds them."""

from collections.abc import Sequence
from uuid import UUID

from jobs.time_budget import TimeBudget, round_robin
from portal.name_search import FOUND_BY_NAME, fold_names
from tenants.database import system_session, tenant_session
from tenants.queries import tenants_with_due

BUDGET_SECONDS = 5.0  # messages wait behind this


def fold_due(budget: TimeBudget | None = None) -> int:
    return round_robin("names", due, fold_some, budget or TimeBudget(BUDGET_SECONDS))


def due() -> Sequence[UUID]:
    with system_session(read_only=True) as session:
        return tenants_with_due(session, "names")


def fold_some(tenant_id: UUID) -> int:
    """A transaction for each table: rows of two of them are never locked together."""
    return sum(_fold(tenant_id, model) for model in FOUND_BY_NAME)


def _fold(tenant_id: UUID, model: type) -> int:
    with tenant_session(tenant_id) as session:
        return fold_names(session, model)
