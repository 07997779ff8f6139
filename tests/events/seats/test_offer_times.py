"""Until when an offered seat is kept: a third of what is left, two days at most, two hours at least, never at night."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.events.seats.offer_times import NIGHT_BEGINS, NIGHT_ENDS, SHORTEST, offer_ends

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = ("Europe/Berlin", "Europe/Dublin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe")


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


@pytest.mark.parametrize(
    ("told", "starts", "ends"),
    [
        (at(3, 10), at(24, 18), at(5, 10)),  # two days at most
        (at(3, 10), at(6, 10), at(4, 10)),  # a third of three days
        (at(3, 10), at(4, 10), at(3, 18)),  # a third of one
        (at(3, 10), at(3, 13), at(3, 12)),  # two hours at least
        (at(3, 10), at(3, 11), at(3, 11)),  # and never past the start
        (at(3, 21), at(24, 18), at(6, 8)),  # it would end at nine in the evening
        (at(4, 3), at(24, 18), at(6, 8)),  # or at three in the morning
        (at(3, 19), at(4, 6), at(4, 6)),  # the event starts before the night is over
        (at(24, 1, month=10), at(25, 13, month=10), at(24, 13, 20, month=10)),  # a night of 25 hours
    ],
)
def test_an_offer_ends(told: datetime, starts: datetime, ends: datetime) -> None:
    assert offer_ends(told, starts, BERLIN) == ends


YEAR_BEGINS = datetime(2026, 1, 1, tzinfo=UTC)
moments = st.integers(0, 2 * 365 * 24 * 60).map(lambda minutes: YEAR_BEGINS + timedelta(minutes=minutes))


@given(told=moments, left=st.timedeltas(timedelta(0), timedelta(days=90)), zone=st.sampled_from(ZONES))
def test_nobody_must_answer_at_night_or_after_the_start(told: datetime, left: timedelta, zone: str) -> None:
    starts = told + left
    ends = offer_ends(told, starts, ZoneInfo(zone))
    assert told <= ends <= starts
    assert ends == starts or ends - told >= SHORTEST
    assert ends == starts or NIGHT_ENDS <= ends.astimezone(ZoneInfo(zone)).time() < NIGHT_BEGINS
    assert ends - told <= timedelta(hours=48 + 13)
