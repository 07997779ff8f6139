"""Alarms as a manager reads them: what is wrong, what it means, what to do."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import url_for
from flask_babel import format_timedelta
from flask_babel import gettext as _

from portal.badges import StatusBadge
from portal.outreach.labels import status_text
from portal.outreach.messages.alarms import Alarm, RaisedAlarm
from portal.outreach.messages.queries import EmailOutcome, EmailTab
from portal.outreach.models import HoldReason

UNIT_THRESHOLD = 2  # an hour and a half is 90 minutes: the next unit begins at two


@dataclass(frozen=True)
class AlarmNotice:
    """`meaning`: what follows from it and what to do, where there is room to say it."""

    status: StatusBadge
    title: str
    text: str
    meaning: str
    href: str = ""
    action: str = ""


def notice(alarm: RaisedAlarm) -> AlarmNotice:
    return NOTICES[alarm.alarm](alarm)


def _age(raised: RaisedAlarm) -> str:
    """42 minutes"""
    return str(format_timedelta(raised.age, granularity="minute", threshold=UNIT_THRESHOLD))


def _share(raised: RaisedAlarm) -> str:
    return f"{raised.share * 100:.2f}"


def _unreadable(_raised: RaisedAlarm) -> AlarmNotice:
    return AlarmNotice(
        StatusBadge(_("Blocked"), "bad", "lock"),
        _("The SendGrid key can’t be read"),
        _("An admin needs to enter it again under Settings, Email sender."),
        _("Nothing is lost: emails are waiting and will be sent as soon as the key is there."),
        url_for("emails.index", view=EmailTab.WAITING.value),
        _("See what’s waiting"),
    )


def _late(raised: RaisedAlarm) -> AlarmNotice:
    text, meaning = _rejected(raised) if raised.status.code else _not_taken(raised)
    return AlarmNotice(
        StatusBadge(_("Late"), "bad", "clock-exclamation"),
        _("Emails are late"),
        text,
        meaning,
        url_for("emails.index", view=EmailTab.WAITING.value),
        _("See what’s waiting"),
    )


def _not_taken(raised: RaisedAlarm) -> tuple[str, str]:
    return (
        _("The oldest has been waiting for %(age)s. Is a mail worker running?", age=_age(raised)),
        _(
            "Nothing is lost: everything is sent as soon as a worker for the queues “mail” and “sign_in” runs."
        ),
    )


def _rejected(raised: RaisedAlarm) -> tuple[str, str]:
    return (
        _(
            "We’ve been trying to send the oldest for %(age)s. %(why)s",
            age=_age(raised),
            why=status_text(raised.status),
        ),
        _(
            "Nothing is lost: we try each one again, a little later every time, for a day and a half. "
            "After that it needs your attention."
        ),
    )


def _sign_in(raised: RaisedAlarm) -> AlarmNotice:
    """Describe late sign-in links without a link, since no list shows these emails."""
    return AlarmNotice(
        StatusBadge(_("Late"), "bad", "clock-exclamation"),
        _("Sign-in links aren’t being sent"),
        _(
            "The oldest has been waiting for %(age)s. Is a worker for the queue “sign_in” running?",
            age=_age(raised),
        ),
        _(
            "Until they’re sent, no one can sign in. If a worker is running, the mail server is rejecting "
            "them. These emails aren’t listed anywhere, because anyone who opens one could sign in."
        ),
    )


def _delivery_unknown(raised: RaisedAlarm) -> AlarmNotice:
    return AlarmNotice(
        StatusBadge(_("Delivery unknown"), "warn", "help-circle"),
        _("We haven’t known what happened to some emails for %(age)s", age=_age(raised)),
        _("The provider may or may not have accepted them, and hasn’t told us since."),
        _("Ask the recipients or check the provider’s log, then try each one again or cancel it."),
        url_for("emails.index", view=EmailTab.ALL.value, state=EmailOutcome.DELIVERY_UNKNOWN.value),
        _("See these emails"),
    )


def _complaints(raised: RaisedAlarm) -> AlarmNotice:
    return AlarmNotice(
        StatusBadge(_("Paused"), "warn", "mail-exclamation"),
        _("Bulk email is paused"),
        _("%(share)s%% of the emails of the last 30 days were marked as spam.", share=_share(raised)),
        _(
            "Above 0.1%, mailbox providers start to filter everything you send. Individual emails are "
            "still sent, and bulk email resumes once the share drops. Until then, see which emails were "
            "marked, change or stop them, and email fewer people."
        )
        + f" {_single_complaint_note()}",
        url_for("emails.index", view=EmailTab.ALL.value, state=EmailOutcome.COMPLAINED.value),
        _("See which were marked"),
    )


def _blocked(raised: RaisedAlarm) -> AlarmNotice:
    return AlarmNotice(
        StatusBadge(_("Blocked"), "bad", "mail-exclamation"),
        _("Only requested emails are sent"),
        _("%(share)s%% of the emails of the last 30 days were marked as spam.", share=_share(raised)),
        _(
            "Above 0.3%, mailbox providers reject everything you send. Receipts, calendar updates and "
            "sign-in links are still sent; invitations and program emails are on hold until the share "
            "drops. See which emails were marked, and stop what sent them."
        )
        + f" {_single_complaint_note()}",
        url_for("emails.index", view=EmailTab.ON_HOLD.value, reason=HoldReason.COMPLAINTS.value),
        _("See what’s on hold"),
    )


def _single_complaint_note() -> str:
    """`MIN_COMPLAINTS`, in words."""
    return _("A single complaint in 30 days never counts, however few emails you sent.")


NOTICES: dict[Alarm, Callable[[RaisedAlarm], AlarmNotice]] = {
    Alarm.UNREADABLE_KEY: _unreadable,
    Alarm.SIGN_IN: _sign_in,
    Alarm.LATE: _late,
    Alarm.DELIVERY_UNKNOWN: _delivery_unknown,
    Alarm.COMPLAINTS: _complaints,
    Alarm.BLOCKED: _blocked,
}
