"""Counts long lists again after something happened in their workspace."""

from collections.abc import Sequence
from uuid import UUID

from jobs.time_budget import TimeBudget, round_robin
from portal.directory.list_figures import FIGURES
from portal.list_summaries import count_again
from tenants.clock import utc_now
from tenants.database import system_session, tenant_session
from tenants.queries import tenants_with_due

BUDGET_SECONDS = 5.0  # messages wait behind this


def count_due(budget: TimeBudget | None = None) -> int:
    return round_robin("list summaries", due, count_lists, budget or TimeBudget(BUDGET_SECONDS))


def due() -> Sequence[UUID]:
    with system_session(read_only=True) as session:
        return tenants_with_due(session, "list_summaries", now=utc_now())


def count_lists(tenant_id: UUID) -> int:
    """In one round: what happens meanwhile waits until it is due."""
    for model, count in FIGURES.items():
        with tenant_session(tenant_id) as session:
            count_again(session, model, count)
    return 0
