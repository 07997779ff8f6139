"""The list of deals, found by prospect, name or number."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, select

from portal.accounts import queries
from portal.accounts.models import Deal
from portal.declarations.attribute_predicates import of_day, of_money
from portal.declarations.attributes import AttributeType
from portal.declarations.lists import (
    DeclaredList,
    ListColumn,
    ListFilter,
    ListReader,
    ListSearch,
    ListTab,
    Place,
)
from portal.declarations.typed_filters import typed_filter
from portal.directory import deal_queries
from portal.directory.list_columns import day_column, money_column
from portal.exports import cells
from portal.signin import memberships
from tenants.models import Role


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
    money_column("amount", _l("Amount"), Deal.amount_cents, Deal.currency),
    ListColumn(
        name="currency", label=_l("Currency"), place=Place.FILE, cell=lambda _: cells.text(Deal.currency)
    ),
    day_column("close", _l("Close date"), Deal.close_on, "lg"),
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
        typed_filter("amount", _l("Amount"), AttributeType.MONEY, of_money(Deal.amount_cents, Deal.currency)),
        typed_filter("close", _l("Close date"), AttributeType.DAY, of_day(Deal.close_on)),
    ),
    search=ListSearch(
        label=_l("Find a deal"),
        placeholder=_l("Prospect, deal or CRM ID"),
        condition=lambda _, text: queries.finds_deal(text),
    ),
    choices=_choices,
    facts=_reps,
)
