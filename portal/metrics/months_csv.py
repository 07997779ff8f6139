"""The months of every figure, for a spreadsheet."""

from collections.abc import Iterator

from flask_babel import gettext as _

from portal.metrics.calculations import MetricsReport
from portal.metrics.labels import METRICS

CsvLine = tuple[object, ...]


def months(report: MetricsReport) -> Iterator[CsvLine]:
    """One line for each figure and month of the trend."""
    yield _("Metric"), _("Month"), _("Value"), _("Unit"), _("Part"), _("Whole"), _("Target of the period")
    for name, reading in report.readings.items():
        for month, count in zip(report.months, reading.trend, strict=True):
            part = count.part if count.has_begun else ""
            whole = "" if count.whole is None else count.whole if count.has_begun else ""
            value = "" if count.value is None else count.value
            unit = "%" if reading.is_ratio else ""
            yield str(METRICS[name]), f"{month:%Y-%m}", value, unit, part, whole, reading.target
