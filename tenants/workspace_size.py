"""Tells PostgreSQL's planner how large the workspace is that a statement reads.

A policy compares with what a function returns, which the planner cannot know: it takes every workspace for one of
average size, and plans for a hundred people where there are a hundred thousand. With this option the workspace stands
in the statement as a value, too, and its own statistics count. What may be seen is up to the policies all the same.
"""

from typing import Any

from sqlalchemy.orm import Session, with_loader_criteria

from tenants.base import TenantOwned
from tenants.database import tenant_of


def of_known_size(session: Session) -> Any:
    """An option for a select, for all that it reads."""
    tenant_id = tenant_of(session)
    return with_loader_criteria(
        TenantOwned,
        lambda model: model.tenant_id == tenant_id,
        include_aliases=True,
        propagate_to_loaders=False,
    )
