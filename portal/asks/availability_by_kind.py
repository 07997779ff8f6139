"""When people may be asked again for each kind of ask but the call, worked out for many people and all kinds at once.

Each kind is a row beside each person, with its weights and limits as columns, so that one statement is planned for all
of them. What a window counts is said by budget_windows.py, as it is for the call.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any
from typing import cast as as_type
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Boolean,
    ColumnElement,
    Date,
    DateTime,
    Insert,
    Integer,
    Select,
    Subquery,
    Table,
    TableValuedAlias,
    Text,
    and_,
    any_,
    bindparam,
    case,
    cast,
    column,
    delete,
    exists,
    func,
    literal,
    select,
    true,
)
from sqlalchemy import Uuid as UuidType
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal.advocates.availability_models import AdvocateAvailability
from portal.advocates.models import Advocate
from portal.asks.budget_windows import (
    counts_in_budget,
    given_by_company,
    given_by_person,
    is_within,
    minutes_free_day,
    of_their_companies,
    talks_over_year_limit,
    window_free_day,
    year_free_day,
)
from portal.asks.calendar_days import day_in
from portal.asks.models import Ask, AskKind
from portal.asks.policies import WINDOW_DAYS, AskRules, BudgetWindow
from tenants.clock import utc_now
from tenants.database import tenant_of

W = BudgetWindow
KIND_COLUMNS: Mapping[str, type[Any]] = {
    "kind": Text,
    **dict.fromkeys(("is_talk", "is_guest", "takes_time", "keeps_rest"), Boolean),
    **dict.fromkeys(("most", "attention_room", "favor_room"), Integer),
}
KINDS = tuple(kind for kind in AskKind if kind is not AskKind.CALL)


def refresh_availability(session: Session, rules: AskRules, advocate_ids: Collection[UUID]) -> None:
    """Write the days of these people anew; whoever calls it holds their rows."""
    given: Mapping[str, Any] = {"tenant": tenant_of(session), "now": utc_now(), "ids": list(advocate_ids)}
    session.execute(_refreshing(rules), given)


def available_from_by_kind(session: Session, advocate_id: UUID) -> dict[AskKind, Any]:
    """Return the kinds for which somebody has to wait, each with the day, as they were last written."""
    table = AdvocateAvailability
    mine = select(table.kind, table.available_from).where(table.advocate_id == advocate_id)
    return dict(session.execute(mine.order_by(table.available_from, table.kind)).all())


@lru_cache(maxsize=100)
def _refreshing(rules: AskRules) -> Insert:
    """Made once a day for workspaces with the same rules, as the one for calls is."""
    table, ids = as_type(Table, AdvocateAvailability.__table__), any_(bindparam("ids", type_=ARRAY(UuidType)))
    days = _days(rules, ids).cte("days")
    same = (days.c.advocate_id == table.c.advocate_id, days.c.kind == cast(table.c.kind, Text))
    gone = delete(table).where(table.c.advocate_id == ids, ~exists().where(*same))
    names = ["tenant_id", "id", "created_at", "advocate_id", "kind", "available_from"]
    row: Sequence[ColumnElement[Any]] = (
        bindparam("tenant", type_=UuidType),
        func.gen_random_uuid(),
        bindparam("now", type_=DateTime(timezone=True)),
    )
    new = insert(table).from_select(names, select(*row, *days.c))
    new = new.add_cte(gone.returning(table.c.id).cte("gone"))
    return new.on_conflict_do_update(
        index_elements=["tenant_id", "advocate_id", "kind"],
        set_={"available_from": new.excluded.available_from},
        where=table.c.available_from != new.excluded.available_from,
    )


def _days(rules: AskRules, ids: ColumnElement[Any]) -> Select[Any]:
    """Everybody who has to wait for a kind, with the day."""
    theirs, these = Ask.advocate_id == ids, Advocate.id == ids
    given, year = given_by_person(rules, only=theirs), talks_over_year_limit(rules, theirs)
    company = given_by_company(rules, of_their_companies(these))
    kinds, own = _kinds(rules), _given_of_own_kind(rules, theirs)
    free = _free_day(rules, kinds, given, year, company, own)
    people = (
        select(Advocate.id.label("advocate_id"), kinds.c.kind, free.label("available_from"))
        .join(kinds, true())
        .outerjoin(given, given.c.advocate_id == Advocate.id)
        .outerjoin(year, year.c.advocate_id == Advocate.id)
        .outerjoin(company, company.c.account_id == Advocate.account_id)
        .outerjoin(own, and_(own.c.advocate_id == Advocate.id, own.c.kind == kinds.c.kind))
        .where(these)
        .subquery()
    )
    return select(people).where(people.c.available_from > rules.today)


def _kinds(rules: AskRules) -> TableValuedAlias:
    """The kinds as rows: what each weighs, and which windows it has. As arrays: VALUES would be compiled each time."""
    rows = [_kind_row(rules, kind) for kind in KINDS]
    arrays = zip(KIND_COLUMNS.values(), zip(*rows, strict=True), strict=True)
    unnested = func.unnest(*(literal(list(each), ARRAY(kind)) for kind, each in arrays))
    columns = (column(name, kind) for name, kind in KIND_COLUMNS.items())
    return unnested.table_valued(*columns, name="kinds").render_derived()


def _kind_row(rules: AskRules, kind: AskKind) -> tuple[Any, ...]:
    weight = rules.weight_of(kind)
    return (
        kind.value,
        W.ACCOUNT in weight.windows,
        kind.is_guest,
        W.FAVOR_TIME in weight.windows,
        W.REST in weight.windows,
        rules.of_own_kind(kind),
        rules.attention_for(kind) - weight.attention,
        -weight.favor,
    )


def _given_of_own_kind(rules: AskRules, theirs: ColumnElement[bool]) -> Subquery:
    """For each person and kind, when the asks of that kind were sent that its window holds."""
    days = func.array_agg(day_in(rules.zone, Ask.sent_at), type_=ARRAY(Date)).label("days")
    kind = cast(Ask.kind, Text).label("kind")
    lately = is_within(rules, WINDOW_DAYS[W.SAME_KIND])
    held = select(Ask.advocate_id, kind, days).where(counts_in_budget(), lately, theirs)
    return held.group_by(Ask.advocate_id, Ask.kind).subquery("own")


def _free_day(
    rules: AskRules,
    kinds: TableValuedAlias,
    given: Subquery,
    year: Subquery,
    company: Subquery,
    own: Subquery,
) -> ColumnElement[Any]:
    """The latest of the days on which the windows of the kind have room again; null where all of them have."""
    k = kinds.c
    limits: dict[BudgetWindow, tuple[ColumnElement[Any], int | ColumnElement[int]]] = {
        W.ACCOUNT: (company.c[W.ACCOUNT], rules.account),
        W.TALKS_30: (given.c[W.TALKS_30], rules.talks_30),
        W.TALKS_90: (given.c[W.TALKS_90], func.least(rules.talks_90, Advocate.limit_calls, type_=Integer)),
    }
    talks = [window_free_day(days, most, WINDOW_DAYS[each]) for each, (days, most) in limits.items()]
    favor_room = func.least(rules.favor_time, Advocate.limit_minutes, type_=Integer) + k.favor_room
    return func.greatest(
        *(case((k.is_talk, day)) for day in (*talks, year_free_day(rules, year))),
        case((~k.is_talk, window_free_day(own.c.days, k.most, WINDOW_DAYS[W.SAME_KIND]))),
        case((~k.is_guest, minutes_free_day(W.ATTENTION, k.attention_room, given))),
        case((k.is_guest, minutes_free_day(W.GUEST_ATTENTION, k.attention_room, given))),
        case((k.takes_time, minutes_free_day(W.FAVOR_TIME, favor_room, given))),
        case((k.keeps_rest, given.c[W.REST])),
        type_=Date,
    )
