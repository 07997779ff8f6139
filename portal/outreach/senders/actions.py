"""Sets whom emails come from, keeps the provider's key sealed, and requests checks of the domain's records."""

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal import history
from portal.errors import Conflict
from portal.gateways.queue import WorkQueue
from portal.outreach import postpone
from portal.outreach.senders import domain_ownership, key_checks, previous_account, queries
from portal.outreach.senders.dns_lookup import DnsFindings, DnsQuery
from portal.outreach.senders.domain_ownership import DomainProof
from portal.outreach.senders.models import Sender, SenderAction
from portal.outreach.status_codes import StatusCode
from portal.secrets import encrypt
from tenants.clock import utc_now
from tenants.database import wake_after_commit
from tenants.models import Membership

RECHECK_AUTHORIZED = timedelta(days=1)  # a domain is looked at again by itself
RECHECK_PENDING = timedelta(minutes=50)  # by the hour, while emails wait for its word


@dataclass(frozen=True, kw_only=True)
class SenderSettings:
    """What an admin sets, but for the key."""

    name: str
    address: str
    reply_to: str
    webhook_key: str
    dkim_selector: str


@dataclass(frozen=True)
class SenderSaveResult:
    """Whether anything changed, and how many emails need somebody because of it."""

    is_changed: bool
    unresolved: int


def save_sender(
    session: Session, settings: SenderSettings, *, key: str = "", shown_version: int, by: Membership
) -> SenderSaveResult:
    """Save what differs; an empty key keeps the one there is. `shown_version`: the page's, 0 for none."""
    sender = _lock_unchanged(session, shown_version)
    changed = {field: value for field, value in asdict(settings).items() if getattr(sender, field) != value}
    if changed:
        before = {field: getattr(sender, field) for field in changed}
        _apply_changes(session, sender, changed)
        history.record(session, sender, SenderAction.CHANGED, by=by, before=before, after=changed)
    unresolved = _store_key(session, sender, key, by=by) if key else 0
    return SenderSaveResult(bool(changed or key), unresolved)


def _store_key(session: Session, sender: Sender, key: str, *, by: Membership) -> int:
    """Return how many emails need somebody, now that their account is gone."""
    is_another = bool(sender.sendgrid_key) and not (
        queries.has_readable_key(sender) and queries.provider_key(sender) == key
    )
    sender.sendgrid_key = encrypt(key)
    key_checks.reset_key_check(session, sender)
    postpone.resume(session, StatusCode.UNREADABLE_KEY)
    history.record(session, sender, SenderAction.KEY_STORED, by=by)
    return previous_account.hold_unresolved_emails(session) if is_another else 0


def remove_key(session: Session, *, by: Membership) -> int:
    sender = queries.lock_sender(session)
    if sender is None or not sender.sendgrid_key:
        return 0
    sender.sendgrid_key = ""
    key_checks.reset_key_check(session, sender)
    postpone.resume(session, StatusCode.UNREADABLE_KEY)
    history.record(session, sender, SenderAction.KEY_REMOVED, by=by)
    return previous_account.hold_unresolved_emails(session)


def request_dns_check(session: Session) -> None:
    """Ask a worker for a look, since a name server may be slow; two requests share one look."""
    sender = queries.lock_sender(session)
    if sender is None or not sender.has_own_domain:
        raise Conflict("There’s no domain to check. Please set a sender address at your own domain first.")
    if not sender.is_dns_being_checked:
        _mark_requested(session)
    wake_after_commit(session, WorkQueue.MESSAGES)


def request_rechecks(session: Session) -> None:
    key_checks.request_key_recheck(session)
    sender = queries.get_sender(session)
    if sender is None or not sender.has_own_domain or sender.is_dns_being_checked:
        return
    pause = RECHECK_AUTHORIZED if queries.is_authorized(sender) else RECHECK_PENDING
    if sender.dns_checked_at is None or sender.dns_checked_at <= utc_now() - pause:
        _mark_requested(session)
        wake_after_commit(session, WorkQueue.MESSAGES)


def save_findings(session: Session, query: DnsQuery, findings: DnsFindings) -> None:
    sender = queries.lock_sender(session)
    if sender is None or (sender.domain, sender.dkim_selector) != (query.domain, query.selector):
        return
    looked = max(utc_now(), sender.dns_check_requested_at or utc_now())
    proven = domain_ownership.updated_proof(
        domain_ownership.stored_proof(sender), findings.tokens, sender.domain, query.token, looked
    )
    _update_unversioned(session, dns_findings=findings.to_json() | _proof_json(proven), dns_checked_at=looked)


def _proof_json(proof: DomainProof | None) -> dict[str, Any]:
    return {domain_ownership.PROOF_KEY: proof.to_json()} if proof else {}


def _lock_unchanged(session: Session, shown_version: int) -> Sender:
    sender = queries.lock_sender(session)
    if (sender.version if sender else 0) != shown_version:
        raise Conflict(
            "Someone else changed the sender while your page was open. Your changes weren’t saved; go back "
            "to see the current setup."
        )
    if sender is None:
        session.add(sender := Sender())
        session.flush()
    return sender


def _apply_changes(session: Session, sender: Sender, changed: dict[str, str]) -> None:
    before = DnsQuery(sender.domain, sender.dkim_selector)
    for field, value in changed.items():
        setattr(sender, field, value)
    if "address" in changed and sender.sendgrid_key:
        key_checks.reset_key_check(session, sender)
    if DnsQuery(sender.domain, sender.dkim_selector) != before:
        sender.dns_findings, sender.dns_checked_at = _proof_json(domain_ownership.stored_proof(sender)), None
        sender.dns_check_requested_at = utc_now() if sender.has_own_domain else None
        wake_after_commit(session, WorkQueue.MESSAGES)


def _mark_requested(session: Session) -> None:
    _update_unversioned(session, dns_check_requested_at=utc_now())


def _update_unversioned(session: Session, **values: object) -> None:
    """Write without raising the version: a check is no reason to refuse an admin's open page."""
    session.execute(update(Sender).values(**values))
