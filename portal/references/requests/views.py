"""The list of requests: the whole desk for managers, their own for reps."""

from datetime import datetime, time, timedelta
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from portal.advocates.ask_kinds import DESK_KINDS, AskKind
from portal.paging import KeysetPage
from portal.references import labels
from portal.references.models import ReferenceRequest, RequestState
from portal.references.queries import RUNNING
from portal.references.requests import request_lists
from portal.references.requests.request_lists import RequestFilters, StateCounts
from portal.references.requests.request_page import render_request, visible_request
from portal.references.requests.request_rows import RequestRow, request_rows
from portal.references.service_levels import ServiceLevels, service_levels
from portal.web.access import allow
from portal.web.current import db, member
from tenants.models import MANAGER_ROLES, Role

ENDED = tuple(state for state in RequestState if state not in RUNNING and state is not RequestState.DRAFT)
Tallies = dict[RequestState, StateCounts]
Groups = list[tuple[RequestState, str, list[RequestRow], int]]

bp = Blueprint("references", __name__, url_prefix="/<workspace>/requests")


@bp.get("")
@allow(Role.REP, *MANAGER_ROLES)
def index() -> ResponseReturnValue:
    promised = service_levels(db)
    return _manager_list(promised) if member.has_role(*MANAGER_ROLES) else _rep_list(promised)


@bp.get("/<uuid:request_id>")
@allow(Role.REP, *MANAGER_ROLES)
def show(request_id: UUID) -> ResponseReturnValue:
    return render_request(visible_request(request_id))


def _rep_list(promised: ServiceLevels) -> str:
    view = "ended" if request.args.get("view") == "ended" else "open"
    states = ENDED if view == "ended" else RUNNING
    page = request_lists.requests_of_rep(db, member, states, request.args.get("after"))
    lines = request_rows(db, page.rows, promised, for_desk=False)
    return render_template("references/requests/mine.html", page=page, rows=lines, view=view)


def _manager_list(promised: ServiceLevels) -> str:
    view, chosen = request.args.get("view", "open"), _state(request.args.get("state"))
    filters = _filters(view, promised)
    tallies = request_lists.count_by_state(db, filters, promised.now, tonight(promised))
    if view == "ended" or chosen:
        return _one_list((chosen,) if chosen else ENDED, filters, promised, tallies)
    lines = request_rows(db, request_lists.open_requests(db, filters), promised, for_desk=True)
    return _page(promised, tallies, groups=_groups(lines, tallies), page=None)


def _one_list(
    states: tuple[RequestState, ...], filters: RequestFilters, promised: ServiceLevels, tallies: Tallies
) -> str:
    page = request_lists.requests_in_states(db, states, filters, request.args.get("after"))
    lines = request_rows(db, page.rows, promised, for_desk=True)
    title = str(labels.GROUP_TITLES[states[0]]) if len(states) == 1 else ""
    return _page(promised, tallies, groups=[(states[0], title, lines, len(lines))], page=page)


def _page(
    promised: ServiceLevels, tallies: Tallies, *, groups: Groups, page: KeysetPage[ReferenceRequest] | None
) -> str:
    products, reps = request_lists.filter_choices(db)
    open_ones = [tallies.get(state, StateCounts()) for state in RUNNING]
    count, late = sum(one.all for one in open_ones), sum(one.late for one in open_ones)
    close = sum(one.due_today for one in open_ones)
    return render_template(
        "references/requests/index.html",
        view=request.args.get("view", "open"),
        groups=groups,
        page=page,
        lede=labels.open_and_late_summary(count, late, close),
        counts={"open": count, "late": close, "waiting": sum(one.waiting for one in open_ones)},
        overdue=_next_overdue(groups, promised),
        kinds={kind.value: name for kind, name in labels.KINDS.items()},
        products=[(product, product) for product in products],
        reps=reps,
    )


def _next_overdue(groups: Groups, promised: ServiceLevels) -> ReferenceRequest | None:
    """The one that is late the longest, of those on the page."""
    shown = [line.request for _, _, lines, _ in groups for line in lines]
    late = [
        one for one in shown if one.state in RUNNING and one.due_at < promised.now and not one.waiting_since
    ]
    return min(late, key=lambda one: one.due_at, default=None)


def _groups(lines: list[RequestRow], tallies: Tallies) -> Groups:
    """The open states in their order, each with its first rows and how many there are."""
    grouped = [(state, [line for line in lines if line.request.state is state]) for state in RUNNING]
    return [
        (state, str(labels.GROUP_TITLES[state]), own, tallies[state].matching_filters)
        for state, own in grouped
        if own
    ]


def _filters(view: str, promised: ServiceLevels) -> RequestFilters:
    given = request.args
    return RequestFilters(
        q=given.get("q", "")[:200],
        kind=AskKind(given["kind"]) if given.get("kind") in DESK_KINDS else None,
        product=given.get("product", ""),
        rep=_uuid(given.get("rep")),
        waiting=view == "waiting",
        due_before=tonight(promised) if view == "late" else None,
    )


def tonight(promised: ServiceLevels) -> datetime:
    today = promised.calendar.today(promised.now)
    return datetime.combine(today + timedelta(days=1), time(), promised.calendar.zone)


def _state(text: str | None) -> RequestState | None:
    return RequestState(text) if text in set(RUNNING) else None


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
