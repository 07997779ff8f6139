"""All tables of the house, for migrations and for the tests of the wall."""

from portal import files, history, outbox, policies
from portal.accounts import models as accounts
from portal.advocates import models as advocates
from portal.asks import models as asks
from portal.imports import models as imports
from portal.outreach import models as outreach
from portal.references import models as references
from tenants.base import Base

FEATURES = (files, history, outbox, policies, accounts, advocates, asks, imports, outreach, references)
metadata = Base.metadata
GLOBAL = frozenset(
    {
        "tenants",
        "users",
        "sign_in_sessions",
        "sign_in_requests",
        "schedule_runs",
        "mailbox",
        "clock_offset",
        "alembic_version",
    }
)
