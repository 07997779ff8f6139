"""Words of the sender's pages: what was changed, what the domain says in one line."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal.badges import StatusBadge
from portal.gateways.sendgrid_key_check import KeyResult
from portal.history import HistoryEntry
from portal.i18n import mark
from portal.outreach.senders.check_results import CheckSection, RecordCheck, RecordStatus
from portal.outreach.senders.models import Sender, SenderAction
from portal.outreach.senders.queries import SenderIdentity

FIELD_LABELS = {
    "name": _l("Name"),
    "address": _l("Address"),
    "reply_to": _l("Reply-to address"),
    "dkim_selector": _l("DKIM selector"),
    "webhook_key": _l("Verification key"),
}

STATUS_BADGES = {
    RecordStatus.VALID: StatusBadge(_l("Valid"), "good", "circle-check"),
    RecordStatus.WARNING: StatusBadge(_l("Needs review"), "warn", "alert-triangle"),
    RecordStatus.INVALID: StatusBadge(_l("Incorrect"), "bad", "alert-circle"),
    RecordStatus.MISSING: StatusBadge(_l("Not found"), "bad", "circle-x"),
    RecordStatus.NO_ANSWER: StatusBadge(_l("No answer"), "warn", "help"),
    RecordStatus.DISAPPEARED: StatusBadge(_l("No longer found"), "warn", "alert-triangle"),
    RecordStatus.NOT_NEEDED: StatusBadge(_l("Not needed"), "", "minus"),
}


HISTORY_ACTIONS = {
    SenderAction.CHANGED: "%(changes)s",
    SenderAction.KEY_STORED: mark("A SendGrid key was added"),
    SenderAction.KEY_REMOVED: mark("The SendGrid key was removed"),
}
KEY_RESULTS = {
    KeyResult.WORKS: mark("SendGrid accepts emails from %(address)s with this key."),
    KeyResult.REFUSED: mark(
        "SendGrid rejects emails from %(address)s with this key, so none of your emails are sent."
    ),
    KeyResult.NO_ANSWER: mark("We couldn’t check this key with SendGrid: %(words)s."),
}


def history_sentence(entry: HistoryEntry) -> str:
    changes = "; ".join(_field_change(field, entry.detail) for field in entry.detail.get("after", ()))
    return _(HISTORY_ACTIONS[SenderAction(entry.action)], changes=changes)


def key_result_text(sender: Sender | None, identity: SenderIdentity) -> str:
    """What SendGrid said of the key; empty while nobody asked."""
    if sender is None or sender.key_result is None:
        return ""
    words = sender.key_message.rstrip(".")
    return _(KEY_RESULTS[sender.key_result], address=identity.address, words=words)


def saved_message(sender: Sender | None, identity: SenderIdentity) -> str:
    if sender is None or sender.address in {"", identity.address}:
        return _("Saved. It applies to all new emails.")
    return _(
        "Saved. Emails still come from %(address)s; see below for what’s missing.",
        address=identity.address,
    )


def unresolved_message(number: int) -> str:
    return str(
        ngettext(
            "One email was sent through the previous account, and we can’t tell whether it arrived. Decide "
            "what to do under Emails.",
            "%(num)d emails were sent through the previous account, and we can’t tell whether they "
            "arrived. Decide what to do under Emails.",
            number,
        )
    )


def _field_change(field: str, detail: dict[str, Any]) -> str:
    before, after = detail["before"][field], detail["after"][field]
    if field == "webhook_key":
        before, after = (_("set") if value else "" for value in (before, after))
    none = _("none")
    return _(
        "%(what)s: %(before)s, now %(after)s",
        what=FIELD_LABELS[field],
        before=before or none,
        after=after or none,
    )


def all_checks(sections: Sequence[CheckSection]) -> list[RecordCheck]:
    return [check for section in sections for check in section.checks]


def headline(sender: Sender | None, sections: Sequence[CheckSection]) -> str:
    domain = sender.domain if sender else ""
    if sender and sender.is_free_mail:
        return _("Mailbox providers don’t trust mail from %(domain)s", domain=domain)
    if not sections:
        return _("Checking %(domain)s", domain=domain)
    checks = all_checks(sections)
    to_fix = sum(check.needs_fixing for check in checks)
    if to_fix:
        return str(
            ngettext(
                "One record of %(domain)s needs fixing",
                "%(num)d records of %(domain)s need fixing",
                to_fix,
                domain=domain,
            )
        )
    if any(check.status is RecordStatus.NO_ANSWER for check in checks):
        return _("We couldn’t check %(domain)s", domain=domain)
    return _("%(domain)s is set up for your emails", domain=domain)


def summary(sender: Sender | None, sections: Sequence[CheckSection]) -> str:
    if sender is None or not sender.address:
        return ""
    if sender.is_free_mail:
        return _("Not your domain")
    if not sections:
        return _("Being checked")
    checks = all_checks(sections)
    to_fix = sum(check.needs_fixing for check in checks)
    if to_fix:
        return str(ngettext("One record to set", "%(num)d records to set", to_fix))
    is_silent = any(check.status is RecordStatus.NO_ANSWER for check in checks)
    return _("No answer") if is_silent else _("All right")
