"""Home: what needs the reader, by role. An advocate's home is the list of asks."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal import policies
from portal.advocates import queries as advocates
from portal.asks.days import start_of
from portal.asks.days import today as today_in
from portal.home import figures, needs, own, queries
from portal.home.today import Today, today
from portal.metrics.periods import Choice
from portal.metrics.reckoning import report
from portal.outreach import alarms
from portal.references import lists
from portal.references.clock import Promises, promises
from portal.references.models import Meeting, State
from portal.references.policies import SILENT_DAYS
from portal.references.queries import RUNNING
from portal.references.rows import Row, rows
from portal.web.access import allow
from portal.web.current import db, member, tenant
from tenants.clock import utc_now
from tenants.models import Role

DESK = (Role.MANAGER, Role.ADMIN)
CLOSE = timedelta(hours=6)  # what falls due within them is worth a look now

bp = Blueprint("home", __name__, url_prefix="/<workspace>")


@bp.get("/")
@allow(*Role)
def show() -> ResponseReturnValue:
    if not member.name:
        return redirect(url_for("own_name.edit"), 303)
    if member.may(*DESK):
        return _desk()
    if member.may(Role.REP, Role.OWNER):
        return _own()
    return redirect(url_for("asks.mine"), 303)


def _desk() -> str:
    promised, waiting = promises(db), queries.waiting(db)
    if waiting.is_new:
        return render_template("home/start.html")
    pressing = queries.pressing(db, promised.now, promised.now + CLOSE)
    calls, undecided = _calls(promised)
    overdrawn = queries.overdrawn(db, today_in(db))
    raised = alarms.raised(db, waiting.letters)
    others = (
        bool(waiting.stuck_letters) + bool(waiting.collisions) + len(undecided) + len(overdrawn) + len(raised)
    )
    return render_template(
        "home/desk.html",
        needs=needs.all_of(pressing, waiting, promised, undecided, overdrawn, raised),
        more=needs.more(pressing, waiting),
        title=needs.title(pressing.total + waiting.pending + others),
        lede=needs.lede(pressing.late, calls.next, tenant.time_zone),
        today=calls,
        figures=figures.headlines(report(db, Choice.QUARTER)),
    )


def _calls(promised: Promises) -> tuple[Today, list[Meeting]]:
    """Today's, and those that the desk must decide on."""
    zone = ZoneInfo(tenant.time_zone)
    morning = start_of(promised.now.astimezone(zone).date(), zone)
    silent = timedelta(days=policies.value(db, SILENT_DAYS))
    found = queries.meetings_from(db, morning, promised.now - silent)
    calls = [call for call, _ in found if call.starts_at and call.starts_at >= morning]
    return today(calls, zone, promised.now), [call for call, is_open in found if is_open]


def _own() -> str:
    """A rep's requests, an owner's accounts; whoever is both sees both."""
    is_rep, is_owner, now = member.may(Role.REP), member.may(Role.OWNER), utc_now()
    running, delivered = _requests() if is_rep else ([], [])
    customers = queries.customers(db, member, now.date()) if is_owner else []
    return render_template(
        "home/own.html",
        title=own.title(running) if is_rep else own.title_of_accounts(customers, now.date()),
        lede="" if is_rep else own.lede_of_accounts(customers, now.date()),
        is_rep=is_rep,
        is_owner=is_owner,
        running=own.mine_first(running),
        delivered=delivered,
        customers=customers,
        health=own.HEALTH if own.knows_health(customers) else {},
        nominations=advocates.nominations(db, member, most=10),
        now=now,
    )


def _requests() -> tuple[list[Row], list[Row]]:
    """Those that run, and the newest that wait for their outcome."""
    running = lists.of_rep(db, member, RUNNING).rows
    delivered = lists.of_rep(db, member, [State.DELIVERED], size=queries.FEW).rows
    lines = rows(db, [*running, *delivered], promises(db), for_desk=False)
    return lines[: len(running)], lines[len(running) :]
