"""Words of the pages about emails: states, outcomes, tabs, what people did."""

from flask_babel import lazy_gettext as _l

from portal.outreach.messages import actions
from portal.outreach.messages.queries import EmailOutcome, EmailTab
from portal.outreach.models import EmailState as S
from portal.outreach.senders.previous_account import PREVIOUS_ACCOUNT
from portal.web.badges import StatusBadge

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
HISTORY_ACTIONS = {actions.TRIED_AGAIN: _l("Tried again"), actions.GIVEN_UP: _l("Given up")}
GATEWAYS = {
    "mailbox": _l("Local mailbox"),
    "smtp": _l("SMTP"),
    "sendgrid": _l("SendGrid"),
    PREVIOUS_ACCOUNT: _l("SendGrid, a former account"),
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
