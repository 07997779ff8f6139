"""The figures for all staff; the rows behind them, which name people, for managers."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.declarations.metrics import Metric, MetricPart
from portal.exports import list_download
from portal.metrics import labels as metrics_labels
from portal.metrics import metric_figures, months_csv, placeholders
from portal.metrics.calculations import metric_of, report
from portal.metrics.drilldown import drilldown_page
from portal.metrics.export import METRIC_ROWS
from portal.reporting.calendar import ReportingCalendar, reporting_calendar
from portal.reporting.periods import Period, PeriodChoice, choice_of
from portal.web import csv_files
from portal.web.access import allow, can_open
from portal.web.current import db, member, tenant
from portal.web.downloads import download
from portal.web.filters import day
from portal.web.page_urls import current_url
from tenants.clock import utc_now
from tenants.models import MANAGER_ROLES, STAFF

bp = Blueprint("metrics", __name__, url_prefix="/<workspace>/metrics")


@bp.get("")
@allow(*STAFF)
def index() -> ResponseReturnValue:
    made = report(db, _choice())
    shown = [
        metric_figures.figure(
            made, reading, rows_url, reading.metric.aside(db) if reading.metric.aside else ""
        )
        for reading in made.readings
    ]
    return render_template(
        "metrics/index.html",
        report=made,
        figures=[*shown, *placeholders.figures()],
        lede=metrics_labels.lede(made),
        periods=_periods(reporting_calendar(db), made.period),
        zone_text=metrics_labels.zone_text(made, utc_now(), tenant.time_zone),
        upcoming=placeholders.upcoming(),
    )


@bp.get("/months.csv")
@allow(*STAFF)
def months_file() -> ResponseReturnValue:
    made = report(db, _choice())
    return download(csv_files.csv_lines(months_csv.months(made)), "metrics.csv")


@bp.get("/<name>")
@bp.get("/fulfilment", defaults={"name": "fulfillment"}, alias=True)
@allow(*MANAGER_ROLES)
def rows(name: str) -> ResponseReturnValue:
    metric, calendar = metric_of(name), reporting_calendar(db)
    part, chosen = metric.part(request.args.get("show", "")), calendar.chosen(request.args)
    window = calendar.rows_window(chosen)
    cursor = request.args.get("after")
    found = drilldown_page(db, metric, window, part.name, cursor=cursor, reader=member)
    return render_template(
        metric.rows.template,
        found=found,
        title=_(metric.label),
        lede=_(metric.rows.lede, day=day(window.at - timedelta(seconds=1))),
        filter_tabs=_filter_tabs(metric, part),
        periods=_periods(calendar, chosen),
        rows_file=_file_url(metric.name),
        **found.context,
    )


@bp.get("/<name>/rows.csv")
@allow(*MANAGER_ROLES)
def rows_file(name: str) -> ResponseReturnValue:
    return list_download.download_or_offer(METRIC_ROWS, _filters(name), f"{name}.csv")


@bp.post("/<name>/rows.csv")
@allow(*MANAGER_ROLES)
def make_rows_file(name: str) -> ResponseReturnValue:
    return list_download.start_or_redirect(METRIC_ROWS, _filters(name), f"{name}.csv")


def rows_url(metric: Metric, part: str, period: Mapping[str, Any]) -> str | None:
    if not can_open("metrics.rows"):
        return None
    arguments: dict[str, Any] = {"show": part} if part != metric.parts[0].name else {}
    return url_for("metrics.rows", name=metric.name, **arguments, **period)


def _file_url(name: str) -> str:
    arguments: dict[str, Any] = _filters(name)
    return url_for(".rows_file", **arguments)


def _filters(name: str) -> dict[str, str]:
    """As the address says them; what it does not say stays out."""
    given = {key: request.args.get(key, "") for key in ("period", "month", "until", "show")}
    return {"name": metric_of(name).name} | {key: value for key, value in given.items() if value}


def _choice() -> PeriodChoice:
    return choice_of(request.args.get("period", ""))


def _periods(calendar: ReportingCalendar, chosen: Period) -> list[tuple[str, str, bool]]:
    """What the reader may choose, as (words, address, is chosen)."""
    options = [calendar.period(choice) for choice in PeriodChoice]
    return [
        (
            metrics_labels.period_text(one),
            current_url(**{"month": None, "until": None, "after": None, **one.arguments}),
            one == chosen,
        )
        for one in ([] if chosen.choice else [chosen]) + options
    ]


def _filter_tabs(metric: Metric, shown: MetricPart) -> list[tuple[str, str, None, bool]]:
    """The parts with a tab, and the one that is open."""
    return [
        (_(part.label), current_url(show=part.name, after=None), None, part is shown)
        for part in metric.parts
        if part.is_tab or part is shown
    ]
