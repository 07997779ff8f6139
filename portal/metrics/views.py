"""The figures for all staff; the rows behind them, which name people, for the desk."""

from datetime import timedelta

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.exports import serving
from portal.metrics import figures, files, later, wording
from portal.metrics.export import METRIC_ROWS
from portal.metrics.listing import SHOWN, listing, show_of
from portal.metrics.periods import Choice, Period, choice_of, period
from portal.metrics.reckoning import Name, name_of, report, today
from portal.metrics.rows import Show
from portal.references import words
from portal.web import csv_files
from portal.web.access import allow, may
from portal.web.addresses import same_page
from portal.web.current import db, member
from portal.web.downloads import download
from tenants.clock import utc_now
from tenants.models import Role

DESK = (Role.MANAGER, Role.ADMIN)
STAFF = (Role.REP, Role.OWNER, *DESK)

bp = Blueprint("metrics", __name__, url_prefix="/<workspace>/metrics")


@bp.get("")
@allow(*STAFF)
def index() -> ResponseReturnValue:
    made = report(db, _choice())
    shown = [figures.figure(made, name, _rows_address(name, made.period)) for name in Name]
    return render_template(
        "metrics/index.html",
        report=made,
        figures=shown,
        lede=wording.lede(made),
        periods=_periods(made.period),
        now=utc_now(),
        attendance=later.ATTENDANCE,
        others=later.OTHERS,
        nothing=later.NOTHING,
    )


@bp.get("/months.csv")
@allow(*STAFF)
def months_file() -> ResponseReturnValue:
    made = report(db, _choice())
    return download(csv_files.lines(files.months(made)), "metrics.csv")


@bp.get("/<name>")
@allow(*DESK)
def rows(name: str) -> ResponseReturnValue:
    metric, chosen = name_of(name), period(_choice(), today(db))
    show = show_of(metric, request.args.get("show", ""))
    found = listing(db, metric, chosen, show, request.args.get("after"))
    return render_template(
        f"metrics/{TEMPLATES[metric]}.html",
        found=found,
        name=metric,
        title=wording.NAMES[metric],
        lede=wording.rows_lede(metric, found.at - timedelta(seconds=1)),
        views=_views(metric, show),
        periods=_periods(chosen),
        kinds=words.SHORT_KINDS,
        state=lambda wanted: words.status(wanted, is_mine=wanted.requester_id == member.id),
    )


@bp.get("/<name>/rows.csv")
@allow(*DESK)
def rows_file(name: str) -> ResponseReturnValue:
    return serving.show(METRIC_ROWS, _filters(name), f"{name}.csv")


@bp.post("/<name>/rows.csv")
@allow(*DESK)
def make_rows_file(name: str) -> ResponseReturnValue:
    return serving.start(METRIC_ROWS, _filters(name), f"{name}.csv")


TEMPLATES = {
    Name.FULFILMENT: "requests",
    Name.VOLUME: "references",
    Name.ACTIVATION: "people",
    Name.ADVOCATES: "people",
}


def _filters(name: str) -> dict[str, str]:
    return {"name": name_of(name).value, "period": _choice().value, "show": request.args.get("show", "")}


def _choice() -> Choice:
    return choice_of(request.args.get("period", ""))


def _periods(chosen: Period) -> list[tuple[str, str, bool]]:
    """What the reader may choose, as (words, address, is chosen)."""
    options = [period(choice, chosen.today) for choice in Choice]
    return [
        (
            wording.period_words(one),
            same_page(period=one.choice.value, after=None),
            one.choice is chosen.choice,
        )
        for one in options
    ]


def _views(metric: Name, shown: Show) -> list[tuple[str, str, None, bool]]:
    return [
        (str(wording.SHOWS[show]), same_page(show=show.value, after=None), None, show is shown)
        for show in SHOWN[metric]
    ]


def _rows_address(name: Name, chosen: Period) -> str | None:
    return url_for(".rows", name=name.value, period=chosen.choice.value) if may(".rows") else None
