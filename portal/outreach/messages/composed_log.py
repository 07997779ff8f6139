"""The first two lines that the log has of an email; its moves say the others (portal/outreach/lifecycles.py)."""

import time
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from tenants.database import log_after_commit, log_ids, tenant_of


def log_composed(session: Session, ids: Sequence[UUID], *, began: float) -> None:
    log_ids("emails composed", tenant_of(session), ids, time.monotonic() - began)
    log_after_commit(session, "emails queued", ids)
