"""The filters of the list of people, as an address says them: lists, surveys and campaigns choose by the same."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol

from sqlalchemy import ColumnElement, Select, and_, any_, func, literal, select, true, union
from sqlalchemy.orm import Session

from portal.accounts.models import Account, AccountRelationship
from portal.accounts.renewal_and_health import has_near_renewal, has_unhealthy_account
from portal.advocates.ask_kind_policies import KindRules
from portal.advocates.ask_kinds import AskKind
from portal.advocates.models import IN_PROGRAM, Advocate, AdvocateState, ConsentPurpose
from portal.list_summaries import ListSummary
from portal.name_search import is_named
from portal.search_text import MOST_WORDS
from tenants.clock import utc_now
from tenants.email_addresses import normalize_email

QUIET_AFTER = timedelta(days=120)
FILTERS = ("product", "agreed", "region", "industry", "relationship", "state")


class AvailabilityRules(Protocol):
    """What “free this week” depends on besides the person (`portal.asks.policies.AskRules`)."""

    @property
    def today(self) -> date: ...

    @property
    def renewal_days(self) -> int: ...

    def of(self, kind: AskKind) -> KindRules: ...


class AdvocateView(StrEnum):
    """A tab of the list."""

    EVERYONE = "everyone"
    FREE = "free"
    NEVER = "never"
    QUIET = "quiet"
    WAITING = "waiting"
    CANDIDATES = "candidates"


@dataclass(frozen=True)
class AdvocateFilters:
    """A tab and its filters."""

    view: AdvocateView = AdvocateView.EVERYONE
    text: str = ""
    product: str = ""
    agreed: str = ""
    region: str = ""
    industry: str = ""
    relationship: str = ""
    state: str = ""

    @classmethod
    def of(cls, arguments: Mapping[str, str]) -> "AdvocateFilters":
        """From the arguments of an address; what we don't know narrows nothing."""
        view = arguments.get("view", "")
        return cls(
            view=AdvocateView(view) if view in set(AdvocateView) else AdvocateView.EVERYONE,
            text=arguments.get("q", ""),
            **{name: arguments.get(name, "") for name in FILTERS},
        )

    @property
    def is_narrowed(self) -> bool:
        return any((self.text, *(getattr(self, name) for name in FILTERS)))


def matching(
    filters: AdvocateFilters, rules: AvailabilityRules, *, also_outside: bool = False
) -> Select[Advocate]:
    """The people of a tab, joined with their companies. `also_outside`: “everyone” are those outside, too."""
    people = select_people().where(*conditions(filters))
    if also_outside and filters.view is AdvocateView.EVERYONE:
        return people
    return people.where(_tab(filters, rules))


def select_people() -> Select[Advocate]:
    """Everybody who is not erased, joined with their companies."""
    found = select(Advocate).outerjoin(Account, Account.id == Advocate.account_id)
    return found.where(Advocate.state != AdvocateState.ERASED)


def filter_options(session: Session, summary: ListSummary | None = None) -> dict[str, list[str]]:
    """What the filters offer: the values people and companies here have.

    `summary`: of a long list, which is not read anew.
    """
    if summary is not None:
        return summary.sorted_choices("product", "region", "industry")
    products = select(literal("product").label("kind"), func.unnest(Advocate.products).label("value"))
    regions = select(literal("region"), Account.region).where(Account.region != "")
    industries = select(literal("industry"), Account.industry).where(Account.industry != "")
    found: dict[str, list[str]] = {"product": [], "region": [], "industry": []}
    for kind, value in session.execute(union(products, regions, industries).order_by("value")):
        found[kind].append(value)
    return found


def is_available_by(rules: AvailabilityRules, day: date) -> ColumnElement[bool]:
    """May be asked for a call by that day, as far as budget, health and renewal go."""
    return and_(
        Advocate.state == AdvocateState.ENROLLED,
        literal(ConsentPurpose.CALLS.value) == any_(Advocate.consents),
        func.coalesce(Advocate.available_from, rules.today) <= day,
        *(_account_is_fine(rules) if rules.of(AskKind.CALL).pauses_with_account else ()),
    )


def _account_is_fine(rules: AvailabilityRules) -> tuple[ColumnElement[bool], ...]:
    renews = has_near_renewal(rules.today, rules.renewal_days)
    return func.coalesce(~has_unhealthy_account(), True), func.coalesce(~renews, True)


def is_in_view(view: AdvocateView, rules: AvailabilityRules) -> ColumnElement[bool]:
    is_in = Advocate.state.in_(IN_PROGRAM)
    if view is AdvocateView.FREE:
        return is_available_by(rules, rules.today + timedelta(days=6 - rules.today.weekday()))
    if view is AdvocateView.NEVER:
        return and_(is_in, Advocate.last_ask_at.is_(None))
    if view is AdvocateView.QUIET:
        return and_(is_in, Advocate.last_act_at < utc_now() - QUIET_AFTER)
    if view is AdvocateView.WAITING:
        return Advocate.state == AdvocateState.PENDING
    if view is AdvocateView.CANDIDATES:
        return Advocate.state.in_([AdvocateState.CANDIDATE, AdvocateState.INVITED])
    return is_in


def conditions(filters: AdvocateFilters) -> list[ColumnElement[bool]]:
    """All but the tab."""
    chosen: list[ColumnElement[bool]] = [*_matching_text(filters.text)]
    if filters.product:
        chosen.append(literal(filters.product) == any_(Advocate.products))
    if filters.agreed:
        chosen.append(literal(filters.agreed) == any_(Advocate.consents))
    if filters.region:
        chosen.append(is_at(Account.region == filters.region))
    if filters.industry:
        chosen.append(is_at(Account.industry == filters.industry))
    if filters.relationship in set(AccountRelationship):
        chosen.append(is_at(Account.relationship == AccountRelationship(filters.relationship)))
    if filters.state in set(AdvocateState):
        chosen.append(Advocate.state == AdvocateState(filters.state))
    return chosen


def is_at(company: ColumnElement[bool]) -> ColumnElement[bool]:
    """At such a company: looked up in a hash while people are read in the order of the list.

    Written so that it is no join. Behind the wall PostgreSQL takes every workspace for one of average size, and in a
    large one it would first collect everybody who fits.
    """
    return Advocate.account_id.in_(select(Account.id).where(company).correlate(None)).is_(true())


def _tab(filters: AdvocateFilters, rules: AvailabilityRules) -> ColumnElement[bool]:
    """A chosen state looks at everybody: who said no is in no tab."""
    if filters.state and filters.view is AdvocateView.EVERYONE:
        return literal(True)
    return is_in_view(filters.view, rules)


def _matching_text(typed: str) -> Iterator[ColumnElement[bool]]:
    """An address is the person's; every other word stands in the person's name or the company's."""
    parts = typed.split()
    for address in [part for part in parts if "@" in part][:MOST_WORDS]:
        yield Advocate.email_norm == normalize_email(address)
    if names := " ".join(part for part in parts if "@" not in part):
        yield is_named(Advocate, names)
