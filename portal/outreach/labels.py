"""Words of the outreach pages: what kind of letter it is, where it stands, what holds it and what became of it."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.outreach import actions
from portal.outreach.events.models import Happened
from portal.outreach.kinds import LetterKind as K
from portal.outreach.models import Hold
from portal.outreach.models import LetterState as S
from portal.outreach.queries import Fate, View
from portal.outreach.senders.former import FORMER


@dataclass(frozen=True)
class Standing:
    """`note`: the rest of the sentence, e.g. until when."""

    word: Any
    tone: str
    icon: str
    note: Any = ""


KINDS = {
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
    K.OWN: _l("Your own letter"),
}
STATES = {
    S.QUEUED: Standing(_l("Waiting"), "", "clock-hour-4"),
    S.SENDING: Standing(_l("On its way"), "now", "send"),
    S.ACCEPTED: Standing(_l("Sent"), "", "check"),
    S.DELIVERED: Standing(_l("Delivered"), "", "checks"),
    S.BOUNCED: Standing(_l("Came back"), "bad", "mail-x"),
    S.COMPLAINED: Standing(_l("Marked as spam"), "bad", "mail-exclamation"),
    S.HELD: Standing(_l("Held"), "", "player-pause"),
    S.FAILED: Standing(_l("Not sent"), "bad", "alert-triangle"),
    S.UNKNOWN: Standing(_l("In doubt"), "warn", "help-circle"),
}
GIVEN_UP = Standing(_l("Given up"), "", "x")
HOLDS = {  # after "Held: "
    Hold.QUIET: Standing(_l("outside reading hours"), "", "moon"),
    Hold.CAP: Standing(_l("enough letters lately"), "", "player-pause"),
    Hold.DAY: Standing(_l("the day’s limit is reached"), "", "calendar-pause"),
    Hold.COMPLAINTS: Standing(_l("too many complaints"), "warn", "mail-exclamation"),
    Hold.PAUSED: Standing(_l("paused"), "", "player-pause"),
    Hold.SUPPRESSED: Standing(_l("no letters to this address"), "", "mail-off"),
    Hold.CONSENT: Standing(_l("no longer agreed to"), "", "user-x"),
    Hold.LEFT: Standing(_l("not in the programme"), "", "door-exit"),
    Hold.OVER: Standing(_l("no longer needed"), "", "circle-x"),
    Hold.DOUBT: Standing(_l("it may have arrived"), "warn", "help-circle"),
}
FATES = {
    Fate.WAITING: _l("Waiting"),
    Fate.IN_DOUBT: _l("In doubt"),
    Fate.HELD: _l("Held"),
    Fate.ACCEPTED: _l("Taken by the mail server"),
    Fate.DELIVERED: _l("Delivered"),
    Fate.BOUNCED: _l("Came back"),
    Fate.COMPLAINED: _l("Marked as spam"),
    Fate.FAILED: _l("Not sent"),
    Fate.GIVEN_UP: _l("Given up"),
    Fate.OPENED: _l("Opened by people"),
    Fate.CLICKED: _l("Links followed by people"),
    Fate.SCANNED: _l("Opened by machines"),
}
DONE = {actions.TRIED_AGAIN: _l("Tried again"), actions.GIVEN_UP: _l("Given up")}
GATEWAYS = {
    "mailbox": _l("Local mailbox"),
    "smtp": _l("SMTP"),
    "sendgrid": _l("SendGrid"),
    FORMER: _l("SendGrid, a former account"),
}
HAPPENED = {
    Happened.PROCESSED: Standing(_l("SendGrid passed it on"), "", "send"),
    Happened.DEFERRED: Standing(_l("The recipient’s server asked to wait"), "", "hourglass"),
    Happened.DELIVERED: Standing(_l("Delivered"), "good", "checks"),
    Happened.DROPPED: Standing(_l("The provider did not send it"), "bad", "ban"),
    Happened.BOUNCED: Standing(_l("Came back"), "bad", "mail-x"),
    Happened.BLOCKED: Standing(_l("Turned away this once"), "warn", "ban"),
    Happened.COMPLAINED: Standing(_l("Marked as spam by the reader"), "bad", "mail-exclamation"),
    Happened.UNSUBSCRIBED: Standing(_l("The reader unsubscribed"), "", "mail-off"),
    Happened.OPENED: Standing(_l("Opened by the reader"), "good", "eye"),
    Happened.CLICKED: Standing(_l("The reader followed a link"), "good", "click"),
}
VIEWS = {
    View.NEEDS_YOU: _l("Need you"),
    View.WAITING: _l("Waiting"),
    View.HELD: _l("Held"),
    View.SENT: _l("Sent"),
    View.NOT_SENT: _l("Not sent"),
    View.ALL: _l("All"),
}
EMPTY = {
    View.ALL: (
        _l("No letter yet"),
        _l("Invite a customer or ask an advocate: every letter Goodword writes for you then stands here."),
    ),
    View.NEEDS_YOU: (
        _l("Nothing needs you"),
        _l("No letter was refused, and none is in doubt. What is held by a rule says so by itself."),
    ),
    View.WAITING: (_l("Nothing waits"), _l("Every letter has left. New ones leave within seconds.")),
    View.HELD: (
        _l("Nothing is held"),
        _l(
            "A letter stands here while a rule holds it: reading hours, a limit, a pause, "
            "an address we do not write to."
        ),
    ),
    View.SENT: (
        _l("Nothing was sent yet"),
        _l("A letter stands here as soon as the mail server has taken it."),
    ),
    View.NOT_SENT: (_l("Every letter went out"), _l("None was refused, came back or was given up.")),
}
