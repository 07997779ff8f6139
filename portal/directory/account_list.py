"""The list of customer companies: all of them for managers, their own for account owners."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import func

from portal.accounts import queries
from portal.accounts.labels import HEALTH_NAMES, RELATIONSHIP_NAMES
from portal.accounts.models import Account, AccountRelationship, Health
from portal.custom_fields.models import FieldSubject
from portal.declarations.lists import (
    CellKind,
    DeclaredList,
    ListColumn,
    ListFilter,
    ListReader,
    ListSearch,
    Place,
)
from portal.directory import account_queries, bulk_adding, bulk_tagging
from portal.directory.account_queries import PeopleCounts
from portal.directory.account_segment_filter import ACCOUNTS_IN_SEGMENT
from portal.directory.attribute_filters import attribute_filter, chosen_by
from portal.directory.extra_cells import own_columns
from portal.directory.extra_filters import own_filters
from portal.directory.list_columns import day_column, money_column
from portal.exports import cells
from portal.name_search import is_named
from portal.web.filters import region
from tenants.email_addresses import display_email
from tenants.models import Role


@dataclass(frozen=True)
class AccountFacts:
    people: Mapping[UUID, PeopleCounts]
    owners: Mapping[str, str]  # by address


def _facts(reader: ListReader, accounts: Sequence[Account]) -> AccountFacts:
    return AccountFacts(*account_queries.people_and_owners(reader.session, accounts))


def _choices(reader: ListReader) -> Mapping[str, Mapping[str, Any]]:
    found = account_queries.filter_options(reader.session, reader.member)
    return {name: {value: display_email(value) for value in values} for name, values in found.items()}


COLUMNS = (
    ListColumn(
        name="company",
        label=_l("Company"),
        place=Place.ALWAYS,
        cell=lambda _: cells.text(Account.name),
        sort=(Account.name_norm,),
    ),
    ListColumn(
        name="industry",
        label=_l("Industry"),
        place=Place.ON_CHOICE,
        cell=lambda _: cells.text(Account.industry),
        sort=(Account.industry,),
        from_width="lg",
    ),
    ListColumn(
        name="region",
        label=_l("Region"),
        cell=lambda _: cells.text(Account.region),
        sort=(Account.region,),
        from_width="lg",
    ),
    ListColumn(name="city", label=_l("City"), place=Place.FILE, cell=lambda _: cells.text(Account.city)),
    ListColumn(
        name="employees",
        label=_l("Employees"),
        place=Place.ON_CHOICE,
        cell=lambda _: cells.number(Account.employees),
        kind=CellKind.NUMBER,
        sort=(func.coalesce(Account.employees, -1),),
        sorts_down_first=True,
        from_width="lg",
        is_numeric=True,
    ),
    money_column("arr", _l("ARR"), Account.arr_cents, Account.currency),
    ListColumn(
        name="currency", label=_l("Currency"), place=Place.FILE, cell=lambda _: cells.text(Account.currency)
    ),
    day_column("renewal", _l("Renewal"), Account.renewal_on, "md"),
    ListColumn(
        name="health",
        label=_l("Health"),
        cell=lambda _: cells.labeled(Account.health, HEALTH_NAMES),
        sort=(Account.health,),
    ),
    ListColumn(
        name="relationship",
        label=_l("Relationship"),
        place=Place.ON_CHOICE,
        cell=lambda _: cells.labeled(Account.relationship, RELATIONSHIP_NAMES),
        sort=(Account.relationship,),
        from_width="lg",
    ),
    ListColumn(name="people", label=_l("People")),
    ListColumn(
        name="owner",
        label=_l("Owner"),
        cell=lambda _: cells.text(Account.owner_email),
        sort=(Account.owner_email_norm,),
        from_width="xl",
    ),
)
ACCOUNTS = DeclaredList(
    name="accounts",
    label=_l("Accounts"),
    endpoint="accounts.index",
    roles=frozenset({Role.MANAGER, Role.ADMIN, Role.OWNER}),
    model=Account,
    rows=lambda reader: queries.visible_to(reader.member),
    columns=COLUMNS,
    sort="company",
    cells="accounts/list_cells.html",
    filters=(
        ListFilter(
            name="industry",
            label=_l("Industry"),
            condition=lambda industry: Account.industry == industry,
            origin=chosen_by("account.industry"),
        ),
        ListFilter(
            name="region",
            label=_l("Region"),
            condition=lambda named: Account.region == named,
            origin=chosen_by("account.region"),
            show=lambda _reader, code: region(code),
        ),
        ListFilter(
            name="health",
            label=_l("Health"),
            condition=lambda health: Account.health == Health(health) if health in set(Health) else None,
            words=HEALTH_NAMES,
            origin=chosen_by("account.health"),
        ),
        ListFilter(
            name="relationship",
            label=_l("Relationship"),
            condition=lambda named: (
                Account.relationship == AccountRelationship(named)
                if named in set(AccountRelationship)
                else None
            ),
            words=RELATIONSHIP_NAMES,
            origin=chosen_by("account.relationship"),
        ),
        ListFilter(
            name="owner", label=_l("Owner"), condition=lambda address: Account.owner_email_norm == address
        ),
        ACCOUNTS_IN_SEGMENT,
        attribute_filter("city", "account.city"),
        attribute_filter("employees", "account.employees"),
        attribute_filter("arr", "account.arr"),
        attribute_filter("renewal", "account.renewal_on"),
        attribute_filter("customer-since", "account.customer_since"),
    ),
    search=ListSearch(
        label=_l("Find a company"),
        placeholder=_l("Company"),
        condition=lambda _, text: is_named(Account, text),
    ),
    choices=_choices,
    own_filters=own_filters(FieldSubject.ACCOUNT),
    own_columns=own_columns(FieldSubject.ACCOUNT),
    facts=_facts,
    acts=(bulk_tagging.TAG_ACCOUNTS, bulk_tagging.UNTAG_ACCOUNTS, bulk_adding.ADD_PEOPLE_TO_LIST),
    lock=queries.lock_accounts,
    row_title=lambda account: str(account.name),
    row_about=lambda account: ", ".join(part for part in (account.industry, account.city) if part),
)
