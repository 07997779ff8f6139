"""The calls of today in the workspace's time, and the one after."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from portal.references.models import Meeting, MeetingState


@dataclass(frozen=True)
class TodaysCalls:
    """What the column beside the list shows."""

    calls: Sequence[Meeting]
    next_on_another_day: Meeting | None
    now: datetime

    @property
    def next(self) -> Meeting | None:
        """The next call that is still ahead today."""
        ahead = (call for call in self.calls if call.starts_at and call.starts_at > self.now)
        return next((call for call in ahead if call.state is MeetingState.SCHEDULED), None)

    def status(self, call: Meeting) -> tuple[str, str, str]:
        if call.state is MeetingState.HELD:
            return _("Held"), "good", "circle-check"
        if call.state is not MeetingState.SCHEDULED:
            return _("Not held"), "warn", "alert-triangle"
        if call.starts_at and call.starts_at + timedelta(minutes=call.minutes) < self.now:
            return _("Asked both sides how it went"), "", "message-question"
        if not call.dial_in:
            return _("Meeting link missing"), "warn", "alert-triangle"
        return _("Both confirmed"), "good", "circle-check"


def todays_calls(meetings: Sequence[Meeting], zone: ZoneInfo, now: datetime) -> TodaysCalls:
    here = now.astimezone(zone).date()
    on_day = [call for call in meetings if call.starts_at and call.starts_at.astimezone(zone).date() == here]
    later = (call for call in meetings if call.starts_at and call.starts_at.astimezone(zone).date() > here)
    return TodaysCalls(
        on_day, next((call for call in later if call.state is MeetingState.SCHEDULED), None), now
    )
