"""Compares what a domain's records say with what they should say, and says in words what to do about it."""

from flask_babel import gettext as _

from portal.gateways.names import Answer, Said
from portal.outreach.senders import dmarc, proving, spf
from portal.outreach.senders.looking import Findings
from portal.outreach.senders.models import Sender
from portal.outreach.senders.verdicts import Chapter, Record, State, Verdict, silent

SENDGRID = "sendgrid.net"
FIRST = "v=spf1 ~all"  # before anybody is named


def goes_by_sendgrid(own: Sender | None, mail_url: str) -> bool:
    """Do the letters leave through SendGrid: by the workspace's own account or by the installation's?"""
    return mail_url.startswith("sendgrid:") or bool(own and own.sendgrid_key)


def chapters_of(own: Sender | None, mail_url: str) -> list[Chapter]:
    """What is to be said about the sender's domain; empty as long as nobody has looked."""
    findings = Findings.read(own.dns) if own else None
    if own is None or findings is None:
        return []
    by_sendgrid = goes_by_sendgrid(own, mail_url)
    return [proving.chapter(own, findings.tokens), *judge(findings, by_sendgrid=by_sendgrid)]


def judge(findings: Findings, *, by_sendgrid: bool) -> list[Chapter]:
    domain = findings.domain
    keys = findings.keys if by_sendgrid else findings.keys[:1]
    names = _("It names the servers that may send mail for %(domain)s.", domain=domain)
    proves = _("It proves that a letter comes from %(domain)s and was not changed on its way.", domain=domain)
    tells = _("It says what happens to a letter that passes neither, and who is told about it.")
    return [
        Chapter("spf", _("SPF"), names, (_spf(findings, by_sendgrid),)),
        Chapter("dkim", _("DKIM"), proves, tuple(_key(n, key, by_sendgrid) for n, key in enumerate(keys, 1))),
        Chapter("dmarc", _("DMARC"), tells, (_dmarc(findings.dmarc, domain),)),
    ]


def _spf(findings: Findings, by_sendgrid: bool) -> Verdict:
    found, lacks = findings.spf.texts, by_sendgrid and not _names_sendgrid(findings)
    record = Record("spf", "TXT", findings.domain, _spf_to_set(found, lacks), not (by_sendgrid or found))
    if findings.spf.said is Said.SILENT:
        return silent(record)
    if not found:
        return Verdict(record, State.MISSING, _spf_missing(by_sendgrid))
    if trouble := _spf_trouble(found, lacks):
        return Verdict(record, State.DIFFERS, trouble, found)
    if findings.reach.is_too_far:
        return Verdict(record, State.WARNED, _too_far(), found)
    return Verdict(record, State.RIGHT, _spf_right(by_sendgrid), found)


def _names_sendgrid(findings: Findings) -> bool:
    return any(map(_is_at_sendgrid, findings.reach.domains))


def _is_at_sendgrid(name: str) -> bool:
    return name == SENDGRID or name.endswith(f".{SENDGRID}")


def _spf_to_set(found: tuple[str, ...], lacks_sendgrid: bool) -> str:
    """All that stands there now in one record, without "everybody", with SendGrid where it is missing."""
    if not (found or lacks_sendgrid):
        return "v=spf1 include:… ~all"
    whole = spf.merged(found) if found else FIRST
    return spf.with_include(whole, SENDGRID) if lacks_sendgrid and SENDGRID not in whole else whole


def _spf_missing(by_sendgrid: bool) -> str:
    if by_sendgrid:
        return _("There is none. Add this one, and name in it whoever else sends mail for you.")
    return _(
        "There is none. Add one that names your mail server; whoever runs the server knows how it is called."
    )


def _spf_trouble(found: tuple[str, ...], lacks_sendgrid: bool) -> str:
    """Why the record does not do its work, or nothing."""
    if len(found) > 1:
        return _("There are %(num)d, and then none counts. Make one of them.", num=len(found))
    if spf.lets_everybody(found[0]):
        return _("It lets everybody on the internet send in your name. Let it end in ~all instead.")
    if lacks_sendgrid:
        return _("It does not name SendGrid. Change it to this; what it says now stays in it.")
    return ""


