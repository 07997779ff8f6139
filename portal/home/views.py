"""Home: what needs the reader, by role. An advocate's home is the list of asks."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal import policies
from portal.accounts.labels import HEALTH_BADGES
from portal.advocates import queries as advocates
from portal.asks.calendar_days import start_of
from portal.asks.calendar_days import today as today_in
from portal.home import action_items, headline_figures, queries, rep_and_owner
from portal.home.todays_calls import TodaysCalls, todays_calls
from portal.metrics.calculations import report
from portal.metrics.periods import PeriodChoice
from portal.metrics.views import rows_url
from portal.outreach.messages import alarms
from portal.references.models import Meeting, RequestState
from portal.references.policies import FEEDBACK_WAIT_DAYS
from portal.references.queries import RUNNING
from portal.references.requests import request_lists
from portal.references.requests.request_rows import RequestRow, request_rows
from portal.references.service_levels import ServiceLevels, service_levels
from portal.web.access import allow
from portal.web.current import db, member, tenant
from tenants.clock import utc_now
from tenants.models import MANAGER_ROLES, Role

DUE_SOON = timedelta(hours=6)  # what falls due within them is worth a look now

bp = Blueprint("home", __name__, url_prefix="/<workspace>")


@bp.get("/")
@allow(*Role)
def show() -> ResponseReturnValue:
    if not member.name:
        return redirect(url_for("own_name.edit"), 303)
    if member.has_role(*MANAGER_ROLES):
        return _manager_home()
    if member.has_role(Role.REP, Role.OWNER):
        return _rep_and_owner_home()
    return redirect(url_for("asks.mine"), 303)


def _manager_home() -> str:
    promises, pending = service_levels(db), queries.pending_work(db)
    if pending.is_new:
        return render_template("home/getting_started.html")
    urgent = queries.urgent_requests(db, promises.now, promises.now + DUE_SOON)
    calls, undecided = _calls(promises)
    over_budget = queries.over_budget_asks(db, today_in(db))
    raised = alarms.raised_alarms(db, pending.emails)
    others = (
        bool(pending.stuck_emails)
        + bool(pending.collisions)
        + len(undecided)
        + len(over_budget)
        + len(raised)
    )
    return render_template(
        "home/manager.html",
        action_items=action_items.action_items(urgent, pending, promises, undecided, over_budget, raised),
        overflow_links=action_items.overflow_links(urgent, pending),
        title=action_items.title(urgent.total + pending.pending + others),
        lede=action_items.lede(urgent.late, calls.next, tenant.time_zone),
        calls=calls,
        figures=headline_figures.headline_figures(report(db, PeriodChoice.QUARTER), rows_url),
    )


def _calls(promises: ServiceLevels) -> tuple[TodaysCalls, list[Meeting]]:
    """Today's, and those that a manager must decide on."""
    zone = ZoneInfo(tenant.time_zone)
    morning = start_of(promises.now.astimezone(zone).date(), zone)
    silent = timedelta(days=policies.value(db, FEEDBACK_WAIT_DAYS))
    found = queries.meetings_from(db, morning, promises.now - silent)
    calls = [call for call, _ in found if call.starts_at and call.starts_at >= morning]
    return todays_calls(calls, zone, promises.now), [call for call, is_open in found if is_open]


def _rep_and_owner_home() -> str:
    """A rep's requests, an owner's accounts; whoever is both sees both."""
    is_rep, is_owner, now = member.has_role(Role.REP), member.has_role(Role.OWNER), utc_now()
    running, delivered = _requests() if is_rep else ([], [])
    customers = queries.owned_accounts(db, member, now.date()) if is_owner else []
    return render_template(
        "home/rep_and_owner.html",
        title=rep_and_owner.rep_title(running)
        if is_rep
        else rep_and_owner.owner_title(customers, now.date()),
        lede="" if is_rep else rep_and_owner.owner_lede(customers, now.date()),
        is_rep=is_rep,
        is_owner=is_owner,
        running=rep_and_owner.waiting_first(running),
        delivered=delivered,
        customers=customers,
        health=HEALTH_BADGES if rep_and_owner.has_known_health(customers) else {},
        nominations=advocates.nominations(db, member, most=10),
        now=now,
    )


def _requests() -> tuple[list[RequestRow], list[RequestRow]]:
    """Those that run, and the newest that wait for their outcome."""
    running = request_lists.requests_of_rep(db, member, RUNNING).rows
    delivered = request_lists.requests_of_rep(
        db, member, [RequestState.DELIVERED], size=queries.ROWS_SHOWN
    ).rows
    lines = request_rows(db, [*running, *delivered], service_levels(db), for_desk=False)
    return lines[: len(running)], lines[len(running) :]
