"""Words that all pages of outreach share: kinds of email, reasons for a hold, names of sequences."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.badges import StatusBadge
from portal.declarations.email_kinds import EMAIL_KINDS, EmailClass
from portal.declarations.reminders import ReminderSequence
from portal.i18n import mark
from portal.outreach.models import HoldReason
from portal.outreach.status_codes import EmailStatus, StatusCode

EMAIL_CLASSES = {
    EmailClass.TRANSACTIONAL: _l("Requested by its reader"),
    EmailClass.INVITATION: _l("Invitation to join"),
    EmailClass.PROGRAM: _l("Email of a program"),
}
HOLD_REASONS = {  # after "On hold: "
    HoldReason.QUIET_HOURS: StatusBadge(_l("outside working hours"), "", "moon"),
    HoldReason.FREQUENCY_CAP: StatusBadge(_l("email limit reached"), "", "player-pause"),
    HoldReason.DAILY_LIMIT: StatusBadge(_l("daily limit reached"), "", "calendar-pause"),
    HoldReason.COMPLAINTS: StatusBadge(_l("too many complaints"), "warn", "mail-exclamation"),
    HoldReason.PAUSED: StatusBadge(_l("paused"), "", "player-pause"),
    HoldReason.SUPPRESSED: StatusBadge(_l("suppressed address"), "", "mail-off"),
    HoldReason.CONSENT: StatusBadge(_l("consent withdrawn"), "", "user-x"),
    HoldReason.LEFT_PROGRAM: StatusBadge(_l("not in the program"), "", "door-exit"),
    HoldReason.OBSOLETE: StatusBadge(_l("no longer needed"), "", "circle-x"),
    HoldReason.DELIVERY_UNKNOWN: StatusBadge(_l("may have arrived"), "warn", "help-circle"),
}
STATUS_TEXTS = {
    StatusCode.NONE: "",
    StatusCode.EARLIER: "%(text)s",
    StatusCode.SUPPRESSED_BOUNCED: mark("Email to this address bounced: the mailbox doesn’t exist."),
    StatusCode.SUPPRESSED_COMPLAINED: mark(
        "This person marked an email as spam, so we don’t email them again."
    ),
    StatusCode.SUPPRESSED_UNSUBSCRIBED: mark("This person unsubscribed from this kind of email."),
    StatusCode.SUPPRESSED_ERASED: mark("This person’s data was erased, so we don’t email them again."),
    StatusCode.SUPPRESSED_OPTED_OUT: mark("Your CRM says this person opted out."),
    StatusCode.SUPPRESSED_BY_HAND: mark("A manager added this address to the suppressed addresses."),
    StatusCode.NOT_IN_PROGRAM: mark("This person is no longer in the program."),
    StatusCode.CONSENT_WITHDRAWN: mark("This person has withdrawn the consent this email relies on."),
    StatusCode.ASK_CLOSED: mark("This was already answered, closed or changed."),
    StatusCode.EXPIRED: mark("What this email was about had ended or changed before it could be sent."),
    StatusCode.INVITATION_ANSWERED: mark("This person has already answered the invitation."),
    StatusCode.SEQUENCE_ENDED: mark("The sequence ended for this person before this email could be sent."),
    StatusCode.SEQUENCE_PAUSED: mark("The sequence is paused. This email will be sent when it’s resumed."),
    StatusCode.CAMPAIGN_PAUSED: mark("What it asks is paused. This email will be sent when it goes on."),
    StatusCode.RECIPIENT_PAUSED: mark("This person asked for a break."),
    StatusCode.QUIET_HOURS: mark("Waiting for this person’s working hours."),
    StatusCode.FREQUENCY_CAP_REACHED: mark(
        "This person recently received %(number)s emails, the most your settings allow."
    ),
    StatusCode.DAILY_LIMIT_REACHED: mark(
        "This workspace has sent %(number)s emails today, the most its settings allow."
    ),
    StatusCode.BULK_PAUSED_BY_COMPLAINTS: mark(
        "%(share)s%% of the emails of the last 30 days were marked as spam. Bulk email is paused until "
        "that share drops."
    ),
    StatusCode.BLOCKED_BY_COMPLAINTS: mark(
        "%(share)s%% of the emails of the last 30 days were marked as spam. Until that share drops, we "
        "only send what people ask for."
    ),
    StatusCode.SEQUENCE_ANSWERED: mark("This person replied before this email was sent."),
    StatusCode.SEQUENCE_WITHDRAWN: mark(
        "What this email was about was withdrawn, moved or closed before it was sent."
    ),
    StatusCode.SEQUENCE_UNSUBSCRIBED: mark("This person unsubscribed before this email was sent."),
    StatusCode.SEQUENCE_LEFT: mark("This person left the program before this email was sent."),
    StatusCode.SEQUENCE_LIMIT: mark("The sequence reaches its limit before this email."),
    StatusCode.SEQUENCE_BY_HAND: mark("The sequence was ended before this email was sent."),
    StatusCode.SEQUENCE_RECIPIENT_REMOVED: mark(
        "A manager removed this person from the sequence before this email was sent."
    ),
    StatusCode.NO_CONSENT: mark("This person hasn’t consented to this kind of email."),
    StatusCode.ADVOCATE_PAUSED: mark("This person asked for a break, so the sequence starts without them."),
    StatusCode.NO_ADDRESS: mark("This isn’t an address we can send email to."),
    StatusCode.TOO_LATE: mark("The time for this email has passed, so it’s skipped."),
    StatusCode.UNREADABLE_KEY: mark("The SendGrid key can’t be read. An admin needs to enter it again."),
    StatusCode.GATEWAY_REPLY: "%(text)s",
    StatusCode.RETRIES_EXHAUSTED: mark("Tried %(tries)s times. %(text)s"),
    StatusCode.NO_ANSWER: mark(
        "The mail server didn’t say whether it accepted the email. It may have arrived."
    ),
    StatusCode.LEASE_EXPIRED: mark(
        "The worker sending it stopped before the mail server’s answer was saved. It may have arrived."
    ),
    StatusCode.PREVIOUS_ACCOUNT: mark(
        "It was sent through the previous SendGrid account, which no longer reports to us. It may have arrived."
    ),
    StatusCode.DROPPED: mark("The provider didn’t send it: %(reason)s"),
    StatusCode.NO_SUCH_MAILBOX: mark("It bounced because the mailbox doesn’t exist: %(reason)s"),
    StatusCode.TURNED_AWAY: mark("The recipient’s mail server rejected it: %(reason)s"),
    StatusCode.MARKED_AS_SPAM: mark("The recipient marked it as spam."),
}


def status_text(status: EmailStatus) -> str:
    params = {**status.params, "reason": status.params.get("reason") or _("no reason given")}
    return str(_(STATUS_TEXTS[status.code], **params)) if status.code else ""


def kind_name(kind: str) -> str:
    declared = EMAIL_KINDS.find(kind)
    return _(declared.label) if declared else kind


def kind_names() -> dict[str, str]:
    return {kind.name: _(kind.label) for kind in EMAIL_KINDS}


def reminders_of(program: str) -> ReminderSequence | None:
    declared = EMAIL_KINDS.reminders.get(program)
    return declared[1] if declared else None


def sequence_name(program: str, name: str) -> str:
    reminders = reminders_of(program)
    return _(reminders.label) if reminders else name
