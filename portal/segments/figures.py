"""How many people fit, how many are left after each condition, at how many companies, and what these are worth.

Money is told in each currency by itself and never added up across currencies.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, func, select, true
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.orm import Session, joinedload

from portal.accounts.models import Account
from portal.advocates.models import Advocate, AdvocateState
from portal.segments.conditions import Condition, conditions_of
from portal.segments.predicates import condition_predicates, joined, left_out, people_of
from portal.segments.resolution import ResolvedConditions
from tenants.database import tenant
from tenants.rows_at_once import JsonRows, rows_at_once

SAMPLE = 6


@dataclass(frozen=True)
class CurrencyFigure:
    """Of the companies with this currency: those with somebody who fits, and all of them."""

    currency: str
    arr_cents: int
    all_arr_cents: int
    accounts: int

    @property
    def percent(self) -> int:
        return round(self.arr_cents * 100 / self.all_arr_cents) if self.all_arr_cents else 0


@dataclass(frozen=True)
class SegmentFigures:
    """`left`: for each condition in the order of the page, the people left after it."""

    people: int
    everybody: int
    left: tuple[int, ...]
    without: int  # without the conditions that keep it out of reviews
    currencies: tuple[CurrencyFigure, ...]

    @property
    def accounts(self) -> int:
        return sum(each.accounts for each in self.currencies)

    @property
    def worth(self) -> list[CurrencyFigure]:
        """The largest first, as far as there is any."""
        worth = [each for each in self.currencies if each.arr_cents]
        return sorted(worth, key=lambda each: (-each.arr_cents, each.currency))

    @property
    def percent(self) -> int:
        return round(self.people * 100 / self.everybody) if self.everybody else 0


def count(session: Session, resolved: ResolvedConditions) -> int:
    counted = select(func.count()).select_from(Advocate).where(people_of(session, resolved))
    return session.scalar(counted) or 0


def figures(session: Session, resolved: ResolvedConditions) -> SegmentFigures:
    return read_figures(rows_at_once(session, *figure_rows(session, resolved, resolved)))


def figure_rows(
    session: Session, resolved: ResolvedConditions, without: ResolvedConditions
) -> list[Select[*tuple[Any, ...]]]:
    """Two questions; `without`: the same without what keeps it out of reviews."""
    return [_people(session, resolved, without), _currencies(session, resolved)]


def read_figures(found: Sequence[JsonRows]) -> SegmentFigures:
    (people,), currencies = found
    after = tuple(people["left_after"])
    worth = tuple(CurrencyFigure(**row) for row in currencies)
    return SegmentFigures(people["people"], people["everybody"], after, people["without"], worth)


def sample(session: Session, resolved: ResolvedConditions) -> Sequence[Advocate]:
    """The same few until the conditions change: a stranger's choice, and no new draw at each look."""
    seed = int(resolved.fingerprint[:15], 16)
    place = func.uuid_hash_extended(Advocate.id, seed)
    chosen = (
        select(Advocate.id).where(people_of(session, resolved)).order_by(place, Advocate.id).limit(SAMPLE)
    )
    people = select(Advocate).options(joinedload(Advocate.account)).where(Advocate.id.in_(chosen))
    return session.scalars(people.order_by(place, Advocate.id)).all()


def _people(
    session: Session, resolved: ResolvedConditions, without: ResolvedConditions
) -> Select[*tuple[Any, ...]]:
    """Each condition is looked at once a person; who fits, and the sums, are made of what was found."""
    single = {} if resolved.every_fault else condition_predicates(session, resolved)
    named = {f"c{number}": predicate for number, predicate in enumerate(single.values())}
    others = [] if without == resolved else [people_of(session, without).label("others")]
    columns = [*(predicate.label(name) for name, predicate in named.items()), *others]
    columns += [] if single else [people_of(session, resolved).label("fits")]  # everybody, a list, or nobody
    columns.append(left_out(session, resolved).label("is_left_out"))
    is_here = Advocate.state != AdvocateState.ERASED
    looked_at = select(*columns).where(is_here).offset(0).subquery("looked_at")  # a fence: looked at once
    held = dict(zip(single, (looked_at.c[name] for name in named), strict=True))
    after = _after_each(resolved, held) if single else []
    fits = (after[-1] if after else looked_at.c.fits) & looked_at.c.is_left_out.is_not(true())
    numbers: list[ColumnElement[int]] = [func.count().filter(each) for each in after]
    left_after: ColumnElement[Any] = array(numbers, type_=BigInteger())
    return select(
        func.count().label("everybody"),
        func.count().filter(fits).label("people"),
        func.count().filter(looked_at.c.others if others else fits).label("without"),
        left_after.label("left_after"),
    )


def _after_each(
    resolved: ResolvedConditions, held: Mapping[Condition, ColumnElement[bool]]
) -> list[ColumnElement[bool]]:
    join = resolved.conditions.join
    after: list[ColumnElement[bool]] = []
    before: list[ColumnElement[bool]] = []
    for row in resolved.conditions.rows:
        ones = [held[one] for one in conditions_of(row)]
        after += [joined(join, *before, joined(join.other, *ones[: n + 1])) for n in range(len(ones))]
        before.append(joined(join.other, *ones))
    return after


def _currencies(session: Session, resolved: ResolvedConditions) -> Select[*tuple[Any, ...]]:
    """An amount that names no currency is in the workspace's."""
    theirs = select(Advocate.account_id).where(people_of(session, resolved), Advocate.account_id.is_not(None))
    currency = func.coalesce(func.nullif(Account.currency, ""), tenant(session).currency)
    fits = Account.id.in_(theirs.correlate(None))
    companies = select(currency.label("currency"), Account.arr_cents, fits.label("fits"))
    found = companies.offset(0).subquery("companies")
    rows = select(
        found.c.currency,
        func.coalesce(func.sum(found.c.arr_cents).filter(found.c.fits), 0).label("arr_cents"),
        func.coalesce(func.sum(found.c.arr_cents), 0).label("all_arr_cents"),
        func.count().filter(found.c.fits).label("accounts"),
    )
    return rows.group_by(found.c.currency).order_by(found.c.currency)
