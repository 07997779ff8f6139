"""The pool: who is in it, who fits the filters, how many stand where. Facts from above are columns of advocates."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, any_, func, literal, or_, select, union
from sqlalchemy.orm import Session, contains_eager

from portal import policies
from portal.accounts.models import Account
from portal.accounts.names import words_of
from portal.accounts.queries import starts_words
from portal.advocates.models import Advocate, Purpose, State
from portal.advocates.policies import ACTIVE_DAYS
from portal.asks.pauses import TROUBLED
from portal.asks.windows import Rules
from portal.paging import Page, page
from tenants.addresses import normal_email
from tenants.clock import utc_now

IN = (State.ENROLLED, State.PAUSED)
QUIET = timedelta(days=120)


class View(StrEnum):
    EVERYONE = "everyone"
    FREE = "free"
    NEVER = "never"
    QUIET = "quiet"
    WAITING = "waiting"
    CANDIDATES = "candidates"


@dataclass(frozen=True)
class Wanted:
    """A tab and its filters, as the address says them."""

    view: View = View.EVERYONE
    text: str = ""
    product: str = ""
    agreed: str = ""
    region: str = ""
    industry: str = ""
    state: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Wanted":
        """From the arguments of an address; what we don't know narrows nothing."""
        view = given.get("view", "")
        return cls(
            view=View(view) if view in set(View) else View.EVERYONE,
            text=given.get("q", ""),
            **{name: given.get(name, "") for name in ("product", "agreed", "region", "industry", "state")},
        )

    @property
    def narrowed(self) -> bool:
        return any((self.text, self.product, self.agreed, self.region, self.industry, self.state))


def people(session: Session, wanted: Wanted, rules: Rules, cursor: str | None) -> Page[Advocate]:
    found = matching(wanted, rules).options(contains_eager(Advocate.account))
    return page(session, found, key=(Advocate.name_sort, Advocate.id), cursor=cursor)


def matching(wanted: Wanted, rules: Rules) -> Select[Advocate]:
    found = select(Advocate).outerjoin(Account, Account.id == Advocate.account_id)
    found = found.where(Advocate.state != State.ERASED)
    return found.where(_tab(wanted, rules), *_filters(wanted))


def counts(session: Session, rules: Rules) -> Mapping[str, int]:
    """Every tab and every step of the funnel, in one look at the people."""
    is_in = Advocate.state.in_(IN)
    since = utc_now() - timedelta(days=policies.value(session, ACTIVE_DAYS))
    counted = {
        "known": Advocate.state != State.ERASED,
        "invited": or_(Advocate.invited_at.is_not(None), Advocate.enrolled_at.is_not(None)),
        "enrolled": is_in,
        "helped": and_(is_in, Advocate.activated_at.is_not(None)),
        "active": and_(is_in, Advocate.last_act_at >= since),
        **{view.value: _view(view, rules) for view in View},
    }
    columns = [func.count().filter(condition).label(name) for name, condition in counted.items()]
    row = session.execute(
        select(*columns).outerjoin_from(Advocate, Account, Account.id == Advocate.account_id)
    )
    return dict(row.mappings().one())


def options(session: Session) -> dict[str, list[str]]:
    """What the filters offer: the values people and companies here have."""
    products = select(literal("product").label("kind"), func.unnest(Advocate.products).label("value"))
    regions = select(literal("region"), Account.region).where(Account.region != "")
    industries = select(literal("industry"), Account.industry).where(Account.industry != "")
    found: dict[str, list[str]] = {"product": [], "region": [], "industry": []}
    for kind, value in session.execute(union(products, regions, industries).order_by("value")):
        found[kind].append(value)
    return found


def is_free_by(rules: Rules, day: date) -> ColumnElement[bool]:
    """May be asked for a call by that day, as far as budget, health and renewal go."""
    renews = Account.renewal_on.between(rules.today, rules.today + timedelta(days=rules.renewal_days))
    return and_(
        Advocate.state == State.ENROLLED,
        literal(Purpose.CALLS.value) == any_(Advocate.consents),
        func.coalesce(Advocate.free_from, rules.today) <= day,
        func.coalesce(Account.health.not_in(TROUBLED), True),
        func.coalesce(~renews, True),
    )


def _tab(wanted: Wanted, rules: Rules) -> ColumnElement[bool]:
    """A chosen state looks at everybody: who said no is in no tab."""
    if wanted.state and wanted.view is View.EVERYONE:
        return literal(True)
    return _view(wanted.view, rules)


def _view(view: View, rules: Rules) -> ColumnElement[bool]:
    is_in = Advocate.state.in_(IN)
    if view is View.FREE:
        return is_free_by(rules, rules.today + timedelta(days=6 - rules.today.weekday()))
    if view is View.NEVER:
        return and_(is_in, Advocate.last_ask_at.is_(None))
    if view is View.QUIET:
        return and_(is_in, Advocate.last_act_at < utc_now() - QUIET)
    if view is View.WAITING:
        return Advocate.state == State.PENDING
    if view is View.CANDIDATES:
        return Advocate.state.in_([State.CANDIDATE, State.INVITED])
    return is_in


def _filters(wanted: Wanted) -> list[Any]:
    chosen: list[Any] = [_named(word) for word in words_of(wanted.text)]
    if wanted.product:
        chosen.append(literal(wanted.product) == any_(Advocate.products))
    if wanted.agreed:
        chosen.append(literal(wanted.agreed) == any_(Advocate.consents))
    if wanted.region:
        chosen.append(Account.region == wanted.region)
    if wanted.industry:
        chosen.append(Account.industry == wanted.industry)
    if wanted.state in set(State):
        chosen.append(Advocate.state == State(wanted.state))
    return chosen


def _named(word: str) -> ColumnElement[bool]:
    """The word begins a part of the person's or the company's name, or is the address."""
    at_company = func.coalesce(starts_words(Account.name_norm, word), False)
    return or_(starts_words(Advocate.name_sort, word), at_company, Advocate.email_norm == normal_email(word))
