"""All tables, for migrations and for the tests of the wall. Those of a program come with its place in the list."""

from collections.abc import Iterator
from importlib import import_module
from types import ModuleType

from portal import files, history, inbox, list_summaries, outbox, policies, programs
from portal.accounts import models as accounts
from portal.advocates import address_change_models, availability_models
from portal.advocates import models as advocates
from portal.advocates.record_consents import models as record_consents
from portal.asks import models as asks
from portal.campaigns import models as campaigns
from portal.custom_fields import models as custom_fields
from portal.declarations.programs import Program
from portal.exports import models as exports
from portal.imports import models as imports
from portal.lists import models as lists
from portal.outreach import models as emails
from portal.outreach.consent_requests import models as consent_requests
from portal.outreach.delivery_events import models as delivery_events
from portal.outreach.governance import models as governance
from portal.outreach.senders import models as senders
from portal.outreach.sequences import models as sequences
from portal.outreach.suppressions import models as suppressions
from portal.outreach.templates import models as email_templates
from portal.segments import models as segments
from portal.tags import models as tags
from portal.workspace import models as workspace
from tenants.base import Base


def _models_of(program: Program) -> Iterator[ModuleType]:
    """Every file of its package that has tables."""
    package = program.subject.__module__.rpartition(".")[0]
    for name in sorted({mapper.class_.__module__ for mapper in Base.registry.mappers}):
        if name.startswith(f"{package}."):
            yield import_module(name)


FEATURES = (
    *(
        files,
        history,
        inbox,
        list_summaries,
        outbox,
        policies,
        accounts,
        address_change_models,
        advocates,
        asks,
    ),
    *(campaigns, exports, lists, imports),
    *(emails, delivery_events, governance, senders, sequences, suppressions, email_templates),
    *(record_consents, consent_requests, workspace, tags, custom_fields, availability_models, segments),
    *(module for program in programs.PROGRAMS for module in _models_of(program)),
)
metadata = Base.metadata
GLOBAL_TABLES = frozenset(
    {
        "tenants",
        "users",
        "sign_in_sessions",
        "sign_in_requests",
        "sign_in_browsers",
        "rate_limits",
        "schedule_runs",
        "mailbox",
        "clock_offset",
        "alembic_version",
    }
)
