"""What is said about the proof that a domain is the workspace's own."""

from flask_babel import gettext as _

from portal.gateways.dns import TxtAnswer, TxtStatus
from portal.outreach.senders import domain_ownership
from portal.outreach.senders.check_results import (
    CheckSection,
    DnsRecord,
    RecordCheck,
    RecordStatus,
    unanswered_check,
)
from portal.outreach.senders.default_sender import default_sender
from portal.outreach.senders.models import Sender
from portal.outreach.senders.queries import has_own_account
from portal.web.filters import moment


def ownership_section(sender: Sender, found: TxtAnswer) -> CheckSection:
    purpose = _(
        "Shows that %(domain)s is yours, so that no other workspace can send in its name.",
        domain=sender.domain,
    )
    return CheckSection("proof", _("Ownership"), purpose, (_check_ownership(sender, found),))


def ownership_record(sender: Sender) -> DnsRecord:
    return DnsRecord(
        "proof",
        "TXT",
        domain_ownership.record_name(sender.domain),
        domain_ownership.ownership_token(sender.tenant_id, sender.domain),
    )


def _check_ownership(sender: Sender, found: TxtAnswer) -> RecordCheck:
    record, before = ownership_record(sender), domain_ownership.stored_proof(sender)
    if record.value in found.texts:
        words = _("Emails come from %(address)s.", address=sender.address)
        return RecordCheck(record, RecordStatus.VALID, words, found.texts)
    if has_own_account(sender):
        return RecordCheck(record, RecordStatus.NOT_NEEDED, _not_needed_text(), found.texts)
    if before is not None and before.expires_at:
        return RecordCheck(record, RecordStatus.DISAPPEARED, _disappearing_text(sender, before), found.texts)
    if found.status is TxtStatus.SILENT:
        return unanswered_check(record, should_be_set=before is None)
    if found.texts:
        return RecordCheck(record, RecordStatus.INVALID, _others_text(), found.texts)
    return RecordCheck(record, RecordStatus.MISSING, _missing_text())


def _not_needed_text() -> str:
    return _(
        "Your emails are sent through your own SendGrid account, and SendGrid verifies the domain itself. "
        "Without that account, you’d need this record."
    )


def _disappearing_text(sender: Sender, proof: domain_ownership.DomainProof) -> str:
    return _(
        "It was there until %(seen)s. Emails still come from %(address)s; unless we find it again before "
        "%(ends)s, they will come from %(installation)s.",
        seen=moment(proof.seen_at),
        address=sender.address,
        ends=moment(proof.expires_at),
        installation=default_sender.address,
    )


def _others_text() -> str:
    return _(
        "The record there belongs to another workspace. Add this one as well: each workspace has its own."
    )


def _missing_text() -> str:
    return _("There is none. Add this one as a new record; all your other records stay as they are.")
