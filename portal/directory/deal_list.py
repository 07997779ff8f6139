"""The list of deals, found by prospect, name or number."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, func, select

from portal.accounts import queries
from portal.accounts.models import Deal
from portal.declarations.lists import (
    CellKind,
    DeclaredList,
    ListColumn,
    ListFilter,
    ListReader,
    ListSearch,
    ListTab,
    Place,
)
from portal.directory import deal_queries
from portal.exports import cells
from portal.signin import memberships
from tenants.models import Role

NO_DAY = date(9999, 12, 31)


def _is_mine(reader: ListReader) -> ColumnElement[bool]:
    return Deal.rep_email_norm == reader.member.email_norm


def _choices(reader: ListReader) -> Mapping[str, Mapping[str, Any]]:
    found = deal_queries.filter_options(reader.session)
    return {name: {value: value for value in values} for name, values in found.items()}


def _reps(reader: ListReader, deals: Sequence[Deal]) -> Mapping[str, str]:
    return memberships.names_by_email(reader.session, (deal.rep_email_norm for deal in deals))


COLUMNS = (
    ListColumn(
        name="prospect",
        label=_l("Prospect"),
        place=Place.ALWAYS,
        cell=lambda _: cells.text(Deal.prospect),
        sort=(Deal.prospect_norm,),
    ),
    ListColumn(name="name", label=_l("Deal"), place=Place.FILE, cell=lambda _: cells.text(Deal.name)),
    ListColumn(
        name="number", label=_l("CRM ID"), place=Place.FILE, cell=lambda _: cells.text(Deal.external_id)
    ),
    ListColumn(name="stage", label=_l("Stage"), cell=lambda _: cells.text(Deal.stage), sort=(Deal.stage,)),
    ListColumn(
        name="amount",
        label=_l("Amount"),
        cell=lambda _: cells.money(Deal.amount_cents),
        kind=CellKind.NUMBER,
        sort=(Deal.currency, func.coalesce(Deal.amount_cents, -1)),
        sorts_down_first=True,
        from_width="md",
        is_numeric=True,
    ),
    ListColumn(
        name="currency", label=_l("Currency"), place=Place.FILE, cell=lambda _: cells.text(Deal.currency)
    ),
    ListColumn(
        name="close",
        label=_l("Close date"),
        cell=lambda _: cells.day(Deal.close_on),
        kind=CellKind.DAY,
        sort=(func.coalesce(Deal.close_on, NO_DAY),),
        from_width="lg",
    ),
    ListColumn(
        name="product",
        label=_l("Product"),
        cell=lambda _: cells.text(Deal.product),
        sort=(Deal.product,),
        from_width="lg",
    ),
    ListColumn(
        name="rep",
        label=_l("Rep"),
        cell=lambda _: cells.text(Deal.rep_email),
        sort=(Deal.rep_email_norm,),
        from_width="xl",
    ),
)
DEALS = DeclaredList(
    name="deals",
    label=_l("Deals"),
    endpoint="deals.index",
    roles=frozenset({Role.REP, Role.MANAGER, Role.ADMIN}),
    model=Deal,
    rows=lambda _: select(Deal),
    columns=COLUMNS,
    sort="prospect",
    cells="accounts/deal_cells.html",
    tabs=(
        ListTab(name="all", label=_l("All deals")),
        ListTab(name="mine", label=_l("Mine"), condition=_is_mine),
    ),
    tab_argument="whose",
    filters=(
        ListFilter(name="stage", label=_l("Stage"), condition=lambda stage: Deal.stage == stage),
        ListFilter(name="product", label=_l("Product"), condition=lambda product: Deal.product == product),
    ),
    search=ListSearch(
        label=_l("Find a deal"),
        placeholder=_l("Prospect, deal or CRM ID"),
        condition=lambda _, text: queries.finds_deal(text),
    ),
    choices=_choices,
    facts=_reps,
)
