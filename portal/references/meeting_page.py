"""What the prospect and the advocate read about a meeting: names and times, never an address."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import groupby
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal import links
from portal.links import Purpose
from portal.references import invitations, letters, queries
from portal.references.matching_words import city
from portal.references.models import Meeting, MeetingAnswer, MeetingState, Side
from portal.web.filters import zone_place
from tenants.clock import utc_now


@dataclass(frozen=True)
class MeetingPage:
    session: Session
    meeting: Meeting
    zone: str
    side: Side = Side.PROSPECT

    @property
    def who(self) -> str:
        """The other side: “Ada Lindqvist, VP IT, Wabtec”."""
        return invitations.other_name(self.meeting, self.side)

    @property
    def first(self) -> str:
        advocate = self.meeting.ask.advocate
        return advocate.first_name or advocate.name

    @property
    def introduced(self) -> str:
        return letters.introduced(self.meeting.ask.advocate)

    @property
    def place(self) -> str:
        """“Chicago, CST”"""
        return zone_place(utc_now(), self.zone)

    @property
    def other_zone(self) -> str:
        other = Side.ADVOCATE if self.side is Side.PROSPECT else Side.PROSPECT
        return invitations.zone_of(self.session, self.meeting, other)

    @property
    def other_city(self) -> str:
        """Empty where nobody said where the other side is."""
        mine = self.side is Side.PROSPECT
        known = self.meeting.ask.advocate.time_zone if mine else self.meeting.prospect_time_zone
        return city(known) if known and known != self.zone else ""

    @cached_property
    def times(self) -> Sequence[datetime]:
        """Those still ahead."""
        if self.meeting.state is not MeetingState.OFFERED:
            return []
        return [
            slot.starts_at for slot in queries.slots(self.session, self.meeting) if slot.starts_at > utc_now()
        ]

    @cached_property
    def has_passed(self) -> bool:
        """Times were offered, and all of them went by."""
        is_offered = self.meeting.state is MeetingState.OFFERED
        return is_offered and not self.times and bool(queries.slots(self.session, self.meeting))

    @property
    def has_begun(self) -> bool:
        return self.meeting.starts_at is not None and self.meeting.starts_at <= utc_now()

    @property
    def days(self) -> list[tuple[date, list[datetime]]]:
        """By the day it is where the reader is."""
        zone = ZoneInfo(self.zone)
        return [(on, list(times)) for on, times in groupby(self.times, lambda at: at.astimezone(zone).date())]

    @property
    def state(self) -> str:
        """open, passed (all times went by), waiting (for other times), set, over or off."""
        if self.meeting.state is MeetingState.OFFERED:
            return "open" if self.times else "passed" if self.has_passed else "waiting"
        return {
            MeetingState.SCHEDULED: "set",
            MeetingState.MOVED: "waiting",
            MeetingState.HELD: "over",
        }.get(self.meeting.state, "off")

    @cached_property
    def answer(self) -> MeetingAnswer | None:
        sides = queries.answers(self.session, self.meeting.id)
        return next((one for one in sides if one.side is self.side), None)

    @property
    def calendar_token(self) -> str:
        if self.answer is None:
            return ""
        return links.token(Purpose.CALENDAR, self.meeting.tenant_id, self.answer.id, self.answer.link_version)
