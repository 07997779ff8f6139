"""Tries the SendGrid keys that workspaces kept. While SendGrid is asked no transaction is open."""

from collections.abc import Sequence
from uuid import UUID

from jobs.time_budget import TimeBudget, round_robin
from jobs.worker_context import WorkerContext, worker_context
from portal.gateways.sendgrid import SendGridGateway
from portal.gateways.sendgrid_key_check import KeyCheckResult
from portal.gateways.sendgrid_key_check import check_key as ask_sendgrid
from portal.outreach.senders import key_checks
from portal.outreach.senders.key_checks import KeyCheck
from tenants.database import system_session, tenant_session
from tenants.queries import tenants_with_due

TIMEOUT_SECONDS = 5.0  # for the connection, and for the answer
BUDGET_SECONDS = 5.0  # seconds; messages wait behind this


def check_due(budget: TimeBudget | None = None) -> int:
    return round_robin("keys", due, check_key, budget or TimeBudget(BUDGET_SECONDS))


def due() -> Sequence[UUID]:
    with system_session(read_only=True) as session:
        return tenants_with_due(session, "keys")


def check_key(tenant_id: UUID) -> int:
    at = worker_context()
    with tenant_session(tenant_id, read_only=True) as session:
        check = key_checks.pending_key_check(session)
    if check is None:
        return 0
    tried = _check(at, check)
    with tenant_session(tenant_id) as session:
        key_checks.save_key_check(session, check, tried)
    return 1


def _check(at: WorkerContext, check: KeyCheck) -> KeyCheckResult | None:
    """Nothing leaves from where emails stay in the local mailbox, nor without a key that can be read."""
    if at.mail.name == "mailbox" or not check.key:
        return None
    gateway = SendGridGateway(check.key, at.sendgrid_url, connect=TIMEOUT_SECONDS, read=TIMEOUT_SECONDS)
    try:
        return ask_sendgrid(gateway.call, check.address)
    finally:
        gateway.close()
