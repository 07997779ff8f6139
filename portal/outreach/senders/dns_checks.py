"""Compares what a domain's records say with what they should say, and says in words what to do about it."""

from flask_babel import gettext as _

from portal.gateways.dns import TxtAnswer, TxtStatus
from portal.outreach.senders import dmarc, domain_verification, spf
from portal.outreach.senders.check_results import (
    CheckSection,
    DnsRecord,
    RecordCheck,
    RecordStatus,
    unanswered_check,
)
from portal.outreach.senders.dns_lookup import DnsFindings
from portal.outreach.senders.models import Sender

SENDGRID = "sendgrid.net"
EMPTY_SPF = "v=spf1 ~all"  # before anybody is named


def uses_sendgrid(sender: Sender | None, mail_url: str) -> bool:
    return mail_url.startswith("sendgrid:") or bool(sender and sender.sendgrid_key)


def domain_checks(sender: Sender | None, mail_url: str) -> list[CheckSection]:
    findings = DnsFindings.from_json(sender.dns_findings) if sender else None
    if sender is None or findings is None:
        return []
    by_sendgrid = uses_sendgrid(sender, mail_url)
    return [
        domain_verification.ownership_section(sender, findings.tokens),
        *check_findings(findings, by_sendgrid=by_sendgrid),
    ]


def check_findings(findings: DnsFindings, *, by_sendgrid: bool) -> list[CheckSection]:
    domain = findings.domain
    keys = findings.keys if by_sendgrid else findings.keys[:1]
    names = _("Lists the servers that may send mail for %(domain)s.", domain=domain)
    proves = _("Proves that an email comes from %(domain)s and wasn’t changed in transit.", domain=domain)
    tells = _("Says what happens to emails that fail both checks, and who gets the reports.")
    return [
        CheckSection("spf", _("SPF"), names, (_check_spf(findings, by_sendgrid),)),
        CheckSection(
            "dkim", _("DKIM"), proves, tuple(_check_key(n, key, by_sendgrid) for n, key in enumerate(keys, 1))
        ),
        CheckSection("dmarc", _("DMARC"), tells, (_check_dmarc(findings.dmarc, domain),)),
    ]


def _check_spf(findings: DnsFindings, by_sendgrid: bool) -> RecordCheck:
    records, lacks = findings.spf.texts, by_sendgrid and not _includes_sendgrid(findings)
    record = DnsRecord(
        "spf", "TXT", findings.domain, _spf_value(records, lacks), not (by_sendgrid or records)
    )
    if findings.spf.status is TxtStatus.SILENT:
        return unanswered_check(record)
    if not records:
        return RecordCheck(record, RecordStatus.MISSING, _spf_missing(by_sendgrid))
    if trouble := _spf_problem(records, lacks):
        return RecordCheck(record, RecordStatus.INVALID, trouble, records)
    if findings.reach.is_too_far:
        return RecordCheck(record, RecordStatus.WARNING, _too_many_lookups(), records)
    return RecordCheck(record, RecordStatus.VALID, _spf_right(by_sendgrid), records)


def _includes_sendgrid(findings: DnsFindings) -> bool:
    return any(map(_is_at_sendgrid, findings.reach.domains))


def _is_at_sendgrid(name: str) -> bool:
    return name == SENDGRID or name.endswith(f".{SENDGRID}")


def _spf_value(records: tuple[str, ...], needs_sendgrid: bool) -> str:
    """Return the current content in one record, without "all senders", with SendGrid where it is missing."""
    if not (records or needs_sendgrid):
        return "v=spf1 include:… ~all"
    whole = spf.merge_records(records) if records else EMPTY_SPF
    return spf.with_include(whole, SENDGRID) if needs_sendgrid and SENDGRID not in whole else whole


def _spf_missing(by_sendgrid: bool) -> str:
    if by_sendgrid:
        return _("There is none. Add this one, and include anyone else who sends mail for you.")
    return _(
        "There is none. Add one that includes your mail server; the person who runs the server knows "
        "its name."
    )


def _spf_problem(records: tuple[str, ...], needs_sendgrid: bool) -> str:
    """Return what is wrong with the record, or ''."""
    if len(records) > 1:
        return _("There are %(num)d, so none of them counts. Merge them into one.", num=len(records))
    if spf.allows_everyone(records[0]):
        return _("It lets anyone on the internet send in your name. Make it end in ~all instead.")
    if needs_sendgrid:
        return _("It doesn’t include SendGrid. Change it to this, which keeps what it says now.")
    return ""


