"""Sends letters: claim and commit, call the gateway, mark. Killed at any moment it neither loses nor doubles one."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

import structlog

from jobs.carrier import Carrier, at_once
from jobs.office import Office, office
from jobs.shift import Shift, round_robin
from jobs.stubborn import stubbornly
from jobs.waiting import is_away
from portal.errors import Unavailable
from portal.gateways import post
from portal.gateways.bell import Worker
from portal.gateways.mail import Addressed, Bundle, MailGateway, Receipt, Settling, Verdict
from portal.outreach import claims, standstill
from portal.outreach.claims import Claim
from portal.outreach.kinds import LetterKind
from portal.outreach.models import LetterClass
from portal.outreach.rendering import Desk, Unwritable
from portal.outreach.senders.models import Sender
from portal.outreach.senders.queries import FromWhom, own_key, sender, whom
from portal.outreach.settling import settle
from portal.outreach.templates.defaults import Words, default
from portal.outreach.templates.queries import frozen
from tenants.clock import utc_now
from tenants.database import system_session, tenant, tenant_session
from tenants.queries import tenants_with_due

log = structlog.get_logger()


class UnreadableKey(Exception):
    """The workspace's own provider key was kept with another DATA_KEY."""


class Alike(NamedTuple):
    """What letters share that leave in one bundle."""

    kind: str
    locale: str
    words: Words
    reply_to: str
    measured: bool


@dataclass(frozen=True)
class Batch:
    """Letters of one workspace that were claimed, and all that is needed to send them away from the database."""

    claim: Claim
    desk: Desk
    sender: FromWhom
    gateway: MailGateway
    texts: Mapping[UUID, Words]
    until: float  # nothing is handed over after this moment of the monotonic clock: the lease must not lapse meanwhile

    def words(self, letter: Any) -> Words:
        """The text the letter was made from; letters from before there were versions have Goodword's own."""
        return self.texts.get(letter.template_id) or default(LetterKind(letter.kind), letter.locale)


def work() -> None:
    shift = Shift()
    send(Worker.MAIL, shift)
    if shift.is_over:
        office().bell.ring(Worker.MAIL.value)  # what is left goes on at once, after whoever else has rung


def send(queue: Worker, shift: Shift | None = None) -> int:
    """Send what is due on this queue, a batch for each workspace in turn; returns how many letters were looked at."""
    with Carrier() as carrier:
        turn = partial(send_some, queue=queue, carry=carrier.carry)
        return round_robin(f"letters of {queue}", lambda: due(queue), turn, shift or Shift())


def due(queue: Worker) -> list[UUID]:
    with system_session(read_only=True) as session:
        return list(tenants_with_due(session, "letters", now=utc_now(), queue=queue.value))


def send_some(tenant_id: UUID, queue: Worker, carry: Callable[[Callable[[], None]], None] = at_once) -> int:
    """What goes wrong with the letters of one workspace keeps nobody else's."""
    at = office()
    try:
        batch = claim(tenant_id, queue, at)
    except UnreadableKey:
        return put_off(tenant_id, queue, at)
    except Exception as problem:
        if is_away(problem):
            raise
        log.exception("letters could not be claimed", workspace=str(tenant_id))
        return 0
    # committed: from here on these are ours until the lease lapses
    if batch.claim.letters:
        carry(partial(deliver, at, batch))
    return batch.claim.looked_at


def deliver(at: Office, batch: Batch) -> None:
    """Letters of which nothing can be written down stay under their lease, and are in doubt when it lapses."""
    try:
        _deliver(at, batch)
    except Exception as problem:
        if is_away(problem):
            raise
        log.exception("letters could not be marked", workspace=str(batch.desk.workspace.id))


def _deliver(at: Office, batch: Batch) -> None:
    bundles, refused = bundled(batch)
    receipts = [*refused, *hand_over(batch, bundles)]
    stubbornly(lambda: mark(at, batch, receipts))


def mark(at: Office, batch: Batch, receipts: Sequence[Receipt]) -> None:
    with tenant_session(batch.desk.workspace.id) as session:
        claims.mark(session, batch.claim, receipts, doubt=patience(at, batch.gateway))


