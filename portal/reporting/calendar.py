"""When months, quarters and years begin and end in this workspace, as its settings were at each moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from sqlalchemy.orm import Session

from portal import policies as settings
from portal.declarations.metrics import RowsWindow
from portal.policies import Policy
from portal.reporting import periods, policies
from portal.reporting.periods import Period
from portal.zone_changes import ZonePeriod, day_at, day_starts, zone_periods
from tenants.clock import utc_now


@dataclass(frozen=True)
class ReportingCalendar:
    """Reads the settings of its session once. What an admin changes later moves no bound that has passed."""

    session: Session
    now: datetime

    @cached_property
    def zones(self) -> Sequence[ZonePeriod]:
        return zone_periods(self.session)

    @property
    def zone(self) -> str:
        return self.zones[-1].zone.key

    @property
    def today(self) -> date:
        return day_at(self.zones, self.now)

    def day_of(self, moment: datetime) -> date:
        return moment.astimezone(self.zones[-1].zone).date()

    def zones_since(self, month: date) -> list[ZonePeriod]:
        start = self.starts([month])[0]
        return [each for each in self.zones[:-1] if each.until > start]

    def starts(self, days: Sequence[date]) -> list[datetime]:
        return day_starts(self.zones, days)

    def closes(self, ends: Sequence[date]) -> list[datetime]:
        """Return the moments at which periods with these ends are counted: their ends, or now."""
        return [min(end, self.now) for end in self.starts(ends)]

    def values_at_close(self, policy: Policy | None, ends: Sequence[date]) -> list[int]:
        return settings.values_at(self.session, policy, self.closes(ends)) if policy else [0] * len(ends)

    def fiscal_start(self, month: date) -> int:
        return settings.values_at(self.session, policies.FISCAL_YEAR_START, self.starts([month]))[0]

    def chosen(self, given: Mapping[str, str]) -> Period:
        """Read the period from an address; this quarter where it names none."""
        by_name = periods.named_months(given, self.today)
        return by_name or self.period(periods.choice_of(given.get("period", "")))

    def period(self, choice: periods.PeriodChoice) -> Period:
        return periods.period(choice, self.today, self.fiscal_start)

    def rows_window(self, chosen: Period) -> RowsWindow:
        start, end = self.starts([chosen.start, chosen.end])
        return RowsWindow(start, end, min(end, self.now), self.zone)

    def target(self, policy: Policy | None, months: int, chosen: Period) -> int:
        """Return the target at the period's end; for several quarters the sum, each at its own end."""
        if not months:
            return self.values_at_close(policy, [chosen.end])[0]
        parts = list(periods.quarters(chosen, self.fiscal_start))
        given = self.values_at_close(policy, [end for _, end in parts])
        lengths = [periods.months_between(start, end) for start, end in parts]
        return sum(value * length for value, length in zip(given, lengths, strict=True)) // months


def reporting_calendar(session: Session, now: datetime | None = None) -> ReportingCalendar:
    return ReportingCalendar(session, now or utc_now())
