"""Words that all pages of outreach share: kinds of email, reasons for a hold, names of sequences."""

from flask_babel import lazy_gettext as _l

from portal.outreach.email_kinds import EmailKind as K
from portal.outreach.models import HoldReason
from portal.web.badges import StatusBadge

EMAIL_KINDS = {
    K.SIGN_IN: _l("Sign-in"),
    K.NEW_LINK: _l("New link"),
    K.MEMBER_INVITATION: _l("Invitation of a colleague"),
    K.JOIN_CONFIRMATION: _l("Confirmation of an address"),
    K.ADDRESS_CONFIRMATION: _l("Confirmation of a new address"),
    K.ADDRESS_CHANGED: _l("Notice: address changed"),
    K.ENROLL_INVITATION: _l("Invitation to join"),
    K.WELCOME: _l("Welcome"),
    K.PENDING_REVIEW: _l("Notice: somebody waits"),
    K.ASK: _l("Ask"),
    K.ASK_REMINDER: _l("Reminder of an ask"),
    K.ASK_RECEIPT: _l("Receipt of an answer"),
    K.ASK_WITHDRAWN: _l("Ask withdrawn"),
    K.REQUEST_SUBMITTED: _l("Notice: new request"),
    K.REQUEST_UPDATE: _l("News on a request"),
    K.NEW_TIMES: _l("Question for other times"),
    K.SLOTS_FOR_PROSPECT: _l("Times to choose from"),
    K.MEETING_CONFIRMED: _l("Calendar invitation"),
    K.MEETING_REMINDER: _l("Reminder"),
    K.MEETING_CANCELLED: _l("Cancellation"),
    K.AFTER_CALL_QUESTION: _l("Question after the call"),
    K.THANKS_OUTCOME: _l("Thanks"),
    K.OWN: _l("Your own email"),
}
HOLD_REASONS = {  # after "Held: "
    HoldReason.QUIET_HOURS: StatusBadge(_l("outside reading hours"), "", "moon"),
    HoldReason.FREQUENCY_CAP: StatusBadge(_l("enough emails lately"), "", "player-pause"),
    HoldReason.DAILY_LIMIT: StatusBadge(_l("the day’s limit is reached"), "", "calendar-pause"),
    HoldReason.COMPLAINTS: StatusBadge(_l("too many complaints"), "warn", "mail-exclamation"),
    HoldReason.PAUSED: StatusBadge(_l("paused"), "", "player-pause"),
    HoldReason.SUPPRESSED: StatusBadge(_l("no emails to this address"), "", "mail-off"),
    HoldReason.CONSENT: StatusBadge(_l("no longer agreed to"), "", "user-x"),
    HoldReason.LEFT_PROGRAM: StatusBadge(_l("not in the program"), "", "door-exit"),
    HoldReason.OBSOLETE: StatusBadge(_l("no longer needed"), "", "circle-x"),
    HoldReason.DELIVERY_UNKNOWN: StatusBadge(_l("it may have arrived"), "warn", "help-circle"),
}
SEQUENCE_NAMES = {"asks": _l("Reminder of an ask"), "meetings": _l("Reminders of a call")}


def sequence_name(program: str, name: str) -> str:
    """A sequence of the workspace's own has the name it was given."""
    return str(SEQUENCE_NAMES.get(program, name))