def patience(at: Office, gateway: MailGateway) -> timedelta:
    """How long to wait for news of a letter in doubt: only where news can come."""
    return at.doubt if gateway.settling is Settling.EVENTS else timedelta()


def claim(tenant_id: UUID, queue: Worker, at: Office) -> Batch:
    with tenant_session(tenant_id) as session:
        settle(session, queue.value, doubt=at.doubt, silence=at.silence)
        own, workspace = sender(session), tenant(session)
        gateway = gateway_of(at, queue, own)
        by = {"gateway": gateway.name, "account": gateway.account}
        claimed = claims.claim(session, queue.value, lease=at.lease, most=gateway.batch, **by)
        texts = frozen(session, {letter.template_id for letter in claimed.letters if letter.template_id})
        desk = Desk(workspace, at.public_url, live=True)
        until = time.monotonic() + at.lease.total_seconds() / 2
        return Batch(claimed, desk, whom(own, workspace), gateway, texts, until)


def gateway_of(at: Office, queue: Worker, own: Sender | None) -> MailGateway:
    """A workspace's own key counts wherever letters really leave: the local mailbox stays the local mailbox."""
    key = "" if at.mail.name == "mailbox" else _key(queue, own)
    return post.own_gateway(key, at.sendgrid_url) if key else at.mail


def _key(queue: Worker, own: Sender | None) -> str:
    """Without a key that can be read nothing leaves but links to sign in: somebody must get in to enter another."""
    try:
        return own_key(own)
    except Unavailable as problem:
        if queue is Worker.SIGN_IN:
            return ""
        raise UnreadableKey from problem


def put_off(tenant_id: UUID, queue: Worker, at: Office) -> int:
    """The letters of one workspace; the others go on."""
    log.error("key of a workspace cannot be read", workspace=str(tenant_id))
    with tenant_session(tenant_id) as session:
        settle(session, queue.value, doubt=at.doubt, silence=at.silence)
        return standstill.put_off(session, queue.value, standstill.UNREADABLE)


def hand_over(batch: Batch, bundles: Sequence[Bundle]) -> list[Receipt]:
    """Whatever breaks in the gateway leaves its letters unknown."""
    receipts: list[Receipt] = []
    for bundle in bundles:
        try:
            receipts += batch.gateway.send(bundle, seconds=batch.until - time.monotonic())
        except Exception:
            log.exception("mail gateway broke down", letters=len(bundle.letters))
    return receipts


def bundled(batch: Batch) -> tuple[list[Bundle], list[Receipt]]:
    """Letters of one text leave together. A letter that can't be written fails alone: the receipts are of those."""
    together: dict[Alike, list[Addressed]] = defaultdict(list)
    refused = []
    for letter in batch.claim.letters:
        written = _written(batch, letter)
        if isinstance(written, Receipt):
            refused.append(written)
        else:
            together[_alike(batch, letter)].append(written)
    return list(_bundles(batch, together)), refused


def _alike(batch: Batch, letter: Any) -> Alike:
    measured = letter.letter_class != LetterClass.TRANSACTIONAL
    reply_to = letter.reply_to or batch.sender.reply_to
    return Alike(letter.kind, letter.locale, batch.words(letter), reply_to, measured)


def _written(batch: Batch, letter: Any) -> Addressed | Receipt:
    try:
        return batch.desk.addressed(letter, batch.words(letter))
    except Unwritable as lacking:
        return Receipt(letter.id, Verdict.REFUSED, str(lacking))
    except Exception as problem:
        log.exception("letter could not be written", letter_id=str(letter.id))
        return Receipt(letter.id, Verdict.REFUSED, f"This letter could not be written: {problem}")


def _bundles(batch: Batch, together: Mapping[Alike, Sequence[Addressed]]) -> Iterator[Bundle]:
    for alike, letters in together.items():
        yield Bundle(
            tenant_id=batch.desk.workspace.id,
            sender_name=batch.sender.name,
            sender=batch.sender.address,
            reply_to=alike.reply_to,
            paper=batch.desk.paper(LetterKind(alike.kind), alike.locale, alike.words),
            letters=letters,
            measured=alike.measured,
        )
