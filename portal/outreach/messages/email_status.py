"""Where one letter stands, in the words of the list: the state, and until when or why."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.outreach.governance.rules.rules import SEQUENCE_PAUSED
from portal.outreach.governance.rules.sending_hours import zone_or_default
from portal.outreach.labels import GIVEN_UP, HOLD_REASONS, STATES, StatusBadge
from portal.outreach.models import HoldReason, Letter, LetterState
from portal.web.filters import moment, reader_zone, time, zone_name
from tenants.clock import utc_now


def email_status(letter: Letter, workspace_zone: str) -> StatusBadge:
    if letter.given_up_at:
        return replace(GIVEN_UP, note=letter.why)
    if letter.state is LetterState.HELD:
        held = HOLD_REASONS[letter.hold_reason]
        note = _hold_note(letter, workspace_zone) or letter.why
        return replace(held, word=_("Held: %(reason)s", reason=held.word), note=note)
    if letter.state is LetterState.QUEUED:
        return replace(STATES[letter.state], note=_retry_note(letter))
    return replace(STATES[letter.state], note=letter.why)


def expected_send_time(letter: Letter, workspace_zone: str) -> str:
    """Wed 25 Nov, 08:00 PST, 17:00 CET: by the recipient's clock where that is what it waits for, then by one's own.
    Empty where nobody can say.
    """
    if letter.due_at is None or _has_no_date(letter):
        return ""
    theirs = zone_or_default(letter.time_zone, workspace_zone)
    if letter.hold_reason is not HoldReason.QUIET_HOURS or _has_same_offset(letter.due_at, theirs):
        return moment(letter.due_at)
    return f"{moment(letter.due_at, theirs.key)}, {_own_time(letter.due_at, theirs)}"


def _has_no_date(letter: Letter) -> bool:
    """Its sequence is paused, or complaints are too many: when it is due is only when we look again."""
    return letter.hold_reason is HoldReason.COMPLAINTS or (
        letter.hold_reason is HoldReason.PAUSED and letter.why == SEQUENCE_PAUSED
    )


def _hold_note(letter: Letter, workspace_zone: str) -> str:
    free = expected_send_time(letter, workspace_zone)
    if letter.hold_reason is HoldReason.COMPLAINTS and letter.due_at:
        return _("We look again on %(when)s", when=moment(letter.due_at))
    return (
        _("Until %(when)s", when=free)
        if free and letter.hold_reason is not HoldReason.DELIVERY_UNKNOWN
        else ""
    )


def _retry_note(letter: Letter) -> str:
    if letter.due_at is None or letter.due_at <= utc_now():
        return letter.why
    when = moment(letter.due_at)
    if not letter.tries:
        return _postponed_note(letter) if letter.why else _("Leaves %(when)s", when=when)
    tried = ngettext("Tried once", "Tried %(num)d times", letter.tries)
    return _("%(tried)s. The next try is %(when)s. %(why)s", tried=tried, when=when, why=letter.why).strip()


def _postponed_note(letter: Letter) -> str:
    """It was never tried, for a reason."""
    return _("The next try is %(when)s. %(why)s", when=moment(letter.due_at), why=letter.why)


def _has_same_offset(at: datetime, zone_of_recipient: Any) -> bool:
    return at.astimezone(zone_of_recipient).utcoffset() == at.astimezone(reader_zone()).utcoffset()


def _own_time(at: datetime, zone_of_recipient: Any) -> str:
    """One's own clock: the day only where it is another."""
    mine = at.astimezone(reader_zone())
    if mine.date() == at.astimezone(zone_of_recipient).date():
        return f"{time(at)} {zone_name(mine)}"
    return moment(at)
