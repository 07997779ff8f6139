"""The filters of the list of people, as an address says them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol

from sqlalchemy import ColumnElement, Select, and_, any_, func, literal, select, true, union
from sqlalchemy.orm import Session

from portal import list_summaries
from portal.accounts.models import Account, AccountRelationship
from portal.accounts.renewal_and_health import has_near_renewal, has_unhealthy_account
from portal.advocates.ask_kind_policies import KindRules
from portal.advocates.ask_kinds import AskKind
from portal.advocates.models import IN_PROGRAM, NEVER_HELPED, Advocate, AdvocateState, ConsentPurpose
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


def select_people() -> Select[Advocate]:
    """Everybody who is not erased, joined with their companies."""
    found = select(Advocate).outerjoin(Account, Account.id == Advocate.account_id)
    return found.where(Advocate.state != AdvocateState.ERASED)


def filter_options(session: Session) -> dict[str, list[str]]:
    """What the filters offer: the values people and companies here have."""
    products = select(literal("product").label("kind"), func.unnest(Advocate.products).label("value"))
    regions = select(literal("region"), Account.region).where(Account.region != "")
    industries = select(literal("industry"), Account.industry).where(Account.industry != "")
    found = list_summaries.choices(session, Advocate, union(products, regions, industries))
    return {name: sorted(found.get(name, ())) for name in ("product", "region", "industry")}


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
        have_helped = Advocate.last_act_sort > NEVER_HELPED
        return and_(is_in, have_helped, Advocate.last_act_sort < utc_now() - QUIET_AFTER)
    if view is AdvocateView.WAITING:
        return Advocate.state == AdvocateState.PENDING
    if view is AdvocateView.CANDIDATES:
        return Advocate.state.in_([AdvocateState.CANDIDATE, AdvocateState.INVITED])
    return is_in


def conditions(filters: AdvocateFilters) -> list[ColumnElement[bool]]:
    """All but the tab."""
    chosen: list[ColumnElement[bool]] = [matches_text(filters.text)] if filters.text else []
    if filters.product:
        chosen.append(uses(filters.product))
    if filters.agreed:
        chosen.append(has_agreed_to(filters.agreed))
    if filters.region:
        chosen.append(is_in_region(filters.region))
    if filters.industry:
        chosen.append(is_in_industry(filters.industry))
    others = (is_related(filters.relationship), has_state(filters.state))
    return [*chosen, *(each for each in others if each is not None)]


def matches_text(text: str) -> ColumnElement[bool]:
    """An address is the person's; every other word stands in the person's name or the company's."""
    parts = text.split()
    addresses = [part for part in parts if "@" in part][:MOST_WORDS]
    names = " ".join(part for part in parts if "@" not in part)
    own = (Advocate.email_norm == normalize_email(address) for address in addresses)
    return and_(is_named(Advocate, names), *own)


def uses(product: str) -> ColumnElement[bool]:
    return literal(product) == any_(Advocate.products)


def has_agreed_to(purpose: str) -> ColumnElement[bool]:
    return literal(purpose) == any_(Advocate.consents)


def is_in_region(region: str) -> ColumnElement[bool]:
    return is_at(Account.region == region)


def is_in_industry(industry: str) -> ColumnElement[bool]:
    return is_at(Account.industry == industry)


def is_related(relationship: str) -> ColumnElement[bool] | None:
    """What is no relationship narrows nothing."""
    known = relationship in set(AccountRelationship)
    return is_at(Account.relationship == AccountRelationship(relationship)) if known else None


def has_state(state: str) -> ColumnElement[bool] | None:
    """What is no state narrows nothing."""
    return Advocate.state == AdvocateState(state) if state in set(AdvocateState) else None


def is_at(company: ColumnElement[bool]) -> ColumnElement[bool]:
    """At such a company: looked up in a hash while people are read in the order of the list.

    Written so that it is no join. Behind the wall PostgreSQL takes every workspace for one of average size, and in a
    large one it would first collect everybody who fits.
    """
    return Advocate.account_id.in_(select(Account.id).where(company).correlate(None)).is_(true())
