"""A sender's domain as its name server tells of it, and how that is checks_by_record."""

from typing import Any

from portal.gateways.dns import DnsResolver
from portal.outreach.senders import dns_checks, dns_lookup
from portal.outreach.senders.check_results import RecordStatus
from portal.outreach.senders.dns_lookup import DnsFindings, DnsQuery
from tests.fakes.dns import NameServer

HERE = "ledgerworks.example"
KEY = "v=DKIM1; k=rsa; p=" + "MIGfMA0GCSqGSIb3" * 20
AT_SENDGRID = "u42.wl7.sendgrid.net"


def set_up_records(names: NameServer) -> None:
    names.says(HERE, "v=spf1 include:sendgrid.net ~all", "site-verification=1")
    names.says("sendgrid.net", "v=spf1 ip4:192.0.2.0/24 ~all")
    for key in ("s1", "s2"):
        names.leads(f"{key}._domainkey.{HERE}", f"{key}.domainkey.{AT_SENDGRID}")
        names.says(f"{key}.domainkey.{AT_SENDGRID}", KEY)
    names.says(f"_dmarc.{HERE}", f"v=DMARC1; p=quarantine; rua=mailto:dmarc@{HERE}")


def looked_up(
    names: NameServer, *, domain: str = HERE, selector: str = "s1", seconds: float = 60
) -> DnsFindings:
    found = dns_lookup.look_up(DnsQuery(domain, selector), DnsResolver(names.address, seconds=seconds))
    assert DnsFindings.from_json(found.to_json()) == found, "what is kept reads the same again"
    return found


def checks_by_record(found: DnsFindings, *, by_sendgrid: bool = True) -> dict[str, Any]:
    sections = dns_checks.check_findings(found, by_sendgrid=by_sendgrid)
    return {check.record.id: check for section in sections for check in section.checks}


def statuses(found: DnsFindings, *, by_sendgrid: bool = True) -> list[RecordStatus]:
    return [check.status for check in checks_by_record(found, by_sendgrid=by_sendgrid).values()]
