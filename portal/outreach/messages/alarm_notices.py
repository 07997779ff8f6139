"""Alarms as a manager reads them: what is wrong, what it means, what to do."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import url_for
from flask_babel import format_timedelta
from flask_babel import gettext as _

from portal.outreach.labels import status_text
from portal.outreach.messages.alarms import Alarm, RaisedAlarm
from portal.outreach.messages.queries import EmailOutcome, EmailTab
from portal.outreach.models import HoldReason

UNIT_THRESHOLD = 2  # an hour and a half is 90 minutes: the next unit begins at two


@dataclass(frozen=True)
class AlarmNotice:
    """`status`: word, tone, icon. `meaning`: what follows from it and what to do, where there is room to say it."""

    status: tuple[str, str, str]
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
        (_("Barred"), "bad", "lock"),
        _("The key for SendGrid cannot be read"),
        _("An admin should enter it again, under Settings, Sender of emails."),
        _("Nothing is lost: emails wait, look again every few minutes, and leave at once when it is there."),
        url_for("emails.index", view=EmailTab.WAITING.value),
        _("See what waits"),
    )


def _late(raised: RaisedAlarm) -> AlarmNotice:
    text, meaning = _rejected(raised) if raised.status.code else _not_taken(raised)
    return AlarmNotice(
        (_("Late"), "bad", "clock-exclamation"),
        _("Emails are late"),
        text,
        meaning,
        url_for("emails.index", view=EmailTab.WAITING.value),
        _("See what waits"),
    )


def _not_taken(raised: RaisedAlarm) -> tuple[str, str]:
    return (
        _("The oldest has waited %(age)s. Is a mail worker running?", age=_age(raised)),
        _(
            "Nothing is lost: all that waits leaves as soon as a worker of the queues “mail” and “sign_in” runs."
        ),
    )


def _rejected(raised: RaisedAlarm) -> tuple[str, str]:
    return (
        _("The oldest has been tried for %(age)s. %(why)s", age=_age(raised), why=status_text(raised.status)),
        _(
            "Nothing is lost: each is tried again by itself, a little later every time, for a day and a half. "
            "After that it waits for you."
        ),
    )


def _sign_in(raised: RaisedAlarm) -> AlarmNotice:
    """No list shows these emails, so it leads nowhere."""
    return AlarmNotice(
        (_("Late"), "bad", "clock-exclamation"),
        _("Links to sign in do not leave"),
        _("The oldest has waited %(age)s. Is a worker of the queue “sign_in” running?", age=_age(raised)),
        _(
            "Until they leave, nobody can sign in. If a worker runs, the mail server turns them away. No list shows "
            "these emails, since they let people in."
        ),
    )


def _delivery_unknown(raised: RaisedAlarm) -> AlarmNotice:
    return AlarmNotice(
        (_("In doubt"), "warn", "help-circle"),
        _("Emails have been in doubt for %(age)s", age=_age(raised)),
        _("The provider took them or not, and has not told us since."),
        _("Ask the readers or look into the provider’s own log, then try each again or give it up."),
        url_for("emails.index", view=EmailTab.ALL.value, state=EmailOutcome.DELIVERY_UNKNOWN.value),
        _("See them"),
    )


def _complaints(raised: RaisedAlarm) -> AlarmNotice:
    return AlarmNotice(
        (_("Resting"), "warn", "mail-exclamation"),
        _("Emails to many people rest"),
        _("%(share)s %% of the emails of the last 30 days were marked as spam.", share=_share(raised)),
        _(
            "From 0.1 % on mail programs begin to sort out all that you send. What is written singly still leaves. "
            "The rest goes on by itself once the share is lower. Until then: see which emails were marked, "
            "change or end them, and write to fewer people."
        )
        + f" {_single_complaint_note()}",
        url_for("emails.index", view=EmailTab.ALL.value, state=EmailOutcome.COMPLAINED.value),
        _("See which were marked"),
    )


def _blocked(raised: RaisedAlarm) -> AlarmNotice:
    return AlarmNotice(
        (_("Blocked"), "bad", "mail-exclamation"),
        _("Nothing but answers leaves"),
        _("%(share)s %% of the emails of the last 30 days were marked as spam.", share=_share(raised)),
        _(
            "From 0.3 % on mail programs turn away all that you send. Receipts, calendar updates and links to sign "
            "in still leave; invitations and emails of programs are held until the share is lower. See which "
            "emails were marked, and end what sent them."
        )
        + f" {_single_complaint_note()}",
        url_for("emails.index", view=EmailTab.ON_HOLD.value, reason=HoldReason.COMPLAINTS.value),
        _("See what is held"),
    )


def _single_complaint_note() -> str:
    """`FEWEST_COMPLAINTS`, in words."""
    return _(
        "One mark alone in 30 days never counts, however few emails you sent; the share counts from the second."
    )


NOTICES: dict[Alarm, Callable[[RaisedAlarm], AlarmNotice]] = {
    Alarm.UNREADABLE_KEY: _unreadable,
    Alarm.SIGN_IN: _sign_in,
    Alarm.LATE: _late,
    Alarm.DELIVERY_UNKNOWN: _delivery_unknown,
    Alarm.COMPLAINTS: _complaints,
    Alarm.BLOCKED: _blocked,
}
