"""How many people fit, how many are left after each condition, at how many companies, and what these are worth.

Money is told in each currency by itself and never added up across currencies.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import CTE, BigInteger, ColumnElement, Select, func, select, true
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.orm import Session, joinedload

from portal.accounts.models import Account
from portal.advocates.models import Advocate, AdvocateState
from portal.segments.conditions import Condition, conditions_of
from portal.segments.predicates import condition_predicates, joined, left_out, people_of
from portal.segments.resolution import ResolvedConditions
from tenants.database import tenant
from tenants.rows_at_once import JsonRows, rows_at_once
from tenants.workspace_size import of_known_size

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
    sampled: tuple[UUID, ...]  # a few of them

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
    return session.scalar(counted.options(of_known_size(session))) or 0


def figures(session: Session, resolved: ResolvedConditions) -> SegmentFigures:
    return read_figures(rows_at_once(session, *figure_rows(session, resolved, resolved)))


def figure_rows(
    session: Session, resolved: ResolvedConditions, without: ResolvedConditions
) -> list[Select[*tuple[Any, ...]]]:
    """Three questions; `without`: the same without what keeps it out of reviews."""
    people = _LookedAt.of(session, resolved, without)
    return [people.numbers(), _currencies(session, people), people.sampled(resolved)]


def read_figures(found: Sequence[JsonRows]) -> SegmentFigures:
    (people,), currencies, sampled = found
    return SegmentFigures(
        people["people"],
        people["everybody"],
        tuple(people["left_after"]),
        people["without"],
        tuple(CurrencyFigure(**row) for row in currencies),
        tuple(UUID(row["id"]) for row in sampled),
    )


def sample(session: Session, counted: SegmentFigures) -> Sequence[Advocate]:
    """The same few until the conditions change: a stranger's choice, and no new draw at each look."""
    people = select(Advocate).options(joinedload(Advocate.account)).where(Advocate.id.in_(counted.sampled))
    return sorted(session.scalars(people), key=lambda person: counted.sampled.index(person.id))


@dataclass(frozen=True)
class _LookedAt:
    """Everybody, each looked at once: what each condition said of them, and who fits."""

    rows: CTE
    after: Sequence[ColumnElement[bool]]  # each condition in turn: whether somebody is left after it
    fits: ColumnElement[bool]

    @classmethod
    def of(cls, session: Session, resolved: ResolvedConditions, without: ResolvedConditions) -> "_LookedAt":
        single = {} if resolved.every_fault else condition_predicates(session, resolved)
        named = {f"c{number}": predicate for number, predicate in enumerate(single.values())}
        columns = [predicate.label(name) for name, predicate in named.items()]
        columns += [] if without == resolved else [people_of(session, without).label("others")]
        columns += (
            [] if single else [people_of(session, resolved).label("fits")]
        )  # everybody, a list, or nobody
        left = left_out(session, resolved).label("is_left_out")
        here = select(Advocate.id, Advocate.account_id, *columns, left).where(
            Advocate.state != AdvocateState.ERASED
        )
        rows = here.cte("looked_at").prefix_with("MATERIALIZED")
        after = _after_each(resolved, dict(zip(single, (rows.c[name] for name in named), strict=True)))
        fits = after[-1] if single else rows.c.fits
        return cls(rows, after if single else (), fits & rows.c.is_left_out.is_not(true()))

    def numbers(self) -> Select[*tuple[Any, ...]]:
        numbers: list[ColumnElement[int]] = [func.count().filter(each) for each in self.after]
        left_after: ColumnElement[Any] = array(numbers, type_=BigInteger())
        return select(
            func.count().label("everybody"),
            func.count().filter(self.fits).label("people"),
            func.count().filter(self.rows.c.get("others", self.fits)).label("without"),
            left_after.label("left_after"),
        ).select_from(self.rows)

    def at_companies(self) -> Select[UUID | None]:
        return select(self.rows.c.account_id).where(self.fits, self.rows.c.account_id.is_not(None))

    def sampled(self, resolved: ResolvedConditions) -> Select[UUID]:
        seed = int(resolved.fingerprint[:15], 16)
        own = self.rows.c.id
        return select(own).where(self.fits).order_by(func.uuid_hash_extended(own, seed), own).limit(SAMPLE)


def _after_each(
    resolved: ResolvedConditions, held: Mapping[Condition, ColumnElement[bool]]
) -> list[ColumnElement[bool]]:
    join = resolved.conditions.join
    after: list[ColumnElement[bool]] = []
    before: list[ColumnElement[bool]] = []
    for row in resolved.conditions.rows if held else ():
        ones = [held[one] for one in conditions_of(row)]
        after += [joined(join, *before, joined(join.other, *ones[: n + 1])) for n in range(len(ones))]
        before.append(joined(join.other, *ones))
    return after


def _currencies(session: Session, people: _LookedAt) -> Select[*tuple[Any, ...]]:
    """An amount that names no currency is in the workspace's."""
    currency = func.coalesce(func.nullif(Account.currency, ""), tenant(session).currency)
    fits = Account.id.in_(people.at_companies().correlate(None))
    companies = select(currency.label("currency"), Account.arr_cents, fits.label("fits"))
    found = companies.offset(0).subquery("companies")
    rows = select(
        found.c.currency,
        func.coalesce(func.sum(found.c.arr_cents).filter(found.c.fits), 0).label("arr_cents"),
        func.coalesce(func.sum(found.c.arr_cents), 0).label("all_arr_cents"),
        func.count().filter(found.c.fits).label("accounts"),
    )
    return rows.group_by(found.c.currency).order_by(found.c.currency)