def _too_many_lookups() -> str:
    return _(
        "It needs more than %(most)d DNS lookups, and many servers then treat it as an error. Remove "
        "services that no longer send for you.",
        most=spf.MAX_LOOKUPS,
    )


def _spf_right(by_sendgrid: bool) -> str:
    if by_sendgrid:
        return _("SendGrid is allowed to send for you.")
    return _("There’s a record. Please make sure that it includes your mail server.")


def _check_key(number: int, answer: TxtAnswer, by_sendgrid: bool) -> RecordCheck:
    record, values = _key_record(number, answer.name, by_sendgrid), (*answer.aliases[:1], *answer.texts)
    if answer.status is TxtStatus.SILENT:
        return unanswered_check(record)
    if not values:
        return RecordCheck(record, RecordStatus.MISSING, _key_missing(by_sendgrid))
    if by_sendgrid and answer.aliases and not any(map(_is_at_sendgrid, answer.aliases)):
        words = _(
            "It points to someone other than SendGrid. Choose another selector, or change where it points."
        )
        return RecordCheck(record, RecordStatus.INVALID, words, values)
    if any(map(dmarc.is_dkim_key, answer.texts)):
        return RecordCheck(record, RecordStatus.VALID, _("The key is there."), values)
    return RecordCheck(record, RecordStatus.INVALID, _key_problem(answer), values)


def _key_record(number: int, name: str, by_sendgrid: bool) -> DnsRecord:
    if not by_sendgrid:
        return DnsRecord("dkim", "TXT", name, "v=DKIM1; k=rsa; p=…", is_pattern=True)
    selector = name.partition("._domainkey")[0]
    return DnsRecord(
        f"dkim-{number}", "CNAME", name, f"{selector}.domainkey.u….wl….{SENDGRID}", is_pattern=True
    )


def _key_missing(by_sendgrid: bool) -> str:
    if by_sendgrid:
        return _("There is none. SendGrid shows you the value when you authenticate the domain there.")
    return _("There is none. The person who runs your mail server can give you the value.")


def _key_problem(answer: TxtAnswer) -> str:
    if any(map(dmarc.is_revoked_key, answer.texts)):
        return _("This key was revoked: its p= is empty.")
    if answer.texts:
        return _("This isn’t a key: it has no p= value.")
    return _(
        "It points to another name, but there’s no key there. Compare it with what your provider shows, "
        "then verify it there."
    )


def _check_dmarc(answer: TxtAnswer, domain: str) -> RecordCheck:
    record = DnsRecord(
        "dmarc", "TXT", f"_dmarc.{domain}", f"v=DMARC1; p=none; rua=mailto:postmaster@{domain}"
    )
    records = tuple(dmarc.dmarc_records(answer.texts)) or answer.texts
    if answer.status is TxtStatus.SILENT:
        return unanswered_check(record)
    if not records:
        return RecordCheck(record, RecordStatus.MISSING, _dmarc_missing())
    if trouble := _dmarc_problem(answer, is_above=answer.name != record.name):
        return RecordCheck(record, RecordStatus.INVALID, trouble, records)
    return RecordCheck(
        record, RecordStatus.VALID, _policy_text(answer, is_above=answer.name != record.name), records
    )


def _dmarc_missing() -> str:
    return _(
        "There is none. This one doesn’t affect your emails yet and sends you reports about them; large "
        "mailbox providers require one. The address after mailto receives the reports."
    )


def _dmarc_problem(answer: TxtAnswer, *, is_above: bool) -> str:
    """Return what is wrong with the record, or ''."""
    policies = dmarc.dmarc_records(answer.texts)
    if not policies:
        return _("This isn’t a DMARC record: it must start with v=DMARC1.")
    if len(policies) > 1:
        return _("There are several, so none of them counts. Keep one.")
    if not dmarc.policy(policies[0], is_above=is_above):
        return _("It must say p=none, p=quarantine or p=reject.")
    return ""


def _policy_text(answer: TxtAnswer, *, is_above: bool) -> str:
    meant = {
        "none": _(
            "p=none: emails that fail still arrive, and you get reports. Good for a start; once the "
            "reports show only your own mail, switch to p=quarantine."
        ),
        "quarantine": _("p=quarantine: emails that fail go to spam, so the records above must stay valid."),
        "reject": _("p=reject: emails that fail are rejected, so the records above must stay valid."),
    }[dmarc.policy(dmarc.dmarc_records(answer.texts)[0], is_above=is_above)]
    if not is_above:
        return meant
    above = answer.name.removeprefix("_dmarc.")
    return _("It’s set at %(above)s and applies to you too. %(meant)s", above=above, meant=meant)
