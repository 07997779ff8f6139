"""Words of the sender's pages: what was changed, what the domain says in one line."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal.history import HistoryEntry
from portal.outreach.senders import actions
from portal.outreach.senders.models import Sender
from portal.outreach.senders.queries import FromWhom
from portal.outreach.senders.verdicts import Chapter, State, Verdict

FIELDS = {
    "name": _l("Name"),
    "address": _l("Address"),
    "reply_to": _l("Answers go to"),
    "dkim_selector": _l("DKIM selector"),
    "webhook_key": _l("Verification key"),
}


def change_words(entry: HistoryEntry) -> str:
    if entry.what == actions.KEPT:
        return _("A SendGrid key was given")
    if entry.what == actions.REMOVED:
        return _("The SendGrid key was removed")
    return "; ".join(_field_words(field, entry.detail) for field in entry.detail["after"])


def saved(own: Sender | None, now: FromWhom) -> str:
    if own is None or own.address in {"", now.address}:
        return _("Saved. It counts for letters from now on.")
    return _(
        "Saved. Letters still come from %(address)s; this page says what is missing.", address=now.address
    )


def in_doubt(number: int) -> str:
    """Of letters that left by an account which is gone."""
    return str(
        ngettext(
            "One letter left by the former account and nobody can say whether it arrived. It is under Letters, where "
            "you decide.",
            "%(num)d letters left by the former account and nobody can say whether they arrived. They are under "
            "Letters, where you decide.",
            number,
        )
    )


def _field_words(field: str, detail: dict[str, Any]) -> str:
    before, after = detail["before"][field], detail["after"][field]
    if field == "webhook_key":
        before, after = (_("set") if value else "" for value in (before, after))
    none = _("none")
    return _(
        "%(what)s: %(before)s, now %(after)s", what=FIELDS[field], before=before or none, after=after or none
    )


def verdicts_of(chapters: Sequence[Chapter]) -> list[Verdict]:
    return [verdict for chapter in chapters for verdict in chapter.verdicts]


def headline(own: Sender | None, chapters: Sequence[Chapter]) -> str:
    """The state of the domain in one sentence."""
    domain = own.domain if own else ""
    if own and own.is_free_mail:
        return _("Letters from %(domain)s are not believed", domain=domain)
    if not chapters:
        return _("Asking about %(domain)s", domain=domain)
    verdicts = verdicts_of(chapters)
    wrong = sum(verdict.is_wrong for verdict in verdicts)
    if wrong:
        return str(
            ngettext(
                "One record of %(domain)s needs you",
                "%(num)d records of %(domain)s need you",
                wrong,
                domain=domain,
            )
        )
    if any(verdict.state is State.SILENT for verdict in verdicts):
        return _("%(domain)s could not be asked", domain=domain)
    return _("%(domain)s vouches for your letters", domain=domain)


def in_short(own: Sender | None, chapters: Sequence[Chapter]) -> str:
    """For the list of settings."""
    if own is None or not own.address:
        return ""
    if own.is_free_mail:
        return _("Not your domain")
    if not chapters:
        return _("Being checked")
    verdicts = verdicts_of(chapters)
    wrong = sum(verdict.is_wrong for verdict in verdicts)
    if wrong:
        return str(ngettext("One record to set", "%(num)d records to set", wrong))
    is_silent = any(verdict.state is State.SILENT for verdict in verdicts)
    return _("Could not be asked") if is_silent else _("All right")
