"""Sends letters: claim and commit, call the gateway, mark. Killed at any moment it neither loses nor doubles one."""

from collections.abc import Sequence
from uuid import UUID

import structlog

from jobs.office import Office, office
from jobs.shift import Shift, round_robin
from portal.gateways.bell import Worker
from portal.gateways.mail import OutgoingLetter, Receipt, Verdict
from portal.outreach import claims
from portal.outreach.models import Letter
from portal.outreach.rendering import Unwritable, render
from portal.outreach.sender import sender
from tenants.clock import utc_now
from tenants.database import system_session, tenant, tenant_session
from tenants.models import Tenant
from tenants.queries import tenants_with_due

log = structlog.get_logger()


def work() -> None:
    send(Worker.MAIL)


def send(queue: Worker, shift: Shift | None = None) -> int:
    """Send what is due on this queue, a batch for each workspace in turn; returns how many letters were tried."""
    return round_robin(lambda: due(queue), lambda tenant_id: send_some(tenant_id, queue), shift or Shift())


def due(queue: Worker) -> list[UUID]:
    with system_session(read_only=True) as session:
        return list(tenants_with_due(session, "letters", now=utc_now(), queue=queue.value))


def send_some(tenant_id: UUID, queue: Worker) -> int:
    at = office()
    with tenant_session(tenant_id) as session:
        claims.settle(session, queue.value, at.mail.settling)
        letters = claims.claim(session, queue.value, lease=at.lease, most=at.mail.batch)
        workspace = tenant(session)
    # committed: from here on these are ours until the lease lapses
    receipts = hand_over(at, letters, workspace)
    with tenant_session(tenant_id) as session:
        claims.mark(session, letters, receipts)
    return len(letters)


def hand_over(at: Office, letters: Sequence[Letter], workspace: Tenant) -> list[Receipt]:
    """A letter that can't be written fails alone. Whatever breaks in the gateway leaves the rest unknown."""
    outgoing, receipts = [], []
    for letter in letters:
        try:
            outgoing.append(_outgoing(at, letter, workspace))
        except Unwritable as lacking:
            receipts.append(Receipt(letter.id, Verdict.REFUSED, str(lacking)))
        except Exception as problem:
            log.exception("letter could not be written", letter_id=str(letter.id))
            receipts.append(
                Receipt(letter.id, Verdict.REFUSED, f"This letter could not be written: {problem}")
            )
    try:
        return receipts + list(at.mail.send(outgoing, seconds=at.lease.total_seconds() / 2))
    except Exception:
        log.exception("mail gateway broke down", letters=len(outgoing))
        return receipts


def _outgoing(at: Office, letter: Letter, workspace: Tenant) -> OutgoingLetter:
    written = render(letter, workspace, at.public_url, live=True)
    calendar = letter.calendar or {}
    return OutgoingLetter(
        id=letter.id,
        tenant_id=letter.tenant_id,
        sender_name=" ".join(workspace.name.split()),
        sender=sender.address,
        recipient_name=letter.recipient_name,
        recipient=letter.recipient,
        subject=written.subject,
        text=written.text,
        html=written.html,
        calendar=calendar.get("content", ""),
        calendar_method=calendar.get("method", ""),
    )
