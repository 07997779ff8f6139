"""Words of the pages about emails: states, outcomes, tabs, what people did."""

from flask_babel import lazy_gettext as _l

from portal.badges import StatusBadge
from portal.outreach.lifecycles import EmailAction
from portal.outreach.messages.queries import EmailOutcome, EmailTab
from portal.outreach.models import EmailState as S
from portal.outreach.senders.previous_account import PREVIOUS_ACCOUNT
from portal.web.refusal_text import name_states

STATES = {
    S.QUEUED: StatusBadge(_l("Waiting"), "", "clock-hour-4"),
    S.SENDING: StatusBadge(_l("Sending"), "now", "send"),
    S.ACCEPTED: StatusBadge(_l("Sent"), "", "check"),
    S.DELIVERED: StatusBadge(_l("Delivered"), "", "checks"),
    S.BOUNCED: StatusBadge(_l("Bounced"), "bad", "mail-x"),
    S.COMPLAINED: StatusBadge(_l("Marked as spam"), "bad", "mail-exclamation"),
    S.HELD: StatusBadge(_l("On hold"), "", "player-pause"),
    S.FAILED: StatusBadge(_l("Not sent"), "bad", "alert-triangle"),
    S.UNKNOWN: StatusBadge(_l("Delivery unknown"), "warn", "help-circle"),
}
name_states(STATES)
GIVEN_UP = StatusBadge(_l("Canceled"), "", "x")
OUTCOMES = {
    EmailOutcome.WAITING: _l("Waiting"),
    EmailOutcome.DELIVERY_UNKNOWN: _l("Delivery unknown"),
    EmailOutcome.ON_HOLD: _l("On hold"),
    EmailOutcome.ACCEPTED: _l("Accepted by the mail server"),
    EmailOutcome.DELIVERED: _l("Delivered"),
    EmailOutcome.BOUNCED: _l("Bounced"),
    EmailOutcome.COMPLAINED: _l("Marked as spam"),
    EmailOutcome.FAILED: _l("Not sent"),
    EmailOutcome.GIVEN_UP: _l("Canceled"),
    EmailOutcome.OPENED: _l("Opened by people"),
    EmailOutcome.CLICKED: _l("Clicked by people"),
    EmailOutcome.OPENED_BY_BOT: _l("Opened by bots"),
}
HISTORY_ACTIONS = {
    EmailAction.TRIED_AGAIN: _l("Tried again"),
    EmailAction.GIVEN_UP: _l("Canceled"),
}
GATEWAYS = {
    "mailbox": _l("Local mailbox"),
    "smtp": _l("SMTP"),
    "sendgrid": _l("SendGrid"),
    PREVIOUS_ACCOUNT: _l("SendGrid (previous account)"),
}
TABS = {
    EmailTab.NEEDS_ATTENTION: _l("Needs attention"),
    EmailTab.WAITING: _l("Waiting"),
    EmailTab.ON_HOLD: _l("On hold"),
    EmailTab.SENT: _l("Sent"),
    EmailTab.NOT_SENT: _l("Not sent"),
    EmailTab.ALL: _l("All"),
}
EMPTY_STATES = {
    EmailTab.ALL: (
        _l("No emails yet"),
        _l("Invite a customer or ask an advocate. Every email Goodword sends for you will be listed here."),
    ),
    EmailTab.NEEDS_ATTENTION: (
        _l("Nothing needs your attention"),
        _l(
            "No email was rejected, and we know what happened to each one. Emails on hold are sent when "
            "they can be."
        ),
    ),
    EmailTab.WAITING: (
        _l("Nothing is waiting"),
        _l("Every email has been sent. New ones go out within seconds."),
    ),
    EmailTab.ON_HOLD: (
        _l("Nothing is on hold"),
        _l(
            "Emails are listed here while they’re held back by quiet hours, a limit, a pause or a "
            "suppression."
        ),
    ),
    EmailTab.SENT: (
        _l("Nothing has been sent yet"),
        _l("Emails are listed here once the mail server has accepted them."),
    ),
    EmailTab.NOT_SENT: (_l("Every email was sent"), _l("None was rejected, bounced or canceled.")),
}
