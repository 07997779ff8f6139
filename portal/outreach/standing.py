"""Where one letter stands, in the words of the list: the state, and until when or why."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.outreach.governance import RESTS
from portal.outreach.hours import zone_named
from portal.outreach.labels import GIVEN_UP, HOLDS, STATES, Standing
from portal.outreach.models import Hold, Letter, LetterState
from portal.web.filters import moment, time, zone, zone_name
from tenants.clock import utc_now


def standing(letter: Letter, workspace_zone: str) -> Standing:
    if letter.given_up_at:
        return replace(GIVEN_UP, note=letter.why)
    if letter.state is LetterState.HELD:
        held = HOLDS[letter.held_for]
        note = _held_until(letter, workspace_zone) or letter.why
        return replace(held, word=_("Held: %(reason)s", reason=held.word), note=note)
    if letter.state is LetterState.QUEUED:
        return replace(STATES[letter.state], note=_next_try(letter))
    return replace(STATES[letter.state], note=letter.why)


def free_at(letter: Letter, workspace_zone: str) -> str:
    """Wed 25 Nov, 08:00 PST, 17:00 CET: by the recipient's clock where that is what it waits for, then by one's own.
    Empty where nobody can say.
    """
    if letter.due_at is None or _rests(letter):
        return ""
    theirs = zone_named(letter.time_zone, workspace_zone)
    if letter.held_for is not Hold.QUIET or _same_clock(letter.due_at, theirs):
        return moment(letter.due_at)
    return f"{moment(letter.due_at, theirs.key)}, {_other(letter.due_at, theirs)}"


def _rests(letter: Letter) -> bool:
    """Its sequence is paused, or complaints are too many: when it is due is only when we look again."""
    return letter.held_for is Hold.COMPLAINTS or (letter.held_for is Hold.PAUSED and letter.why == RESTS)


def _held_until(letter: Letter, workspace_zone: str) -> str:
    free = free_at(letter, workspace_zone)
    if letter.held_for is Hold.COMPLAINTS and letter.due_at:
        return _("We look again on %(when)s", when=moment(letter.due_at))
    return _("Until %(when)s", when=free) if free and letter.held_for is not Hold.DOUBT else ""


def _next_try(letter: Letter) -> str:
    if letter.due_at is None or letter.due_at <= utc_now():
        return letter.why
    when = moment(letter.due_at)
    if not letter.tries:
        return _barred(letter) if letter.why else _("Leaves %(when)s", when=when)
    tried = ngettext("Tried once", "Tried %(num)d times", letter.tries)
    return _("%(tried)s. The next try is %(when)s. %(why)s", tried=tried, when=when, why=letter.why).strip()


def _barred(letter: Letter) -> str:
    """It was never tried, for a reason."""
    return _("The next try is %(when)s. %(why)s", when=moment(letter.due_at), why=letter.why)


def _same_clock(at: datetime, theirs: Any) -> bool:
    return at.astimezone(theirs).utcoffset() == at.astimezone(zone()).utcoffset()


def _other(at: datetime, theirs: Any) -> str:
    """One's own clock: the day only where it is another."""
    mine = at.astimezone(zone())
    if mine.date() == at.astimezone(theirs).date():
        return f"{time(at)} {zone_name(mine)}"
    return moment(at)
