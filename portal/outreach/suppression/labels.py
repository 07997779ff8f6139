"""Words of the pages about addresses we do not write to."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.advocates.labels import PURPOSES
from portal.outreach.labels import Standing
from portal.outreach.suppression import actions
from portal.outreach.suppression.models import HARD, Reason
from portal.outreach.suppression.queries import View
from portal.outreach.suppression.rules import Held

REASONS = {
    Reason.BOUNCED: Standing(_l("Came back"), "bad", "mail-x"),
    Reason.COMPLAINED: Standing(_l("Marked as spam"), "bad", "mail-exclamation"),
    Reason.UNSUBSCRIBED: Standing(_l("Unsubscribed"), "", "mail-off"),
    Reason.ERASED: Standing(_l("Erased"), "", "eraser"),
    Reason.BY_HAND: Standing(_l("Entered by hand"), "", "hand-stop"),
    Reason.OPTED_OUT: Standing(_l("Opted out in your CRM"), "", "database-off"),
}
WHY = {
    Reason.BOUNCED: _l("The mail server of the recipient said that this address takes no mail."),
    Reason.COMPLAINED: _l("The recipient marked a letter as spam."),
    Reason.UNSUBSCRIBED: _l("The person asked for it, by a letter’s link or on the page of preferences."),
    Reason.ERASED: _l(
        "The person was erased. The address is not kept, only its seal: whoever types it finds it here."
    ),
    Reason.BY_HAND: _l("Somebody here was asked to stop writing, and entered it."),
    Reason.OPTED_OUT: _l("An imported file says so. No later file takes it back."),
}
FINAL = {
    Reason.COMPLAINED: _l("A complaint stays: one more letter would cost every other letter its good name."),
    Reason.UNSUBSCRIBED: _l(
        "Only the person can take this back: by agreeing again on the own page or the join page."
    ),
    Reason.ERASED: _l("An erasure stays for ever."),
    Reason.OPTED_OUT: _l(
        "Only the person can take this back, by agreeing on the join page or their own page. If the file was wrong, "
        "undo its import and say so there."
    ),
}
NO_LETTERS = {
    Reason.BOUNCED: _l("Gets no letters: the address came back."),
    Reason.COMPLAINED: _l("Gets no letters: one was marked as spam."),
    Reason.ERASED: _l("Gets no letters: somebody with this address was erased."),
    Reason.BY_HAND: _l("Gets no letters: a colleague was asked to stop writing."),
}
VIEWS = {View.IN_FORCE: _l("Not written to"), View.LIFTED: _l("Lifted")}
DONE = {
    actions.ENTERED: _l("Entered"),
    actions.LIFTED: _l("Lifted"),
    actions.AGREED_AGAIN: _l("The person agreed again"),
}


def reaches(reason: Reason, purpose: str) -> str:
    """Which letters still reach the address."""
    if reason in HARD:
        return _("Gets nothing, not even a link to sign in")
    return (
        _("Gets nothing about %(what)s", what=_what(purpose)) if purpose else _("Gets only what they ask for")
    )


def standing(found: Sequence[Held]) -> Standing | None:
    """How it is with one person's address, in one sentence; None when letters reach it."""
    reasons = {reason for reason, _about in found}
    if hard := next((reason for reason in HARD if reason in reasons), None):
        return Standing(NO_LETTERS[hard], REASONS[hard].tone, REASONS[hard].icon)
    said = [purpose for reason, purpose in found if reason is Reason.UNSUBSCRIBED]
    purposes = said or [purpose for _reason, purpose in found]
    if not purposes:
        return None
    what = ", ".join(sorted(_what(purpose) for purpose in purposes if purpose))
    words = _unsubscribed(what, "" in purposes) if said else _opted_out(what, "" in purposes)
    return Standing(words, "", REASONS[Reason.UNSUBSCRIBED if said else Reason.OPTED_OUT].icon)


def _unsubscribed(what: str, from_all: bool) -> str:
    return _("Unsubscribed from all letters.") if from_all else _("Unsubscribed from: %(what)s.", what=what)


def _opted_out(what: str, of_all: bool) -> str:
    if not of_all:
        return _("Opted out in your CRM: %(what)s.", what=what)
    if what:
        return _(
            "Opted out in your CRM: gets no invitations and no program emails. Also: %(what)s.", what=what
        )
    return _("Opted out in your CRM: gets no invitations and no program emails.")


def _what(purpose: str) -> str:
    return str(next((words for known, words in PURPOSES.items() if known == purpose), purpose))