def _too_far() -> str:
    return _(
        "It leads to more than %(most)d further questions; there many servers give up and count it as broken. "
        "Take out services that no longer send for you.",
        most=spf.MOST,
    )


def _spf_right(by_sendgrid: bool) -> str:
    if by_sendgrid:
        return _("SendGrid may send for you.")
    return _("There is one, as there should be. Please make sure that it names your mail server.")


def _key(number: int, answer: Answer, by_sendgrid: bool) -> Verdict:
    record, found = _key_to_set(number, answer.name, by_sendgrid), (*answer.aliases[:1], *answer.texts)
    if answer.said is Said.SILENT:
        return silent(record)
    if not found:
        return Verdict(record, State.MISSING, _key_missing(by_sendgrid))
    if by_sendgrid and answer.aliases and not any(map(_is_at_sendgrid, answer.aliases)):
        words = _(
            "It leads to somebody else than SendGrid. Choose another selector, or change where it leads."
        )
        return Verdict(record, State.DIFFERS, words, found)
    if any(map(dmarc.holds_key, answer.texts)):
        return Verdict(record, State.RIGHT, _("The key is there."), found)
    return Verdict(record, State.DIFFERS, _no_key(answer), found)


def _key_to_set(number: int, name: str, by_sendgrid: bool) -> Record:
    if not by_sendgrid:
        return Record("dkim", "TXT", name, "v=DKIM1; k=rsa; p=…", is_pattern=True)
    selector = name.partition("._domainkey")[0]
    return Record(f"dkim-{number}", "CNAME", name, f"{selector}.domainkey.u….wl….{SENDGRID}", is_pattern=True)


def _key_missing(by_sendgrid: bool) -> str:
    if by_sendgrid:
        return _("There is none. SendGrid shows you its value when you authenticate the domain there.")
    return _("There is none. Your mail server, or whoever runs it, gives you its value.")


def _no_key(answer: Answer) -> str:
    if any(map(dmarc.is_withdrawn, answer.texts)):
        return _("This key was withdrawn: nothing stands behind its p=.")
    if answer.texts:
        return _("This is no key: it has no p= with the key in it.")
    return _(
        "It leads on, but no key is there. Compare it with what your provider shows, then verify it there."
    )


def _dmarc(answer: Answer, domain: str) -> Verdict:
    record = Record("dmarc", "TXT", f"_dmarc.{domain}", f"v=DMARC1; p=none; rua=mailto:postmaster@{domain}")
    found = tuple(dmarc.records(answer.texts)) or answer.texts
    if answer.said is Said.SILENT:
        return silent(record)
    if not found:
        return Verdict(record, State.MISSING, _dmarc_missing())
    if trouble := _dmarc_trouble(answer, is_above=answer.name != record.name):
        return Verdict(record, State.DIFFERS, trouble, found)
    return Verdict(record, State.RIGHT, _policy_words(answer, is_above=answer.name != record.name), found)


def _dmarc_missing() -> str:
    return _(
        "There is none. This one changes nothing for your letters yet and brings you reports about them; large "
        "mailbox providers ask for one. Behind mailto stands whoever shall read the reports."
    )


def _dmarc_trouble(answer: Answer, *, is_above: bool) -> str:
    """Why the record does not do its work, or nothing."""
    policies = dmarc.records(answer.texts)
    if not policies:
        return _("What stands there is no DMARC record: it must begin with v=DMARC1.")
    if len(policies) > 1:
        return _("There are several, and then none counts. Keep one.")
    if not dmarc.policy(policies[0], is_above=is_above):
        return _("It must say p=none, p=quarantine or p=reject, and says none of them.")
    return ""


def _policy_words(answer: Answer, *, is_above: bool) -> str:
    meant = {
        "none": _(
            "p=none: letters that fail arrive all the same, and you get reports. Right for the beginning; once they "
            "show only your own mail, go on to p=quarantine."
        ),
        "quarantine": _("p=quarantine: letters that fail go to spam, so the records above must stay right."),
        "reject": _("p=reject: letters that fail are refused, so the records above must stay right."),
    }[dmarc.policy(dmarc.records(answer.texts)[0], is_above=is_above)]
    if not is_above:
        return meant
    above = answer.name.removeprefix("_dmarc.")
    return _("It stands at %(above)s and counts for you too. %(meant)s", above=above, meant=meant)
