"""The figures for all staff; the rows behind them, which name people, for managers."""

from datetime import timedelta

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.advocates.labels import SHORT_KIND_NAMES
from portal.declarations.program_switches import metrics_off
from portal.exports import list_download
from portal.metrics import labels as metrics_labels
from portal.metrics import metric_figures, months_csv, placeholders
from portal.metrics.calculations import Metric, metric_of, report, today
from portal.metrics.drilldown import FILTERS, drilldown_page, filter_of
from portal.metrics.drilldown_queries import DrilldownFilter
from portal.metrics.export import METRIC_ROWS
from portal.metrics.periods import Period, PeriodChoice, choice_of, period
from portal.references import labels as references_labels
from portal.web import csv_files
from portal.web.access import allow, can_open
from portal.web.current import db, member
from portal.web.downloads import download
from portal.web.page_urls import current_url
from tenants.clock import utc_now
from tenants.models import MANAGER_ROLES, STAFF

bp = Blueprint("metrics", __name__, url_prefix="/<workspace>/metrics")


@bp.get("")
@allow(*STAFF)
def index() -> ResponseReturnValue:
    made = report(db, _choice()).without(metrics_off(db))
    shown = [metric_figures.figure(made, name, _rows_address(name, made.period)) for name in made.readings]
    return render_template(
        "metrics/index.html",
        report=made,
        figures=shown,
        lede=metrics_labels.lede(made),
        periods=_periods(made.period),
        now=utc_now(),
        attendance=placeholders.ATTENDANCE,
        upcoming=placeholders.UPCOMING,
        empty_texts=placeholders.EMPTY_TEXTS,
    )


@bp.get("/months.csv")
@allow(*STAFF)
def months_file() -> ResponseReturnValue:
    made = report(db, _choice()).without(metrics_off(db))
    return download(csv_files.csv_lines(months_csv.months(made)), "metrics.csv")


@bp.get("/<name>")
@bp.get("/fulfilment", defaults={"name": Metric.FULFILLMENT.value}, alias=True)
@allow(*MANAGER_ROLES)
def rows(name: str) -> ResponseReturnValue:
    metric, chosen = metric_of(name), period(_choice(), today(db))
    show = filter_of(metric, request.args.get("show", ""))
    found = drilldown_page(db, metric, chosen, show, request.args.get("after"))
    return render_template(
        f"metrics/{TEMPLATES[metric]}.html",
        found=found,
        name=metric,
        title=metrics_labels.METRICS[metric],
        lede=metrics_labels.drilldown_lede(metric, found.at - timedelta(seconds=1)),
        filter_tabs=_filter_tabs(metric, show),
        periods=_periods(chosen),
        kinds=SHORT_KIND_NAMES,
        state=lambda asked: references_labels.status_badge(asked, is_mine=asked.requester_id == member.id),
    )


@bp.get("/<name>/rows.csv")
@allow(*MANAGER_ROLES)
def rows_file(name: str) -> ResponseReturnValue:
    return list_download.download_or_offer(METRIC_ROWS, _filters(name), f"{name}.csv")


@bp.post("/<name>/rows.csv")
@allow(*MANAGER_ROLES)
def make_rows_file(name: str) -> ResponseReturnValue:
    return list_download.start_or_redirect(METRIC_ROWS, _filters(name), f"{name}.csv")


TEMPLATES = {
    Metric.FULFILLMENT: "drilldown_requests",
    Metric.VOLUME: "drilldown_references",
    Metric.ACTIVATION: "drilldown_people",
    Metric.ADVOCATES: "drilldown_people",
}


def _filters(name: str) -> dict[str, str]:
    return {"name": metric_of(name).value, "period": _choice().value, "show": request.args.get("show", "")}


def _choice() -> PeriodChoice:
    return choice_of(request.args.get("period", ""))


def _periods(chosen: Period) -> list[tuple[str, str, bool]]:
    """What the reader may choose, as (words, address, is chosen)."""
    options = [period(choice, chosen.today) for choice in PeriodChoice]
    return [
        (
            metrics_labels.period_text(one),
            current_url(period=one.choice.value, after=None),
            one.choice is chosen.choice,
        )
        for one in options
    ]


def _filter_tabs(metric: Metric, shown: DrilldownFilter) -> list[tuple[str, str, None, bool]]:
    return [
        (
            str(metrics_labels.DRILLDOWN_FILTERS[show]),
            current_url(show=show.value, after=None),
            None,
            show is shown,
        )
        for show in FILTERS[metric]
    ]


def _rows_address(name: Metric, chosen: Period) -> str | None:
    return url_for(".rows", name=name.value, period=chosen.choice.value) if can_open(".rows") else None
