"""Who is in an audience: the SQL and a slow filter in Python agree about everybody, whatever the conditions say."""

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.advocates.models import Advocate
from portal.declarations.attribute_values import days_before
from portal.declarations.attributes import Operator
from portal.segments.conditions import Condition, ConditionGroup, Conditions, Join
from portal.segments.figures import count, figures, sample
from portal.segments.models import Segment
from portal.segments.predicates import accounts_of, people_where
from portal.segments.queries import forget_segments
from portal.segments.resolution import resolve
from tenants.clock import utc_now
from tenants.models import Role
from tests.segments.random_people import conditions, fill, list_of, load, single, slow_filter
from tests.world import World


def ids(session: Session, chosen: Conditions) -> set[UUID]:
    joined = select(Advocate.id).outerjoin(Account, Account.id == Advocate.account_id)
    return set(session.scalars(joined.where(people_where(session, chosen))))


def accounts(session: Session, chosen: Conditions) -> set[str]:
    where = accounts_of(session, resolve(session, chosen))
    return set(session.scalars(select(Account.name).where(where)))


def test_the_sql_agrees_with_a_slow_filter_over_random_people(acme: World) -> None:
    fill(acme, 120)
    people = load(acme)
    owner = acme.member(Role.MANAGER)
    listed = list_of(acme, people[::3], owner.id)
    lists = {listed: {person.advocate.id for person in people[::3]}}

    @examples(max_examples=150)
    @given(conditions(listed), st.none() | conditions(listed))
    def agree(chosen: Conditions, but: Conditions | None) -> None:
        with acme.session() as session:
            others = {_saved(session, but, owner.id): but} if but else {}
            whole = Conditions(chosen.rows, chosen.join, next(iter(others), None))
            slow = slow_filter(others, lists)
            expected = {each.advocate.id for each in people if slow.matches(whole, each)}
            assert ids(session, whole) == expected
            assert Conditions.of(whole.to_json()) == whole
            resolved = resolve(session, whole)
            counted = figures(session, resolved)
            assert count(session, resolved) == counted.people == len(expected)
            assert {person.id for person in sample(session, counted)} <= expected
            at = select(func.count()).select_from(Account).where(accounts_of(session, resolved))
            assert session.scalar(at) == counted.accounts
            session.rollback()

    agree()


def _saved(session: Session, chosen: Conditions, owner_id: UUID) -> UUID:
    segment = Segment(
        name="Other", name_sort="other", conditions=chosen.to_json(), owner_id=owner_id, changed_at=utc_now()
    )
    session.add(segment)
    session.flush()
    forget_segments(session)
    return segment.id


def all_of(*rows: Condition | ConditionGroup) -> Conditions:
    return Conditions(rows, Join.ALL)


def any_of(*rows: Condition | ConditionGroup) -> Conditions:
    return Conditions(rows, Join.ANY)


def test_and_or_and_not_keep_their_laws(acme: World) -> None:
    fill(acme, 60)
    people = load(acme)
    owner = acme.member(Role.MANAGER)
    listed = list_of(acme, people[::2], owner.id)

    @examples(max_examples=60)
    @given(single(listed), single(listed), single(listed))
    def hold(a: Condition, b: Condition, c: Condition) -> None:
        with acme.session() as session:
            everybody = ids(session, Conditions())
            in_a, in_b, in_c = (ids(session, all_of(each)) for each in (a, b, c))
            assert ids(session, all_of(a, b)) == in_a & in_b
            assert ids(session, any_of(a, b)) == in_a | in_b
            assert ids(session, all_of(a, ConditionGroup((b, c)))) == in_a & (in_b | in_c)
            assert ids(session, any_of(a, ConditionGroup((b, c)))) == in_a | (in_b & in_c)
            not_a = Conditions(but=_saved(session, all_of(a), owner.id))
            assert ids(session, not_a) == everybody - in_a
            assert ids(session, Conditions(but=_saved(session, not_a, owner.id))) == in_a
            session.rollback()

    hold()


