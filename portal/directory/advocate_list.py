"""The list of people: everybody the program knows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, func
from sqlalchemy.orm import Session, contains_eager

from portal.accounts.labels import RELATIONSHIP_NAMES
from portal.accounts.models import Account
from portal.advocates import filters
from portal.advocates.filters import AdvocateView
from portal.advocates.models import Advocate
from portal.advocates.queries import full_name, lock_advocates
from portal.asks.budget_queries import Workload, workloads
from portal.asks.policies import ask_rules
from portal.badges import StatusBadge
from portal.custom_fields.models import FieldSubject
from portal.declarations.lists import (
    CellKind,
    DeclaredList,
    ListColumn,
    ListReader,
    ListSearch,
    ListTab,
    Place,
)
from portal.declarations.origins import by
from portal.directory import bulk_acts, bulk_adding, bulk_tagging, queries
from portal.directory.advocate_filters import FILTERS
from portal.directory.advocate_sorts import AVAILABLE_FROM, BY_COMPANY, BY_REGION, COMPANY, REGION
from portal.directory.availability import availability
from portal.directory.extra_cells import own_columns
from portal.directory.extra_filters import own_filters
from portal.exports import cells
from portal.list_summaries import kept_or_counted
from portal.tags.queries import tags_of_people
from tenants.database import tenant
from tenants.models import MANAGER_ROLES

CANDIDATE_COLUMNS = ("company", "email", "uses", "availability")  # who is not in has not helped yet
STATE = {tab: _l("State") for tab in (AdvocateView.WAITING.value, AdvocateView.CANDIDATES.value)}


@dataclass(frozen=True)
class PeopleFacts:
    """What the cells show of people besides themselves."""

    session: Session
    workloads: Mapping[UUID, Workload]
    availability: Mapping[UUID, StatusBadge]

    @cached_property
    def tags(self) -> Mapping[UUID, list[str]]:
        """Read once the column is shown."""
        return tags_of_people(self.session, list(self.availability))


def _facts(reader: ListReader, people: Sequence[Advocate]) -> PeopleFacts:
    rules = ask_rules(reader.session)
    loads = workloads(reader.session, people, rules)
    return PeopleFacts(
        reader.session, loads, {one.id: availability(one, loads[one.id], rules) for one in people}
    )


def _choices(reader: ListReader) -> Mapping[str, Mapping[str, Any]]:
    found = filters.filter_options(reader.session)
    return {name: {value: value for value in values} for name, values in found.items()}


def _counts(reader: ListReader) -> ColumnElement[Any]:
    return kept_or_counted(Advocate, queries.counted_people(reader.session, ask_rules(reader.session)))


def _tab(view: AdvocateView, label: Any, *attributes: str, **more: Any) -> ListTab:
    """`attributes`: those that decide who is in it, beside being in the program."""

    def condition(reader: ListReader) -> ColumnElement[bool]:
        return filters.is_in_view(view, ask_rules(reader.session))

    return ListTab(
        name=view.value, label=label, condition=condition, is_counted=True, origin=by(*attributes), **more
    )


def _cell(value: ColumnElement[str]) -> Callable[[ListReader], ColumnElement[str]]:
    return lambda _reader: value


def _day(at: Any) -> Callable[[ListReader], ColumnElement[str]]:
    return lambda reader: cells.day_in(tenant(reader.session).time_zone, at)


def _people(_reader: ListReader) -> Select[Advocate]:
    return filters.select_people()


def _about(person: Advocate) -> str:
    company = person.account.name if person.account else person.company
    return ", ".join(part for part in (person.title, company, person.email) if part)


COLUMNS = (
    ListColumn(
        name="name",
        label=_l("Name"),
        place=Place.ALWAYS,
        cell=_cell(cells.text(full_name())),
        sort=(Advocate.name_sort,),
    ),
    ListColumn(
        name="email",
        label=_l("Email"),
        place=Place.ON_CHOICE,
        cell=_cell(cells.text(Advocate.email)),
        sort=(Advocate.email_norm,),
        from_width="md",
    ),
    ListColumn(name="title", label=_l("Title"), place=Place.FILE, cell=_cell(cells.text(Advocate.title))),
    ListColumn(
        name="company",
        label=_l("Company"),
        sort=(COMPANY,),
        sort_parts=BY_COMPANY,
        from_width="md",
        cell=_cell(cells.text(func.coalesce(Account.name, Advocate.company))),
    ),
    ListColumn(
        name="relationship",
        label=_l("Relationship"),
        place=Place.FILE,
        cell=_cell(cells.labeled(Account.relationship, RELATIONSHIP_NAMES)),
    ),
    ListColumn(
        name="industry", label=_l("Industry"), place=Place.FILE, cell=_cell(cells.text(Account.industry))
    ),
    ListColumn(
        name="region",
        label=_l("Region"),
        place=Place.ON_CHOICE,
        cell=_cell(cells.text(Account.region)),
        sort=(REGION, COMPANY),
        sort_parts=BY_REGION,
        from_width="lg",
    ),
    ListColumn(name="state", label=_l("State"), place=Place.FILE, cell=_cell(cells.text(Advocate.state))),
    ListColumn(name="uses", label=_l("Uses"), cell=_cell(cells.listed(Advocate.products)), from_width="xl"),
    ListColumn(
        name="agreed",
        label=_l("Agreed to"),
        place=Place.ON_CHOICE,
        cell=_cell(cells.listed(Advocate.consents)),
        from_width="xl",
    ),
    ListColumn(
        name="asked",
        label=_l("Last ask"),
        place=Place.FILE,
        cell=_day(Advocate.last_ask_at),
        kind=CellKind.DAY,
    ),
    ListColumn(
        name="helped",
        label=_l("Last helped"),
        sort=(Advocate.last_act_sort,),
        sorts_down_first=True,
        from_width="lg",
    ),
    ListColumn(
        name="last-help",
        label=_l("Last help"),
        place=Place.FILE,
        cell=_day(Advocate.last_act_at),
        kind=CellKind.DAY,
    ),
    ListColumn(name="time", label=_l("Minutes of favors (90 days)"), from_width="lg"),
    ListColumn(
        name="availability",
        label=_l("Availability"),
        sort=(AVAILABLE_FROM,),
        tab_labels=STATE,
    ),
    ListColumn(
        name="free-from",
        label=_l("Free from"),
        place=Place.FILE,
        cell=_cell(cells.day(Advocate.available_from)),
        kind=CellKind.DAY,
    ),
    ListColumn(name="own-tags", label=_l("Tags"), place=Place.ON_CHOICE, from_width="xl"),
    ListColumn(
        name="provenance",
        label=_l("Source"),
        place=Place.ON_CHOICE,
        sort=(Advocate.provenance,),
        from_width="xl",
    ),
)
TABS = (
    _tab(AdvocateView.EVERYONE, _l("Everyone")),
    _tab(AdvocateView.FREE, _l("Free this week"), "account.health", "account.renewal_on", "person.free_for"),
    _tab(AdvocateView.NEVER, _l("Never asked"), "person.last_ask_at"),
    _tab(AdvocateView.QUIET, _l("Going quiet"), "person.last_act_at", sort="helped"),
    _tab(AdvocateView.WAITING, _l("Needs approval"), "person.state", columns=CANDIDATE_COLUMNS),
    _tab(AdvocateView.CANDIDATES, _l("Candidates"), "person.state", columns=CANDIDATE_COLUMNS),
)
ADVOCATES = DeclaredList(
    name="advocates",
    label=_l("Advocates"),
    endpoint="directory.index",
    roles=frozenset(MANAGER_ROLES),
    model=Advocate,
    rows=_people,
    loads=(contains_eager(Advocate.account),),
    columns=COLUMNS,
    sort="name",
    cells="directory/list_cells.html",
    tabs=TABS,
    filters=FILTERS,
    search=ListSearch(
        label=_l("Find a person"),
        placeholder=_l("Name or company"),
        condition=lambda _reader, text: filters.matches_text(text),
    ),
    choices=_choices,
    own_filters=own_filters(FieldSubject.PERSON),
    own_columns=own_columns(FieldSubject.PERSON),
    tab_counts=_counts,
    facts=_facts,
    acts=(
        bulk_acts.INVITE,
        bulk_tagging.TAG_PEOPLE,
        bulk_tagging.UNTAG_PEOPLE,
        bulk_adding.ADD_TO_LIST,
        bulk_acts.PAUSE,
        bulk_acts.ASK_FOR_CONSENT,
    ),
    lock=lock_advocates,
    row_title=lambda person: str(person.name),
    row_about=_about,
)
