"""The status of one email in the words of the list: its state, and until when or why."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.badges import StatusBadge
from portal.outreach.governance.sending_hours import zone_or_default
from portal.outreach.labels import HOLD_REASONS, status_text
from portal.outreach.messages.labels import GIVEN_UP, STATES
from portal.outreach.models import Email, EmailState, HoldReason
from portal.outreach.status_codes import StatusCode
from portal.web.filters import moment, reader_zone, time, zone_name
from tenants.clock import utc_now


def email_status(email: Email, workspace_zone: str) -> StatusBadge:
    if email.given_up_at:
        return replace(GIVEN_UP, note=status_text(email.status))
    if email.state is EmailState.HELD:
        held = HOLD_REASONS[email.hold_reason]
        note = _hold_note(email, workspace_zone) or status_text(email.status)
        return replace(held, word=_("On hold: %(reason)s", reason=held.word), note=note)
    if email.state is EmailState.QUEUED:
        return replace(STATES[email.state], note=_retry_note(email))
    return replace(STATES[email.state], note=status_text(email.status))


def expected_send_time(email: Email, workspace_zone: str) -> str:
    """Say “Wed 25 Nov, 08:00 PST, 17:00 CET”: by the recipient's clock, then by one's own; '' if nobody knows."""
    if email.due_at is None or _has_no_date(email):
        return ""
    theirs = zone_or_default(email.time_zone, workspace_zone)
    if email.hold_reason is not HoldReason.QUIET_HOURS or _has_same_offset(email.due_at, theirs):
        return moment(email.due_at)
    return f"{moment(email.due_at, theirs.key)}, {_own_time(email.due_at, theirs)}"


def _has_no_date(email: Email) -> bool:
    """Tell whether nobody knows when it leaves: its sequence or campaign is paused, or complaints are too many."""
    paused = (StatusCode.SEQUENCE_PAUSED, StatusCode.CAMPAIGN_PAUSED)
    return email.hold_reason is HoldReason.COMPLAINTS or email.status_code in paused


def _hold_note(email: Email, workspace_zone: str) -> str:
    free = expected_send_time(email, workspace_zone)
    if email.hold_reason is HoldReason.COMPLAINTS and email.due_at:
        return _("Next check: %(when)s", when=moment(email.due_at))
    return (
        _("Until %(when)s", when=free)
        if free and email.hold_reason is not HoldReason.DELIVERY_UNKNOWN
        else ""
    )


def _retry_note(email: Email) -> str:
    if email.due_at is None or email.due_at <= utc_now():
        return status_text(email.status)
    when = moment(email.due_at)
    if not email.tries:
        return _postponed_note(email) if status_text(email.status) else _("Will be sent %(when)s", when=when)
    tried = ngettext("Tried once", "Tried %(num)d times", email.tries)
    return _(
        "%(tried)s. Next try: %(when)s. %(why)s", tried=tried, when=when, why=status_text(email.status)
    ).strip()


def _postponed_note(email: Email) -> str:
    """It was never tried, for a reason."""
    return _("Next try: %(when)s. %(why)s", when=moment(email.due_at), why=status_text(email.status))


def _has_same_offset(at: datetime, zone_of_recipient: Any) -> bool:
    return at.astimezone(zone_of_recipient).utcoffset() == at.astimezone(reader_zone()).utcoffset()


def _own_time(at: datetime, zone_of_recipient: Any) -> str:
    """One's own clock: the day only where it is another."""
    mine = at.astimezone(reader_zone())
    if mine.date() == at.astimezone(zone_of_recipient).date():
        return f"{time(at)} {zone_name(mine)}"
    return moment(at)
