"""The times an advocate offers: ticked ones, typed ones, and what may be wrong with them."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateTimeLocalField, SelectMultipleField, SubmitField, TextAreaField
from wtforms.validators import Length, Optional

from portal.asks.answering.forms import AcceptForm
from portal.references.meetings.actions import MIN_TIMES
from portal.references.meetings.bookings import Booking
from portal.web.filters import moment
from tenants.clock import utc_now

MAX_AHEAD = timedelta(days=90)
MOST_SLOTS = 12

CALL_CONFLICT = _l("%(time)s is too close to your call with %(prospect)s. Please pick another time.")
OFFER_CONFLICT = _l("%(time)s is too close to a time you offered %(prospect)s. Please pick another time.")

TIME_PASSED = _l("%(time)s has already passed.")
TIME_TOO_FAR = _l("%(time)s is more than 90 days away. Please pick a time before that.")
TIMES_OVERLAP = _l(
    "%(one)s and %(other)s overlap, as the call takes %(minutes)s minutes. Please move one of them."
)


class OfferTimesForm(AcceptForm):
    """Ticked times come as UTC moments; the others are read in the zone the page shows."""

    slot = SelectMultipleField(validate_choice=False)
    other_1 = DateTimeLocalField(_l("Another time"), [Optional()])
    other_2 = DateTimeLocalField(_l("And another"), [Optional()])
    other_3 = DateTimeLocalField(_l("And one more"), [Optional()])

    def times(self, zone: ZoneInfo) -> list[datetime]:
        now = utc_now()
        given = {*_moments(self.slot.data or []), *self._typed_times(zone)}
        return sorted(at for at in given if now < at < now + MAX_AHEAD)[:MOST_SLOTS]

    def has_enough(self, times: list[datetime], prospect: str) -> bool:
        if len(times) >= MIN_TIMES:
            return True
        words = _(
            "Please pick at least %(count)s times, so that %(prospect)s has a choice.",
            count=MIN_TIMES,
            prospect=prospect,
        )
        self.form_errors.append(words)
        return False

    def are_in_reach(self, zone: str) -> bool:
        now, place, whole = utc_now(), ZoneInfo(zone), True
        for field in self._typed_fields:
            for at in _in_utc(field.data.replace(tzinfo=place)) if field.data else ():
                if not now < at < now + MAX_AHEAD:
                    words = TIME_PASSED if at <= now else TIME_TOO_FAR
                    field.errors, whole = [*field.errors, str(words) % {"time": moment(at, zone)}], False
        return whole

    def are_apart(self, times: list[datetime], minutes: int, zone: str) -> bool:
        """Refuse typed times that overlap; those the page shows may."""
        typed, length = set(self._typed_times(ZoneInfo(zone))), timedelta(minutes=minutes)
        close = [
            (one, other) for one, other in pairwise(times) if other - one < length and typed & {one, other}
        ]
        for one, other in close:
            blanks = {"one": moment(one, zone), "other": moment(other, zone), "minutes": minutes}
            self.form_errors.append(str(TIMES_OVERLAP) % blanks)
        return not close

    def exist(self, zone: str) -> bool:
        """Refuse times that the night of a clock change skips."""
        skipped = [
            field for field in self._typed_fields if field.data and _is_skipped(field.data, ZoneInfo(zone))
        ]
        for field in skipped:
            field.errors = [*field.errors, _("Clocks go forward that night, so this time doesn’t exist.")]
        return not skipped

    def are_free(self, taken: Mapping[datetime, Booking], zone: str) -> bool:
        for at, booking in taken.items():
            words = str(CALL_CONFLICT if booking.is_confirmed else OFFER_CONFLICT)
            self.form_errors.append(words % {"time": moment(at, zone), "prospect": booking.prospect})
        return not taken

    @property
    def _typed_fields(self) -> tuple[DateTimeLocalField, ...]:
        return self.other_1, self.other_2, self.other_3

    def _typed_times(self, zone: ZoneInfo) -> Iterator[datetime]:
        for field in self._typed_fields:
            if field.data:
                yield from _in_utc(field.data.replace(tzinfo=zone))


class MoveCallForm(OfferTimesForm):
    """The advocate of a set call needs another time, and brings some along or not."""

    word = TextAreaField(_l("A note for the rep"), [Length(max=500)], default="")
    later = SubmitField(_l("I’ll send times later"))


def _is_skipped(local: datetime, zone: ZoneInfo) -> bool:
    there = (at.astimezone(zone).replace(tzinfo=None) for at in _in_utc(local.replace(tzinfo=zone)))
    return any(at != local for at in there)


def _moments(picked: list[str]) -> Iterator[datetime]:
    """What no page of ours has made is left out."""
    for text in picked:
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            continue
        if at.tzinfo is not None:
            yield from _in_utc(at)


def _in_utc(at: datetime) -> Iterator[datetime]:
    """Nothing at the edges of the calendar: elsewhere such a moment is in no year at all."""
    try:
        yield at.astimezone(UTC)
    except OverflowError:
        return
