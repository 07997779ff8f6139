"""Sends emails: claim and commit, call the gateway, record. Killed at any moment it neither loses nor doubles one."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

import structlog

from jobs.pipelined_sender import PipelinedSender, run_now
from jobs.retry import with_retries
from jobs.service_waits import is_connection_lost
from jobs.time_budget import TimeBudget, round_robin
from jobs.worker_context import WorkerContext, worker_context
from portal.declarations.email_kinds import EMAIL_KINDS, EmailClass
from portal.errors import Unavailable
from portal.gateways import factory
from portal.gateways.mail import (
    AddressedEmail,
    Bundle,
    MailGateway,
    SendOutcome,
    SendResult,
    UnknownResolution,
)
from portal.gateways.queue import WorkQueue
from portal.outreach import postpone
from portal.outreach.messages import claim, send_results
from portal.outreach.messages.claim import ClaimedEmails
from portal.outreach.messages.resolve_unknown import resolve_unknown
from portal.outreach.senders.models import Sender
from portal.outreach.senders.queries import SenderIdentity, get_sender, identity_of, provider_key
from portal.outreach.status_codes import StatusCode
from portal.outreach.templates.defaults import TemplateContent, default_content
from portal.outreach.templates.queries import contents_by_version
from portal.outreach.templates.rendering import RenderingError, TemplateSet
from tenants.clock import utc_now
from tenants.database import log_ids, system_session, tenant, tenant_session
from tenants.queries import tenants_with_due

log = structlog.get_logger()


class KeyUnreadable(Exception):
    """The workspace's own provider key was kept with another DATA_KEY."""


class BatchKey(NamedTuple):
    """What emails share that leave in one bundle."""

    kind: str
    locale: str
    text: TemplateContent
    reply_to: str
    measured: bool


@dataclass(frozen=True)
class ClaimedBatch:
    """Emails of one workspace that were claimed, and all that is needed to send them away from the database."""

    claim: ClaimedEmails
    templates: TemplateSet
    sender: SenderIdentity
    gateway: MailGateway
    texts: Mapping[UUID, TemplateContent]
    deadline: (
        float  # of the monotonic clock; nothing is handed over later, or the lease might lapse meanwhile
    )

    def text_of(self, email: Any) -> TemplateContent:
        return self.texts.get(email.template_id) or default_content(EMAIL_KINDS.get(email.kind), email.locale)


def work() -> None:
    budget = TimeBudget()
    send(WorkQueue.MAIL, budget)
    if budget.is_spent:
        worker_context().queues.wake(
            WorkQueue.MAIL.value
        )  # what is left goes on at once, after whoever else has rung


def send(queue: WorkQueue, budget: TimeBudget | None = None) -> int:
    with PipelinedSender() as sender:
        turn = partial(send_some, queue=queue, submit=sender.submit)
        return round_robin(f"emails of {queue}", lambda: due(queue), turn, budget or TimeBudget())


def due(queue: WorkQueue) -> list[UUID]:
    with system_session(read_only=True) as session:
        return list(tenants_with_due(session, "emails", now=utc_now(), queue=queue.value))


def send_some(
    tenant_id: UUID, queue: WorkQueue, submit: Callable[[Callable[[], None]], None] = run_now
) -> int:
    """Send a batch; what goes wrong with one workspace keeps nobody else's."""
    context = worker_context()
    try:
        batch = claim_batch(tenant_id, queue, context)
    except KeyUnreadable:
        return postpone_emails(tenant_id, queue, context)
    except Exception as problem:
        if is_connection_lost(problem):
            raise
        log.exception("emails could not be claimed", workspace=str(tenant_id))
        return 0
    # committed: from here on these are ours until the lease lapses
    if batch.claim.emails:
        submit(partial(send_batch, context, batch))
    return batch.claim.checked


def send_batch(context: WorkerContext, batch: ClaimedBatch) -> None:
    """Send a batch. Emails without a result stay under their lease, and become unknown when it lapses."""
    try:
        _send_batch(context, batch)
    except Exception as problem:
        if is_connection_lost(problem):
            raise
        log.exception("emails could not be marked", workspace=str(batch.templates.workspace.id))


def _send_batch(context: WorkerContext, batch: ClaimedBatch) -> None:
    bundles, refused = group_emails(batch)
    receipts = [*refused, *call_gateway(batch, bundles)]
    with_retries(lambda: record_results(context, batch, receipts))


def record_results(context: WorkerContext, batch: ClaimedBatch, receipts: Sequence[SendResult]) -> None:
    with tenant_session(batch.templates.workspace.id) as session:
        send_results.record_results(
            session, batch.claim, receipts, event_wait=event_wait(context, batch.gateway)
        )


