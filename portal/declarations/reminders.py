"""Emails before or after a moment: a sequence that every workspace has, and whose times it may change."""

from collections.abc import Iterator
from dataclasses import dataclass

MOST_EMAILS = 3  # of any such sequence: the form of its times has so many lines


@dataclass(frozen=True, kw_only=True)
class ReminderSequence:
    """`minutes` of each email: after the moment or, negative, before it. Words are translated when shown."""

    program: str  # as its row is called; never changed
    label: str
    description: str
    delay_text: str  # "%(time)s before the call"
    minutes: tuple[int, ...]
    max_emails: int
    min_distance: int  # minutes an email is away from the moment
    max_distance: int

    @property
    def sign(self) -> int:
        return -1 if self.minutes[0] < 0 else 1

    def problems(self) -> Iterator[str]:
        if not 0 < len(self.minutes) <= self.max_emails <= MOST_EMAILS:
            yield f"its reminders need 1 to {MOST_EMAILS} times, and no more than they may have."
        if not all(self.min_distance <= abs(each) <= self.max_distance for each in self.minutes):
            yield "one of its reminders stands where the workspace may not put it."