@pytest.mark.parametrize(
    "stored",
    [
        "not json",
        '{"rows": [',
        [],
        7,
        {"rows": "x"},
        {"rows": [{"attribute": "account.gone", "operator": "any_of", "values": ["x"]}]},
        {"rows": [{"attribute": "account.region", "operator": "wat", "values": ["x"]}]},
        {"rows": [{"attribute": "account.region", "operator": "at_least", "values": ["x"]}]},
        {"rows": [{"attribute": "account.region", "operator": "any_of", "values": []}]},
        {"rows": [{"attribute": "account.region", "operator": "any_of", "values": ["\0"]}]},
        {"rows": [{"attribute": "account.employees", "operator": "at_least", "values": ["many"]}]},
        {"rows": [{"attribute": "account.arr", "operator": "at_least", "values": ["1e999", "EUR"]}]},
        {
            "rows": [
                {"attribute": "account.renewal_on", "operator": "in_next", "values": ["9" * 400, "years"]}
            ]
        },
        {"rows": [{"attribute": "account.renewal_on", "operator": "since", "values": ["2026-02-31"]}]},
        {"rows": [{"attribute": "account.health", "operator": "any_of", "values": ["mauve"]}]},
        {"rows": [{"attribute": "person.list", "operator": "any_of", "values": ["0" * 32]}]},
        {"rows": [{"attribute": "account.region", "operator": "known"}] * 6},
        {"rows": [], "but": "not an id"},
        {"rows": [], "but": "01970000-0000-7000-8000-000000000000"},
        {"rows": [], "join": "none"},
    ],
)
def test_what_cannot_be_read_or_is_gone_draws_nobody(acme: World, stored: object) -> None:
    acme.advocate()
    with acme.session() as session:
        read = Conditions.of(stored)
        assert ids(session, read) == set()
        assert ids(session, Conditions.of(read.to_json())) == set()


def test_accounts_are_those_of_the_people_who_are_found(acme: World) -> None:
    """A company with a VP may have somebody else who is none."""
    owner = acme.member(Role.MANAGER)
    both, split, _none = (acme.account(name) for name in ("Both", "Split", "None"))
    acme.advocate(account=both, persona="finance", seniority="vp")
    acme.advocate(account=split, persona="finance", seniority="staff")
    acme.advocate(account=split, persona="it", seniority="vp")
    finance = Condition("person.persona", Operator.ANY_OF, ("finance",))
    senior = Condition("person.seniority", Operator.AT_LEAST, ("director",))
    with acme.session() as session:

        def chosen(*rows: Condition, join: Join = Join.ALL) -> set[str]:
            return accounts(session, Conditions(rows, join))

        assert chosen(finance, senior) == {both.name}
        assert chosen(finance, senior, join=Join.ANY) == {both.name, split.name}
        no_vp = Condition("person.seniority", Operator.NONE_OF, ("vp",))
        assert chosen(finance, no_vp) == {split.name}
        assert chosen(Condition("person.persona", Operator.NONE_OF, ("it",))) == {both.name, split.name}
        assert chosen() == {both.name, split.name}
        everybody_but = Conditions(but=_saved(session, all_of(finance), owner.id))
        assert accounts(session, everybody_but) == {split.name}


@pytest.mark.parametrize(
    ("today", "number", "unit", "day"),
    [
        (date(2026, 3, 31), 1, "months", date(2026, 2, 28)),
        (date(2024, 2, 29), 1, "years", date(2023, 2, 28)),
        (date(2026, 1, 15), 2, "months", date(2025, 11, 15)),
        (date(2026, 12, 31), -2, "months", date(2027, 2, 28)),
        (date(2026, 5, 4), 2, "weeks", date(2026, 4, 20)),
    ],
)
def test_relative_days_end_with_the_month(today: date, number: int, unit: str, day: date) -> None:
    assert days_before(today, number, unit) == day