def event_wait(context: WorkerContext, gateway: MailGateway) -> timedelta:
    """Return how long to wait for events of an unknown email: only where they can come."""
    return (
        context.event_wait if gateway.unknown_resolution is UnknownResolution.DELIVERY_EVENTS else timedelta()
    )


def claim_batch(tenant_id: UUID, queue: WorkQueue, context: WorkerContext) -> ClaimedBatch:
    with tenant_session(tenant_id) as session:
        resolve_unknown(
            session, queue.value, event_wait=context.event_wait, max_event_wait=context.max_event_wait
        )
        own, workspace = get_sender(session), tenant(session)
        gateway = gateway_of(context, queue, own)
        by = {"gateway": gateway.name, "account": gateway.account}
        claimed = claim.claim(session, queue.value, lease=context.lease, limit=gateway.max_batch, **by)
        texts = contents_by_version(
            session, {email.template_id for email in claimed.emails if email.template_id}
        )
        templates = TemplateSet(workspace, context.public_url, live=True)
        deadline = time.monotonic() + context.lease.total_seconds() / 2
        return ClaimedBatch(claimed, templates, identity_of(own, workspace), gateway, texts, deadline)


def gateway_of(context: WorkerContext, queue: WorkQueue, sender: Sender | None) -> MailGateway:
    """Return a workspace's own gateway wherever emails really leave; the local mailbox stays local."""
    key = "" if context.mail.name == "mailbox" else _key(queue, sender)
    return factory.workspace_gateway(key, context.sendgrid_url) if key else context.mail


def _key(queue: WorkQueue, own: Sender | None) -> str:
    """Without a key that can be read nothing leaves but links to sign in: somebody must get in to enter another."""
    try:
        return provider_key(own)
    except Unavailable as problem:
        if queue is WorkQueue.SIGN_IN:
            return ""
        raise KeyUnreadable from problem


def postpone_emails(tenant_id: UUID, queue: WorkQueue, context: WorkerContext) -> int:
    log.error("key of a workspace cannot be read", workspace=str(tenant_id))
    with tenant_session(tenant_id) as session:
        resolve_unknown(
            session, queue.value, event_wait=context.event_wait, max_event_wait=context.max_event_wait
        )
        return postpone.postpone(session, queue.value, StatusCode.UNREADABLE_KEY)


def call_gateway(batch: ClaimedBatch, bundles: Sequence[Bundle]) -> list[SendResult]:
    receipts: list[SendResult] = []
    for bundle in bundles:
        began = time.monotonic()
        try:
            receipts += batch.gateway.send(bundle, seconds=batch.deadline - began)
        except Exception:
            log.exception("mail gateway broke down", emails=len(bundle.emails))
        handed_over = [email.id for email in bundle.emails]
        log_ids("emails handed over", bundle.tenant_id, handed_over, time.monotonic() - began)
    return receipts


def group_emails(batch: ClaimedBatch) -> tuple[list[Bundle], list[SendResult]]:
    """Bundle emails of one text. One that can't be written fails alone: the results are of those."""
    groups: dict[BatchKey, list[AddressedEmail]] = defaultdict(list)
    refused = []
    for email in batch.claim.emails:
        personalized = _personalized(batch, email)
        if isinstance(personalized, SendResult):
            refused.append(personalized)
        else:
            groups[_batch_key(batch, email)].append(personalized)
    return list(_bundles(batch, groups)), refused


def _batch_key(batch: ClaimedBatch, email: Any) -> BatchKey:
    measured = email.email_class != EmailClass.TRANSACTIONAL
    reply_to = email.reply_to or batch.sender.reply_to
    return BatchKey(email.kind, email.locale, batch.text_of(email), reply_to, measured)


def _personalized(batch: ClaimedBatch, email: Any) -> AddressedEmail | SendResult:
    try:
        return batch.templates.personalization(email, batch.text_of(email))
    except RenderingError as refusal:
        return SendResult(email.id, SendOutcome.REFUSED, str(refusal))
    except Exception as problem:
        log.exception("email could not be written", email_id=str(email.id))
        return SendResult(email.id, SendOutcome.REFUSED, f"This email couldn’t be created: {problem}")


def _bundles(batch: ClaimedBatch, groups: Mapping[BatchKey, Sequence[AddressedEmail]]) -> Iterator[Bundle]:
    for key, emails in groups.items():
        yield Bundle(
            tenant_id=batch.templates.workspace.id,
            sender_name=batch.sender.name,
            sender=batch.sender.address,
            reply_to=key.reply_to,
            template=batch.templates.message_template(EMAIL_KINDS.get(key.kind), key.locale, key.text),
            emails=emails,
            tracked=key.measured,
        )
