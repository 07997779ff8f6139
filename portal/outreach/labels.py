"""Words of the outreach pages: what kind of letter it is, and where it stands."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.outreach import actions
from portal.outreach.kinds import LetterKind as K
from portal.outreach.models import LetterState as S
from portal.outreach.queries import View


@dataclass(frozen=True)
class Standing:
    word: Any
    tone: str
    icon: str


KINDS = {
    K.SIGN_IN: _l("Sign-in"),
    K.NEW_LINK: _l("New link"),
    K.MEMBER_INVITATION: _l("Invitation of a colleague"),
    K.JOIN_CONFIRMATION: _l("Confirmation of an address"),
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
    S.HELD: Standing(_l("Held for you"), "warn", "hand-stop"),
    S.FAILED: Standing(_l("Not sent"), "bad", "alert-triangle"),
    S.UNKNOWN: Standing(_l("In doubt"), "warn", "help-circle"),
}
GIVEN_UP = Standing(_l("Given up"), "", "x")
DONE = {actions.TRIED_AGAIN: _l("Tried again"), actions.GIVEN_UP: _l("Given up")}
VIEWS = {
    View.ALL: _l("All"),
    View.NEEDS_YOU: _l("Need you"),
    View.WAITING: _l("Waiting"),
    View.SENT: _l("Sent"),
    View.NOT_SENT: _l("Not sent"),
}
EMPTY = {
    View.ALL: (
        _l("No letter yet"),
        _l("Invite a customer or ask an advocate: every letter Goodword writes for you then stands here."),
    ),
    View.NEEDS_YOU: (
        _l("Nothing needs you"),
        _l("No letter is held, in doubt or refused. All went out as it should."),
    ),
    View.WAITING: (_l("Nothing waits"), _l("Every letter has left. New ones leave within seconds.")),
    View.SENT: (
        _l("Nothing was sent yet"),
        _l("A letter stands here as soon as the mail server has taken it."),
    ),
    View.NOT_SENT: (_l("Every letter went out"), _l("None was held, refused or given up.")),
}
