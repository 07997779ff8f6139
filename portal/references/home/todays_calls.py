"""Today's calls in the workspace's time, and the one after."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import url_for
from flask_babel import gettext as _

from portal.badges import StatusBadge
from portal.declarations.home import AgendaEntry
from portal.references.models import Meeting, MeetingState


def calls_on(meetings: Sequence[Meeting], zone: ZoneInfo, now: datetime) -> list[AgendaEntry]:
    here = now.astimezone(zone).date()
    return [_entry(call, now) for call in meetings if _day(call, zone) == here]


def next_call_after_today(meetings: Sequence[Meeting], zone: ZoneInfo, now: datetime) -> AgendaEntry | None:
    here = now.astimezone(zone).date()
    later = (call for call in meetings if (day := _day(call, zone)) and day > here)
    return next((_entry(call, now) for call in later if call.state is MeetingState.SCHEDULED), None)


def _day(call: Meeting, zone: ZoneInfo) -> date | None:
    return call.starts_at.astimezone(zone).date() if call.starts_at else None


def _entry(call: Meeting, now: datetime) -> AgendaEntry:
    starts_at = call.starts_at or now
    company = call.ask.account.name if call.ask.account else "-"
    return AgendaEntry(
        starts_at=starts_at,
        title=call.request.prospect,
        text=_("with %(name)s, %(company)s", name=call.ask.advocate.name, company=company),
        href=url_for("references.show", request_id=call.request_id),
        status=_status(call, now),
        is_ahead=call.state is MeetingState.SCHEDULED and starts_at > now,
    )


def _status(call: Meeting, now: datetime) -> StatusBadge:
    if call.state is MeetingState.HELD:
        return StatusBadge(_("Took place"), "good", "circle-check")
    if call.state is not MeetingState.SCHEDULED:
        return StatusBadge(_("Didn’t take place"), "warn", "alert-triangle")
    if call.starts_at and call.starts_at + timedelta(minutes=call.minutes) < now:
        return StatusBadge(_("Asked both sides how it went"), "", "message-question")
    if not call.dial_in:
        return StatusBadge(_("Meeting link missing"), "warn", "alert-triangle")
    return StatusBadge(_("Both confirmed"), "good", "circle-check")
