"""Random people at random companies, and random conditions on them."""

import random
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from sqlalchemy import select

from portal.accounts.models import Account, Deal, Health, Subscription
from portal.advocates.models import Advocate, AdvocateState
from portal.declarations.attributes import Operator as O  # noqa: N817
from portal.segments.conditions import Condition, ConditionGroup, Conditions, Join
from portal.segments.models import Segment, SegmentPerson, SegmentType
from tenants.clock import utc_now
from tests.segments.slow_filter import Person, SlowFilter
from tests.world import World

INDUSTRIES, REGIONS, TITLES = ["Retail", "Banking", ""], ["EMEA", "NA", ""], ["VP Finance", "Head of IT", ""]
LANGUAGES, PRODUCTS, PURPOSES = ["en", "de"], ["Ledger Pro", "Close"], ["calls", "reviews"]
STATES = [*AdvocateState]
STAGES = ["Discovery", "Proposal"]


def fill(world: World, people: int) -> None:
    dice = random.Random(7)
    companies = [None, *(world.account(**_company(dice)) for _ in range(9))]
    _fill_sales(world, dice, [company for company in companies if company])
    for _ in range(people):
        company = dice.choice(companies)
        world.advocate(
            account=company or companies[1], **_person(dice), **({} if company else {"account_id": None})
        )


def _fill_sales(world: World, dice: random.Random, companies: list[Account]) -> None:
    """Subscriptions before, around and after today, some of them several, and deals with some."""
    today = utc_now().date()
    with world.session() as session:
        for company in companies:
            session.add_all(_subscriptions(dice, company, today))
            for stage in dice.sample([*STAGES, ""], dice.randrange(3)):
                names = {"prospect": company.name, "prospect_norm": company.name_norm}
                deal = {"name": f"Deal {stage}", "name_norm": f"deal {stage}", "stage": stage}
                session.add(Deal(**names, **deal))


def _subscriptions(dice: random.Random, company: Account, today: date) -> list[Subscription]:
    spans = [(-700, -300), (-200, dice.choice([-1, 0, 40, None])), (300, 600)]
    return [
        Subscription(
            account_id=company.id,
            starts_on=today + timedelta(days=first),
            ends_on=None if last is None else today + timedelta(days=last),
            arr_cents=dice.choice([5_000_00, 90_000_00]),
            currency=dice.choice(["EUR", "USD"]),
        )
        for first, last in sorted(dice.sample(spans, dice.randrange(4)))
        if not (first == 300 and None in {end for _, end in spans})
    ]


def _company(dice: random.Random) -> dict[str, Any]:
    today = utc_now().date()
    return {
        "industry": dice.choice(INDUSTRIES),
        "region": dice.choice(REGIONS),
        "employees": dice.choice([None, 10, 5000]),
        "arr_cents": dice.choice([None, 5_000_00, 90_000_00]),
        "currency": dice.choice(["EUR", "USD"]),
        "health": dice.choice([*Health]),
        "customer_since": dice.choice([None, today - timedelta(days=dice.randrange(900))]),
        "renewal_on": dice.choice([None, today + timedelta(days=dice.randrange(-40, 200))]),
    }


def _person(dice: random.Random) -> dict[str, Any]:
    now = utc_now()
    state = dice.choice(STATES)
    return {
        "state": state,
        "paused_at": now if state is AdvocateState.PAUSED else None,
        "enrolled_at": now - timedelta(hours=dice.randrange(9000)),
        "last_ask_at": dice.choice([None, now - timedelta(hours=dice.randrange(4000))]),
        "title": dice.choice(TITLES),
        "seniority": dice.choice(["staff", "manager", "director", "vp", "c_level", ""]),
        "persona": dice.choice(["finance", "it", ""]),
        "languages": dice.sample(LANGUAGES, dice.randrange(3)),
        "products": dice.sample(PRODUCTS, dice.randrange(3)),
        "consents": dice.sample(PURPOSES, dice.randrange(3)),
        "nps": dice.choice([None, 3, 9]),
    }


def load(world: World) -> list[Person]:
    rows = select(Advocate, Account).outerjoin(Account, Account.id == Advocate.account_id)
    with world.session() as session:
        found: list[Any] = list(session.execute(rows))
        subscriptions, deals = (
            session.scalars(select(Subscription)).all(),
            session.scalars(select(Deal)).all(),
        )
        session.expunge_all()
    return [
        Person(
            advocate,
            account,
            [each for each in subscriptions if account and each.account_id == account.id],
            [each for each in deals if account and each.prospect_norm == account.name_norm],
        )
        for advocate, account in found
    ]


