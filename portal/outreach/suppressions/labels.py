"""Words of the pages about suppressed addresses."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.advocates.labels import PURPOSES
from portal.badges import StatusBadge
from portal.outreach.suppressions.blocking import ReasonAndPurpose
from portal.outreach.suppressions.history_actions import SuppressionAction
from portal.outreach.suppressions.models import HARD_REASONS, SuppressionReason
from portal.outreach.suppressions.queries import SuppressionTab

REASONS = {
    SuppressionReason.BOUNCED: StatusBadge(_l("Bounced"), "bad", "mail-x"),
    SuppressionReason.COMPLAINED: StatusBadge(_l("Marked as spam"), "bad", "mail-exclamation"),
    SuppressionReason.UNSUBSCRIBED: StatusBadge(_l("Unsubscribed"), "", "mail-off"),
    SuppressionReason.ERASED: StatusBadge(_l("Erased"), "", "eraser"),
    SuppressionReason.BY_HAND: StatusBadge(_l("Added manually"), "", "hand-stop"),
    SuppressionReason.OPTED_OUT: StatusBadge(_l("Opted out in your CRM"), "", "database-off"),
}
REASON_DETAILS = {
    SuppressionReason.BOUNCED: _l("The recipient’s mail server said this address doesn’t accept email."),
    SuppressionReason.COMPLAINED: _l("The recipient marked an email as spam."),
    SuppressionReason.UNSUBSCRIBED: _l(
        "The person unsubscribed with the link in an email or on their preferences page."
    ),
    SuppressionReason.ERASED: _l(
        "The person’s data was erased. We keep only a hash of the address, so entering it finds this entry."
    ),
    SuppressionReason.BY_HAND: _l("A colleague was asked to stop and added it."),
    SuppressionReason.OPTED_OUT: _l("An imported file says so. Later files don’t change it."),
}
NOT_LIFTABLE = {
    SuppressionReason.COMPLAINED: _l(
        "A spam complaint can’t be removed: another one would hurt the delivery of all your emails."
    ),
    SuppressionReason.UNSUBSCRIBED: _l(
        "Only the person can undo this, by consenting again on their own page or the join page."
    ),
    SuppressionReason.ERASED: _l("An erasure is permanent."),
    SuppressionReason.OPTED_OUT: _l(
        "Only the person can undo this, by consenting on the join page or their own page. If the file was wrong, "
        "undo its import and say so there."
    ),
}
ADDRESS_STATUS = {
    SuppressionReason.BOUNCED: _l("Gets no emails: the address bounced."),
    SuppressionReason.COMPLAINED: _l("Gets no emails: they marked one as spam."),
    SuppressionReason.ERASED: _l("Gets no emails: someone with this address was erased."),
    SuppressionReason.BY_HAND: _l("Gets no emails: a colleague was asked to stop."),
}
TABS = {SuppressionTab.ACTIVE: _l("Suppressed"), SuppressionTab.LIFTED: _l("Removed")}
HISTORY_ACTIONS = {
    SuppressionAction.ENTERED: _l("Added"),
    SuppressionAction.LIFTED: _l("Removed"),
    SuppressionAction.AGREED_AGAIN: _l("The person consented again"),
}


def effect(reason: SuppressionReason, purpose: str) -> str:
    if reason in HARD_REASONS:
        return _("Gets no email, not even a sign-in link")
    return (
        _("Gets no emails about %(what)s", what=_purpose_name(purpose))
        if purpose
        else _("Gets only what they request")
    )


def address_status(found: Sequence[ReasonAndPurpose]) -> StatusBadge | None:
    reasons = {reason for reason, _about in found}
    if hard := next((reason for reason in HARD_REASONS if reason in reasons), None):
        return StatusBadge(ADDRESS_STATUS[hard], REASONS[hard].tone, REASONS[hard].icon)
    said = [purpose for reason, purpose in found if reason is SuppressionReason.UNSUBSCRIBED]
    purposes = said or [purpose for _reason, purpose in found]
    if not purposes:
        return None
    what = ", ".join(sorted(_purpose_name(purpose) for purpose in purposes if purpose))
    words = _unsubscribed(what, "" in purposes) if said else _opted_out(what, "" in purposes)
    return StatusBadge(
        words, "", REASONS[SuppressionReason.UNSUBSCRIBED if said else SuppressionReason.OPTED_OUT].icon
    )


def _unsubscribed(what: str, from_all: bool) -> str:
    return _("Unsubscribed from all emails.") if from_all else _("Unsubscribed from: %(what)s.", what=what)


def _opted_out(what: str, of_all: bool) -> str:
    if not of_all:
        return _("Opted out in your CRM: %(what)s.", what=what)
    if what:
        return _(
            "Opted out in your CRM: gets no invitations and no program emails. Also: %(what)s.", what=what
        )
    return _("Opted out in your CRM: gets no invitations and no program emails.")


def _purpose_name(purpose: str) -> str:
    return str(next((words for known, words in PURPOSES.items() if known == purpose), purpose))
