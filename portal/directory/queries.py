"""Who is in the directory, who matches the filters, and how many are in each tab."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, any_, func, literal, or_, select, union
from sqlalchemy.orm import Session, contains_eager

from portal import policies
from portal.accounts.models import Account
from portal.accounts.name_normalization import search_words
from portal.accounts.queries import starts_words
from portal.accounts.renewal_and_health import has_near_renewal, has_unhealthy_account
from portal.advocates.ask_kinds import AskKind
from portal.advocates.models import IN_PROGRAM, Advocate, AdvocateState, ConsentPurpose
from portal.advocates.policies import ACTIVE_DAYS
from portal.asks.policies import AskRules
from portal.paging import KeysetPage, paginate
from tenants.clock import utc_now
from tenants.email_addresses import normalize_email

QUIET_AFTER = timedelta(days=120)


class DirectoryView(StrEnum):
    EVERYONE = "everyone"
    FREE = "free"
    NEVER = "never"
    QUIET = "quiet"
    WAITING = "waiting"
    CANDIDATES = "candidates"


@dataclass(frozen=True)
class DirectoryFilters:
    """A tab and its filters, as the address says them."""

    view: DirectoryView = DirectoryView.EVERYONE
    text: str = ""
    product: str = ""
    agreed: str = ""
    region: str = ""
    industry: str = ""
    state: str = ""

    @classmethod
    def of(cls, arguments: Mapping[str, str]) -> "DirectoryFilters":
        """Read filters from the arguments of an address; unknown values narrow nothing."""
        view = arguments.get("view", "")
        return cls(
            view=DirectoryView(view) if view in set(DirectoryView) else DirectoryView.EVERYONE,
            text=arguments.get("q", ""),
            **{
                name: arguments.get(name, "") for name in ("product", "agreed", "region", "industry", "state")
            },
        )

    @property
    def is_narrowed(self) -> bool:
        return any((self.text, self.product, self.agreed, self.region, self.industry, self.state))


def people(
    session: Session, filters: DirectoryFilters, rules: AskRules, cursor: str | None
) -> KeysetPage[Advocate]:
    selected = matching(filters, rules).options(contains_eager(Advocate.account))
    return paginate(session, selected, key=(Advocate.name_sort, Advocate.id), cursor=cursor)


def matching(filters: DirectoryFilters, rules: AskRules) -> Select[Advocate]:
    advocates = select(Advocate).outerjoin(Account, Account.id == Advocate.account_id)
    advocates = advocates.where(Advocate.state != AdvocateState.ERASED)
    return advocates.where(_tab(filters, rules), *_filters(filters))


def counts(session: Session, rules: AskRules) -> Mapping[str, int]:
    is_in = Advocate.state.in_(IN_PROGRAM)
    since = utc_now() - timedelta(days=policies.value(session, ACTIVE_DAYS))
    counted = {
        "known": Advocate.state != AdvocateState.ERASED,
        "invited": or_(Advocate.invited_at.is_not(None), Advocate.enrolled_at.is_not(None)),
        "enrolled": is_in,
        "helped": and_(is_in, Advocate.activated_at.is_not(None)),
        "active": and_(is_in, Advocate.last_act_at >= since),
        **{view.value: _view(view, rules) for view in DirectoryView},
    }
    columns = [func.count().filter(condition).label(name) for name, condition in counted.items()]
    row = session.execute(
        select(*columns).outerjoin_from(Advocate, Account, Account.id == Advocate.account_id)
    )
    return dict(row.mappings().one())


def filter_options(session: Session) -> dict[str, list[str]]:
    products = select(literal("product").label("kind"), func.unnest(Advocate.products).label("value"))
    regions = select(literal("region"), Account.region).where(Account.region != "")
    industries = select(literal("industry"), Account.industry).where(Account.industry != "")
    options: dict[str, list[str]] = {"product": [], "region": [], "industry": []}
    for kind, value in session.execute(union(products, regions, industries).order_by("value")):
        options[kind].append(value)
    return options


def is_available_by(rules: AskRules, day: date) -> ColumnElement[bool]:
    return and_(
        Advocate.state == AdvocateState.ENROLLED,
        literal(ConsentPurpose.CALLS.value) == any_(Advocate.consents),
        func.coalesce(Advocate.available_from, rules.today) <= day,
        *(_account_is_fine(rules) if rules.of(AskKind.CALL).pauses_with_account else ()),
    )


def _account_is_fine(rules: AskRules) -> tuple[ColumnElement[bool], ...]:
    renews = has_near_renewal(rules.today, rules.renewal_days)
    return func.coalesce(~has_unhealthy_account(), True), func.coalesce(~renews, True)


def _tab(filters: DirectoryFilters, rules: AskRules) -> ColumnElement[bool]:
    """A chosen state looks at everybody: who said no is in no tab."""
    if filters.state and filters.view is DirectoryView.EVERYONE:
        return literal(True)
    return _view(filters.view, rules)


def _view(view: DirectoryView, rules: AskRules) -> ColumnElement[bool]:
    is_in = Advocate.state.in_(IN_PROGRAM)
    if view is DirectoryView.FREE:
        return is_available_by(rules, rules.today + timedelta(days=6 - rules.today.weekday()))
    if view is DirectoryView.NEVER:
        return and_(is_in, Advocate.last_ask_at.is_(None))
    if view is DirectoryView.QUIET:
        return and_(is_in, Advocate.last_act_at < utc_now() - QUIET_AFTER)
    if view is DirectoryView.WAITING:
        return Advocate.state == AdvocateState.PENDING
    if view is DirectoryView.CANDIDATES:
        return Advocate.state.in_([AdvocateState.CANDIDATE, AdvocateState.INVITED])
    return is_in


def _filters(filters: DirectoryFilters) -> list[Any]:
    chosen: list[Any] = [_matches_word(word) for word in search_words(filters.text)]
    if filters.product:
        chosen.append(literal(filters.product) == any_(Advocate.products))
    if filters.agreed:
        chosen.append(literal(filters.agreed) == any_(Advocate.consents))
    if filters.region:
        chosen.append(Account.region == filters.region)
    if filters.industry:
        chosen.append(Account.industry == filters.industry)
    if filters.state in set(AdvocateState):
        chosen.append(Advocate.state == AdvocateState(filters.state))
    return chosen


def _matches_word(word: str) -> ColumnElement[bool]:
    """The word begins a part of the person's or the company's name, or is the address."""
    at_company = func.coalesce(starts_words(Account.name_norm, word), False)
    return or_(
        starts_words(Advocate.name_sort, word), at_company, Advocate.email_norm == normalize_email(word)
    )
