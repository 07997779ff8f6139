"""Asks whether the domains of senders vouch for their emails. While name servers are asked no transaction is open."""

from collections.abc import Sequence
from uuid import UUID

import structlog

from jobs.time_budget import TimeBudget, round_robin
from jobs.worker_context import worker_context
from portal.gateways.dns import DnsResolver
from portal.outreach.senders import actions, queries
from portal.outreach.senders.dns_lookup import DnsFindings, DnsQuery, failed_lookup, look_up
from tenants.database import system_session, tenant_session
from tenants.queries import tenants_with_due

log = structlog.get_logger()
QUERY_SECONDS = 5.0  # for one question; three times as long for all about one domain
BUDGET_SECONDS = 5.0  # seconds; messages wait behind this


def check_due(budget: TimeBudget | None = None) -> int:
    return round_robin("domains", due, check_domain, budget or TimeBudget(BUDGET_SECONDS))


def due() -> Sequence[UUID]:
    with system_session(read_only=True) as session:
        return tenants_with_due(session, "dns")


def check_domain(tenant_id: UUID, *, seconds: float = QUERY_SECONDS) -> int:
    with tenant_session(tenant_id, read_only=True) as session:
        question = queries.pending_dns_query(session)
    if question is None:
        return 0
    findings = _look_up(question, DnsResolver(worker_context().dns_server, seconds=seconds))
    with tenant_session(tenant_id) as session:
        actions.save_findings(session, question, findings)
    return 1


def _look_up(question: DnsQuery, names: DnsResolver) -> DnsFindings:
    """Keep a result whatever fails: it would fail the next time as well."""
    try:
        return look_up(question, names)
    except Exception:
        log.exception("look at a domain failed", domain=question.domain)
        return failed_lookup(question)