def list_of(world: World, people: list[Person], owner_id: Any) -> str:
    with world.session() as session:
        segment = Segment(
            name="Chosen", name_sort="chosen", type=SegmentType.LIST, owner_id=owner_id, changed_at=utc_now()
        )
        session.add(segment)
        session.flush()
        session.add_all(
            SegmentPerson(segment_id=segment.id, advocate_id=person.advocate.id) for person in people
        )
    return str(segment.id)


def slow_filter(segments: Any, lists: Any) -> SlowFilter:
    zone = ZoneInfo("Europe/Berlin")
    return SlowFilter(utc_now().astimezone(zone).date(), zone, segments, lists)


def _words(name: str, values: list[str], *more: O) -> st.SearchStrategy[Condition]:
    return _any_or_none(name, values, *more) | _known(name)


def _any_or_none(name: str, values: list[str], *more: O) -> st.SearchStrategy[Condition]:
    chosen = st.lists(st.sampled_from([value for value in values if value]), min_size=1, max_size=3)
    operators = st.sampled_from([O.ANY_OF, O.NONE_OF, *more])
    return st.builds(Condition, st.just(name), operators, chosen.map(tuple))


def _known(name: str) -> st.SearchStrategy[Condition]:
    return st.builds(Condition, st.just(name), st.sampled_from([O.KNOWN, O.UNKNOWN]))


def _sizes(name: str, values: list[tuple[str, ...]]) -> st.SearchStrategy[Condition]:
    sizes = st.sampled_from([O.AT_LEAST, O.LESS_THAN])
    return st.builds(Condition, st.just(name), sizes, st.sampled_from(values)) | _known(name)


def _days(name: str, *more: O) -> st.SearchStrategy[Condition]:
    period = st.tuples(st.integers(1, 90).map(str), st.sampled_from(["days", "weeks", "months"]))
    day = st.dates(utc_now().date() - timedelta(days=300), utc_now().date() + timedelta(days=90))
    relative = st.sampled_from([O.IN_LAST, O.NOT_IN_LAST, *more])
    absolute = st.sampled_from([O.SINCE, O.BEFORE])
    return (
        st.builds(Condition, st.just(name), relative, period)
        | st.builds(Condition, st.just(name), absolute, day.map(lambda one: (one.isoformat(),)))
        | _known(name)
    )


def _ends(name: str) -> st.SearchStrategy[Condition]:
    """A running one ends in the future, so nobody looks back."""
    return _days(name, O.IN_NEXT).filter(lambda one: one.operator not in (O.IN_LAST, O.NOT_IN_LAST))


def single(on_list: str) -> st.SearchStrategy[Condition]:
    return st.one_of(
        _words("account.industry", INDUSTRIES, O.CONTAINS),
        _words("account.region", REGIONS),
        _any_or_none("account.health", [*Health]),
        _any_or_none("person.state", [AdvocateState.ENROLLED, AdvocateState.PAUSED]),
        _words("person.persona", ["finance", "it"]),
        _words("person.languages", LANGUAGES, O.ALL_OF),
        _words("person.products", PRODUCTS, O.ALL_OF),
        _words("person.consents", PURPOSES, O.ALL_OF),
        _words("person.seniority", ["staff", "vp"]),
        st.just(Condition("person.title", O.CONTAINS, ("fin",))),
        st.builds(
            Condition, st.just("person.list"), st.sampled_from([O.ANY_OF, O.NONE_OF]), st.just((on_list,))
        ),
        _sizes("person.seniority", [("manager",), ("c_level",)]),
        _sizes("person.nps", [("5",)]),
        _sizes("account.employees", [("10",), ("10.5",), ("200",), ("9999999999999",)]),
        _sizes("account.subscription_arr", [("5000", "EUR"), ("60000.5", "USD")]),
        _any_or_none("account.subscription", ["running", "ended", "later"]),
        _words("account.deal_stage", STAGES, O.CONTAINS),
        _ends("account.subscription_ends_on"),
        _sizes("account.arr", [("5000", "EUR"), ("60000", "USD")]),
        _days("person.last_ask_at"),
        _days("person.enrolled_at"),
        _days("account.renewal_on", O.IN_NEXT),
        _days("account.customer_since", O.IN_NEXT),
    )


def conditions(on_list: str) -> st.SearchStrategy[Conditions]:
    one = single(on_list)
    group = st.lists(one, min_size=1, max_size=2).map(lambda found: ConditionGroup(tuple(found)))
    rows = st.lists(one | group, max_size=3).map(tuple)
    found = st.builds(Conditions, rows, st.sampled_from(Join))
    return found.filter(lambda each: len(each.all) <= 5)
