"""The rows behind a number, as a spreadsheet opens them."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.exports.export_table import ExportTable, Filters
from portal.exports.models import ExportKind
from portal.exports.sources import ExportSource
from portal.metrics.calculations import metric_of
from portal.reporting.calendar import reporting_calendar
from tenants.models import Membership


def table(session: Session, filters: Filters, at: datetime, _by: Membership) -> ExportTable:
    metric, calendar = metric_of(filters.get("name", "")), reporting_calendar(session, at)
    window = calendar.rows_window(calendar.chosen(filters))
    made: ExportTable = metric.rows.export(session, window, metric.part(filters.get("show", "")).name)
    return made


METRIC_ROWS = ExportSource(ExportKind.METRIC_ROWS, table)
