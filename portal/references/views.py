"""The list of requests: the whole desk for managers, their own for reps."""

from datetime import datetime, time, timedelta
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from portal.asks.models import Kind
from portal.paging import Page
from portal.references import lists, words
from portal.references.clock import Promises, promises
from portal.references.lists import Filters, Tally
from portal.references.models import ReferenceRequest, State
from portal.references.queries import RUNNING
from portal.references.request_page import draw, visible
from portal.references.rows import Row, rows
from portal.web.access import allow
from portal.web.current import db, member
from tenants.models import Role

DESK = (Role.MANAGER, Role.ADMIN)
ENDED = tuple(state for state in State if state not in RUNNING and state is not State.DRAFT)
Tallies = dict[State, Tally]
Groups = list[tuple[State, str, list[Row], int]]

bp = Blueprint("references", __name__, url_prefix="/<workspace>/requests")


@bp.app_template_filter("kind_name")
def kind_name(kind: Kind) -> str:
    return str(words.KINDS[kind])


@bp.get("")
@allow(Role.REP, *DESK)
def index() -> ResponseReturnValue:
    promised = promises(db)
    return _desk(promised) if member.may(*DESK) else _mine(promised)


@bp.get("/<uuid:request_id>")
@allow(Role.REP, *DESK)
def show(request_id: UUID) -> ResponseReturnValue:
    return draw(visible(request_id))


def _mine(promised: Promises) -> str:
    view = "ended" if request.args.get("view") == "ended" else "open"
    states = ENDED if view == "ended" else RUNNING
    page = lists.of_rep(db, member, states, request.args.get("after"))
    lines = rows(db, page.rows, promised, for_desk=False)
    return render_template("references/mine.html", page=page, rows=lines, view=view)


def _desk(promised: Promises) -> str:
    view, chosen = request.args.get("view", "open"), _state(request.args.get("state"))
    filters = _filters(view, promised)
    tallies = lists.tally(db, filters, promised.now, tonight(promised))
    if view == "ended" or chosen:
        return _one_list((chosen,) if chosen else ENDED, filters, promised, tallies)
    lines = rows(db, lists.desk(db, filters), promised, for_desk=True)
    return _page(promised, tallies, groups=_groups(lines, tallies), page=None)


def _one_list(states: tuple[State, ...], filters: Filters, promised: Promises, tallies: Tallies) -> str:
    page = lists.in_states(db, states, filters, request.args.get("after"))
    lines = rows(db, page.rows, promised, for_desk=True)
    title = str(words.GROUPS[states[0]]) if len(states) == 1 else ""
    return _page(promised, tallies, groups=[(states[0], title, lines, len(lines))], page=page)


def _page(
    promised: Promises, tallies: Tallies, *, groups: Groups, page: Page[ReferenceRequest] | None
) -> str:
    products, reps = lists.choices(db)
    open_ones = [tallies.get(state, Tally()) for state in RUNNING]
    count, late = sum(one.all for one in open_ones), sum(one.late for one in open_ones)
    close = sum(one.close for one in open_ones)
    return render_template(
        "references/index.html",
        view=request.args.get("view", "open"),
        groups=groups,
        page=page,
        lede=words.late_words(count, late, close),
        counts={"open": count, "late": close, "waiting": sum(one.waiting for one in open_ones)},
        overdue=_next_overdue(groups, promised),
        kinds={kind.value: words.KINDS[kind] for kind in Kind},
        products=[(product, product) for product in products],
        reps=reps,
    )


def _next_overdue(groups: Groups, promised: Promises) -> ReferenceRequest | None:
    """The one that is late the longest, of those on the page."""
    shown = [line.wanted for _, _, lines, _ in groups for line in lines]
    late = [
        one for one in shown if one.state in RUNNING and one.due_at < promised.now and not one.waiting_since
    ]
    return min(late, key=lambda one: one.due_at, default=None)


def _groups(lines: list[Row], tallies: Tallies) -> Groups:
    """The open states in their order, each with its first rows and how many there are."""
    grouped = [(state, [line for line in lines if line.wanted.state is state]) for state in RUNNING]
    return [(state, str(words.GROUPS[state]), own, tallies[state].fit) for state, own in grouped if own]


def _filters(view: str, promised: Promises) -> Filters:
    given = request.args
    return Filters(
        q=given.get("q", "")[:200],
        kind=Kind(given["kind"]) if given.get("kind") in set(Kind) else None,
        product=given.get("product", ""),
        rep=_uuid(given.get("rep")),
        waiting=view == "waiting",
        due_before=tonight(promised) if view == "late" else None,
    )


def tonight(promised: Promises) -> datetime:
    today = promised.calendar.today(promised.now)
    return datetime.combine(today + timedelta(days=1), time(), promised.calendar.zone)


def _state(text: str | None) -> State | None:
    return State(text) if text in set(RUNNING) else None


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
