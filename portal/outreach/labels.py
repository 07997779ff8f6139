"""Words of the outreach pages: what kind of email it is, where it stands, what holds it and what became of it."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.outreach.delivery_events.models import DeliveryEventType
from portal.outreach.email_kinds import EmailKind as K
from portal.outreach.messages import compose
from portal.outreach.messages.queries import EmailOutcome, EmailTab
from portal.outreach.models import EmailState as S
from portal.outreach.models import HoldReason
from portal.outreach.senders.previous_account import PREVIOUS_ACCOUNT


@dataclass(frozen=True)
class StatusBadge:
    """`note`: the rest of the sentence, e.g. until when."""

    word: Any
    tone: str
    icon: str
    note: Any = ""


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
STATES = {
    S.QUEUED: StatusBadge(_l("Waiting"), "", "clock-hour-4"),
    S.SENDING: StatusBadge(_l("On its way"), "now", "send"),
    S.ACCEPTED: StatusBadge(_l("Sent"), "", "check"),
    S.DELIVERED: StatusBadge(_l("Delivered"), "", "checks"),
    S.BOUNCED: StatusBadge(_l("Came back"), "bad", "mail-x"),
    S.COMPLAINED: StatusBadge(_l("Marked as spam"), "bad", "mail-exclamation"),
    S.HELD: StatusBadge(_l("Held"), "", "player-pause"),
    S.FAILED: StatusBadge(_l("Not sent"), "bad", "alert-triangle"),
    S.UNKNOWN: StatusBadge(_l("In doubt"), "warn", "help-circle"),
}
GIVEN_UP = StatusBadge(_l("Given up"), "", "x")
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
OUTCOMES = {
    EmailOutcome.WAITING: _l("Waiting"),
    EmailOutcome.DELIVERY_UNKNOWN: _l("In doubt"),
    EmailOutcome.ON_HOLD: _l("Held"),
    EmailOutcome.ACCEPTED: _l("Taken by the mail server"),
    EmailOutcome.DELIVERED: _l("Delivered"),
    EmailOutcome.BOUNCED: _l("Came back"),
    EmailOutcome.COMPLAINED: _l("Marked as spam"),
    EmailOutcome.FAILED: _l("Not sent"),
    EmailOutcome.GIVEN_UP: _l("Given up"),
    EmailOutcome.OPENED: _l("Opened by people"),
    EmailOutcome.CLICKED: _l("Links followed by people"),
    EmailOutcome.OPENED_BY_BOT: _l("Opened by machines"),
}
HISTORY_ACTIONS = {compose.TRIED_AGAIN: _l("Tried again"), compose.GIVEN_UP: _l("Given up")}
GATEWAYS = {
    "mailbox": _l("Local mailbox"),
    "smtp": _l("SMTP"),
    "sendgrid": _l("SendGrid"),
    PREVIOUS_ACCOUNT: _l("SendGrid, a former account"),
}
EVENT_TYPES = {
    DeliveryEventType.PROCESSED: StatusBadge(_l("SendGrid passed it on"), "", "send"),
    DeliveryEventType.DEFERRED: StatusBadge(_l("The recipient’s server asked to wait"), "", "hourglass"),
    DeliveryEventType.DELIVERED: StatusBadge(_l("Delivered"), "good", "checks"),
    DeliveryEventType.DROPPED: StatusBadge(_l("The provider did not send it"), "bad", "ban"),
    DeliveryEventType.BOUNCED: StatusBadge(_l("Came back"), "bad", "mail-x"),
    DeliveryEventType.BLOCKED: StatusBadge(_l("Turned away this once"), "warn", "ban"),
    DeliveryEventType.COMPLAINED: StatusBadge(_l("Marked as spam by the reader"), "bad", "mail-exclamation"),
    DeliveryEventType.UNSUBSCRIBED: StatusBadge(_l("The reader unsubscribed"), "", "mail-off"),
    DeliveryEventType.OPENED: StatusBadge(_l("Opened by the reader"), "good", "eye"),
    DeliveryEventType.CLICKED: StatusBadge(_l("The reader followed a link"), "good", "click"),
}
TABS = {
    EmailTab.NEEDS_ATTENTION: _l("Need you"),
    EmailTab.WAITING: _l("Waiting"),
    EmailTab.ON_HOLD: _l("Held"),
    EmailTab.SENT: _l("Sent"),
    EmailTab.NOT_SENT: _l("Not sent"),
    EmailTab.ALL: _l("All"),
}
EMPTY_STATES = {
    EmailTab.ALL: (
        _l("No email yet"),
        _l("Invite a customer or ask an advocate: every email Goodword writes for you then stands here."),
    ),
    EmailTab.NEEDS_ATTENTION: (
        _l("Nothing needs you"),
        _l("No email was refused, and none is in doubt. What is held by a rule says so by itself."),
    ),
    EmailTab.WAITING: (_l("Nothing waits"), _l("Every email has left. New ones leave within seconds.")),
    EmailTab.ON_HOLD: (
        _l("Nothing is held"),
        _l(
            "An email stands here while a rule holds it: reading hours, a limit, a pause, "
            "an address we do not write to."
        ),
    ),
    EmailTab.SENT: (
        _l("Nothing was sent yet"),
        _l("An email stands here as soon as the mail server has taken it."),
    ),
    EmailTab.NOT_SENT: (_l("Every email went out"), _l("None was refused, came back or was given up.")),
}
