"""Asks whether the domains of senders vouch for their letters. While name servers are asked no transaction is open."""

from collections.abc import Sequence
from uuid import UUID

import structlog

from jobs.office import office
from jobs.shift import Shift, round_robin
from portal.gateways.names import Names
from portal.outreach.senders import actions, queries
from portal.outreach.senders.looking import Findings, Question, look, unanswered
from tenants.database import system_session, tenant_session
from tenants.queries import tenants_with_due

log = structlog.get_logger()
SECONDS = 5.0  # for one question; three times as long for all about one domain
TURN = 5.0  # seconds; messages wait behind this


def check_due(shift: Shift | None = None) -> int:
    return round_robin("domains", due, check, shift or Shift(TURN))


def due() -> Sequence[UUID]:
    with system_session(read_only=True) as session:
        return tenants_with_due(session, "dns")


def check(tenant_id: UUID, *, seconds: float = SECONDS) -> int:
    """Look at this workspace's domain; returns whether there was one to look at."""
    with tenant_session(tenant_id, read_only=True) as session:
        question = queries.question(session)
    if question is None:
        return 0
    findings = _findings(question, Names(office().dns_server, seconds=seconds))
    with tenant_session(tenant_id) as session:
        actions.keep(session, question, findings)
    return 1


def _findings(question: Question, names: Names) -> Findings:
    """Whatever breaks here, the look is over: it would break the next time as well."""
    try:
        return look(question, names)
    except Exception:
        log.exception("look at a domain failed", domain=question.domain)
        return unanswered(question)
