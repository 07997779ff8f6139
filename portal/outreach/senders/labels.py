"""Words of the sender's pages: what was changed, what the domain says in one line."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal.history import HistoryEntry
from portal.outreach.senders import actions
from portal.outreach.senders.check_results import CheckSection, RecordCheck, RecordStatus
from portal.outreach.senders.models import Sender
from portal.outreach.senders.queries import SenderIdentity

FIELD_LABELS = {
    "name": _l("Name"),
    "address": _l("Address"),
    "reply_to": _l("Answers go to"),
    "dkim_selector": _l("DKIM selector"),
    "webhook_key": _l("Verification key"),
}


def history_sentence(entry: HistoryEntry) -> str:
    if entry.action == actions.KEY_STORED:
        return _("A SendGrid key was given")
    if entry.action == actions.KEY_REMOVED:
        return _("The SendGrid key was removed")
    return "; ".join(_field_change(field, entry.detail) for field in entry.detail["after"])


def saved_message(sender: Sender | None, identity: SenderIdentity) -> str:
    if sender is None or sender.address in {"", identity.address}:
        return _("Saved. It counts for emails from now on.")
    return _(
        "Saved. Emails still come from %(address)s; this page says what is missing.",
        address=identity.address,
    )


def unresolved_message(number: int) -> str:
    """Of emails that left by an account which is gone."""
    return str(
        ngettext(
            "One email left by the former account and nobody can say whether it arrived. It is under Emails, where "
            "you decide.",
            "%(num)d emails left by the former account and nobody can say whether they arrived. They are under "
            "Emails, where you decide.",
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
    return [verdict for chapter in sections for verdict in chapter.checks]


def headline(sender: Sender | None, sections: Sequence[CheckSection]) -> str:
    """The state of the domain in one sentence."""
    domain = sender.domain if sender else ""
    if sender and sender.is_free_mail:
        return _("Emails from %(domain)s are not believed", domain=domain)
    if not sections:
        return _("Asking about %(domain)s", domain=domain)
    verdicts = all_checks(sections)
    wrong = sum(verdict.needs_fixing for verdict in verdicts)
    if wrong:
        return str(
            ngettext(
                "One record of %(domain)s needs you",
                "%(num)d records of %(domain)s need you",
                wrong,
                domain=domain,
            )
        )
    if any(verdict.status is RecordStatus.NO_ANSWER for verdict in verdicts):
        return _("%(domain)s could not be asked", domain=domain)
    return _("%(domain)s vouches for your emails", domain=domain)


def summary(sender: Sender | None, sections: Sequence[CheckSection]) -> str:
    """For the list of settings."""
    if sender is None or not sender.address:
        return ""
    if sender.is_free_mail:
        return _("Not your domain")
    if not sections:
        return _("Being checked")
    verdicts = all_checks(sections)
    wrong = sum(verdict.needs_fixing for verdict in verdicts)
    if wrong:
        return str(ngettext("One record to set", "%(num)d records to set", wrong))
    is_silent = any(verdict.status is RecordStatus.NO_ANSWER for verdict in verdicts)
    return _("Could not be asked") if is_silent else _("All right")
