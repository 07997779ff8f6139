"""The lists of requests: the whole desk for managers, their own for reps."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import contains_eager

from portal.accounts.models import Deal
from portal.advocates.ask_kinds import DESK_KINDS, AskKind
from portal.declarations.attribute_predicates import of_day, of_moment, of_money
from portal.declarations.attributes import AttributeType
from portal.declarations.lists import (
    CellKind,
    DeclaredList,
    ListColumn,
    ListFilter,
    ListGroups,
    ListReader,
    ListSearch,
    ListTab,
    Place,
)
from portal.declarations.typed_filters import typed_filter
from portal.exports import cells
from portal.name_search import is_named
from portal.references import labels
from portal.references.models import ReferenceRequest, RequestState
from portal.references.queries import RUNNING
from portal.references.requests import request_lists
from portal.references.requests.request_rows import RequestRow, request_rows
from portal.references.service_levels import ServiceLevels, service_levels
from tenants.database import tenant
from tenants.models import MANAGER_ROLES, Membership, Role

ENDED = tuple(state for state in RequestState if state not in RUNNING and state is not RequestState.DRAFT)
STATES = {state.value: words for state, words in labels.STATES.items()}
Condition = Callable[[ListReader], ColumnElement[bool]]
R = ReferenceRequest


def tonight(promised: ServiceLevels) -> datetime:
    today = promised.calendar.today(promised.now)
    return datetime.combine(today + timedelta(days=1), time(), promised.calendar.zone)


def _is_open(_reader: ListReader) -> ColumnElement[bool]:
    return R.state.in_(RUNNING)


def _is_late(reader: ListReader) -> ColumnElement[bool]:
    """Or will be by tonight."""
    by_tonight = R.due_at < tonight(service_levels(reader.session))
    return and_(R.state.in_(RUNNING), by_tonight, R.waiting_since.is_(None))


def _is_waiting(_reader: ListReader) -> ColumnElement[bool]:
    return and_(R.state.in_(RUNNING), R.waiting_since.is_not(None))


def _has_ended(_reader: ListReader) -> ColumnElement[bool]:
    return R.state.in_(ENDED)


def _requests(_reader: ListReader) -> Select[ReferenceRequest]:
    return select(R).join(R.requester).outerjoin(R.deal)


def _own_requests(reader: ListReader) -> Select[ReferenceRequest]:
    return _requests(reader).where(R.requester_id == reader.member.id)


def _facts(
    *, for_desk: bool
) -> Callable[[ListReader, Sequence[ReferenceRequest]], Mapping[UUID, RequestRow]]:
    def read(reader: ListReader, requests: Sequence[ReferenceRequest]) -> Mapping[UUID, RequestRow]:
        rows = request_rows(reader.session, requests, service_levels(reader.session), for_desk=for_desk)
        return {row.request.id: row for row in rows}

    return read


def _counts(reader: ListReader) -> Select[*tuple[int, ...]]:
    """By tab, and how many of the open ones are over their time already."""
    promised = service_levels(reader.session)
    return request_lists.counted_requests(promised.now, tonight(promised))


def _choices(reader: ListReader) -> Mapping[str, Mapping[str, Any]]:
    products, reps = request_lists.filter_choices(reader.session)
    named = {str(rep): name for rep, name in reps.items()}
    return {"product": {product: product for product in products}, "rep": named}


def _is_of_rep(text: str) -> ColumnElement[bool] | None:
    try:
        return R.requester_id == UUID(text)
    except ValueError:
        return None


def _is_for(_reader: ListReader, text: str) -> ColumnElement[bool]:
    return is_named(R, text)


def _created(reader: ListReader) -> ColumnElement[str]:
    """By the days of the workspace, as its filter has them."""
    return cells.day_in(tenant(reader.session).time_zone, R.created_at)


REQUEST = ListColumn(
    name="request",
    label=_l("Request"),
    place=Place.ALWAYS,
    cell=lambda _: cells.text(R.prospect),
    sort=(R.prospect_norm,),
)
KIND = ListColumn(
    name="kind", label=_l("Kind"), place=Place.FILE, cell=lambda _: cells.labeled(R.kind, labels.KINDS)
)
STATE = ListColumn(
    name="state", label=_l("State"), place=Place.FILE, cell=lambda _: cells.labeled(R.state, STATES)
)
STEP = ListColumn(name="step", label=_l("Next step"), from_width="md")
REP = ListColumn(
    name="rep",
    label=_l("Requested by"),
    cell=lambda _: cells.text(Membership.name),
    sort=(func.lower(Membership.name),),
    from_width="lg",
)
DEAL = ListColumn(
    name="deal",
    label=_l("Deal"),
    cell=lambda _: cells.money(Deal.amount_cents),
    kind=CellKind.NUMBER,
    sort=(func.coalesce(Deal.currency, ""), func.coalesce(Deal.amount_cents, -1)),
    sorts_down_first=True,
    from_width="xl",
    is_numeric=True,
)
CURRENCY = ListColumn(
    name="currency", label=_l("Currency"), place=Place.FILE, cell=lambda _: cells.text(Deal.currency)
)
NEEDED = ListColumn(
    name="needed",
    label=_l("Needed by"),
    cell=lambda _: cells.day(R.needed_by),
    kind=CellKind.DAY,
    sort=(R.needed_by,),
    from_width="md",
)
CLOCK = ListColumn(
    name="clock", label=_l("Clock"), sort=(R.due_at,), tab_labels={"ended": _l("How it ended")}
)
CREATED = ListColumn(
    name="created",
    label=_l("Created"),
    place=Place.ON_CHOICE,
    cell=_created,
    kind=CellKind.DAY,
    sort=(R.created_at,),
    sorts_down_first=True,
    from_width="lg",
)
LOADS = (contains_eager(R.requester), contains_eager(R.deal))
ENDED_TAB = ListTab(name="ended", label=_l("Ended"), condition=_has_ended, sort="-created")
REQUESTS = DeclaredList(
    name="requests",
    label=_l("Requests"),
    endpoint="references.index",
    roles=frozenset(MANAGER_ROLES),
    model=R,
    rows=_requests,
    loads=LOADS,
    columns=(REQUEST, KIND, STATE, STEP, REP, DEAL, CURRENCY, NEEDED, CLOCK, CREATED),
    sort="clock",
    cells="references/requests/list_cells.html",
    tabs=(
        ListTab(name="open", label=_l("All open"), condition=_is_open),
        ListTab(name="late", label=_l("Late or due soon"), condition=_is_late),
        ListTab(name="waiting", label=_l("Waiting"), condition=_is_waiting),
        ENDED_TAB,
    ),
    filters=(
        ListFilter(name="product", label=_l("Product"), condition=lambda product: R.product == product),
        ListFilter(
            name="kind",
            label=_l("Kind"),
            condition=lambda kind: R.kind == AskKind(kind) if kind in DESK_KINDS else None,
            words=labels.KINDS,
        ),
        ListFilter(name="rep", label=_l("Rep"), condition=_is_of_rep),
        ListFilter(
            name="state",
            label=_l("State"),
            condition=lambda state: R.state == RequestState(state) if state in set(RUNNING) else None,
            words={state.value: STATES[state.value] for state in RUNNING},
            is_offered=False,
            tabs=frozenset({"open"}),
        ),
        typed_filter("needed", _l("Needed by"), AttributeType.DAY, of_day(R.needed_by)),
        typed_filter("created", _l("Created"), AttributeType.MOMENT, of_moment(R.created_at)),
        typed_filter("amount", _l("Deal"), AttributeType.MONEY, of_money(Deal.amount_cents, Deal.currency)),
    ),
    search=ListSearch(label=_l("Find a prospect"), placeholder=_l("Prospect"), condition=_is_for),
    groups=ListGroups(
        column=R.state,
        titles={state: labels.GROUP_TITLES[state] for state in RUNNING},
        argument="state",
        tabs=frozenset({"open", "late", "waiting"}),
    ),
    choices=_choices,
    tab_counts=_counts,
    facts=_facts(for_desk=True),
)
OWN_REQUESTS = DeclaredList(
    name="own-requests",
    label=_l("My requests"),
    endpoint="references.index",
    roles=frozenset({Role.REP}),
    model=R,
    rows=_own_requests,
    loads=LOADS,
    columns=(REQUEST, STEP, NEEDED, CLOCK, CREATED),
    sort="-created",
    cells="references/requests/list_cells.html",
    tabs=(ListTab(name="open", label=_l("Open"), condition=_is_open), ENDED_TAB),
    facts=_facts(for_desk=False),
    file_roles=frozenset(),
)
LISTS = (REQUESTS, OWN_REQUESTS)
