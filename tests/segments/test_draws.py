"""A draw is written down once: the same seed draws the same people, and whatever changes later changes nothing."""

from hashlib import sha256
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Subquery, case, literal, select
from sqlalchemy.orm import Session

from portal.accounts.models import Account, Health
from portal.advocates.models import Advocate
from portal.declarations.attributes import Operator
from portal.segments.audience import Audience
from portal.segments.conditions import Condition, Conditions
from portal.segments.draws import NOT_DRAWN, draw, drawn_people, has_changed_since, left_out_counts
from portal.segments.models import Segment, SegmentDraw, SegmentDrawPerson
from tenants.clock import utc_now
from tenants.models import Role
from tests.world import World

RETAIL = Conditions((Condition("account.industry", Operator.ANY_OF, ("Retail",)),))


def people_of(session: Session, drawn: SegmentDraw) -> list[UUID]:
    return list(session.scalars(drawn_people(drawn)))


def retail_people(world: World, number: int) -> list[Advocate]:
    company = world.account(industry="Retail")
    return [world.advocate(account=company) for _ in range(number)]


def test_a_draw_is_the_same_for_the_same_seed_and_anybody_can_draw_it_again(acme: World) -> None:
    everybody = [each.id for each in retail_people(acme, 12)]
    acme.advocate()
    with acme.session() as session:
        first = draw(session, Audience(RETAIL), size=5, seed="a seed")
        again = draw(session, Audience(RETAIL), size=5, seed="a seed")
        other = draw(session, Audience(RETAIL), size=5, seed="another seed")
        by_hand = sorted(everybody, key=lambda one: sha256(f"a seed{one}".encode()).digest())[:5]
        assert people_of(session, first) == people_of(session, again) == by_hand
        assert people_of(session, other) != by_hand
        assert (first.matched, first.drawn) == (12, 5)
        assert left_out_counts(session, first) == {NOT_DRAWN: 7}


def test_who_is_left_out_takes_no_place_and_keeps_the_first_reason(acme: World) -> None:
    asked = [each.id for each in retail_people(acme, 4)]
    red = acme.account(industry="Retail", health=Health.RED)
    for _ in range(3):
        acme.advocate(account=red)

    def judge(fits: ColumnElement[bool]) -> Subquery:
        reason = case((Account.health == Health.RED, literal("unhealthy")))
        people = select(Advocate.id, reason.label("reason")).join(Account, Account.id == Advocate.account_id)
        return people.where(fits).subquery()

    with acme.session() as session:
        drawn = draw(session, Audience(RETAIL), size=4, judge=judge)
        assert set(people_of(session, drawn)) == set(asked)
        assert left_out_counts(session, drawn) == {"unhealthy": 3}
        drawn = draw(session, Audience(RETAIL), size=3, judge=judge)
        assert (drawn.matched, drawn.drawn) == (7, 3)
        assert left_out_counts(session, drawn) == {"unhealthy": 3, NOT_DRAWN: 1}


def test_a_draw_stays_when_its_segment_changes_and_says_that_it_did(acme: World) -> None:
    people = [each.id for each in retail_people(acme, 3)]
    owner = acme.member(Role.MANAGER)
    with acme.session() as session:
        segment = Segment(
            name="Retail",
            name_sort="retail",
            conditions=RETAIL.to_json(),
            owner_id=owner.id,
            changed_at=utc_now(),
        )
        session.add(segment)
        session.flush()
        drawn = draw(session, Audience.of_segment(segment.id))
        assert not has_changed_since(session, drawn)
        segment.conditions = Conditions(
            (Condition("account.industry", Operator.ANY_OF, ("Banking",)),)
        ).to_json()
        session.flush()
        assert has_changed_since(session, drawn)
        assert sorted(people_of(session, drawn)) == sorted(people)
        segment.conditions = RETAIL.to_json()
        session.flush()
        assert not has_changed_since(session, drawn)


def test_people_picked_one_by_one_are_drawn_without_those_of_a_segment(acme: World) -> None:
    first, second, third = retail_people(acme, 3)
    owner = acme.member(Role.MANAGER)
    with acme.session() as session:
        session.add(
            segment := Segment(
                name="Second",
                name_sort="second",
                conditions=Conditions((Condition("person.title", Operator.CONTAINS, ("second",)),)).to_json(),
                owner_id=owner.id,
                changed_at=utc_now(),
            )
        )
        session.get_one(Advocate, (acme.id, second.id)).title = "The second"
        session.flush()
        drawn = draw(session, Audience.of_people([first.id, second.id], but=segment.id))
        assert people_of(session, drawn) == [first.id]
        assert people_of(session, draw(session, Audience.of_people([]))) == []
        assert third.id not in people_of(session, drawn)


def test_an_audience_that_cannot_be_read_draws_nobody_and_its_draw_stays_nobodys(acme: World) -> None:
    retail_people(acme, 2)
    with acme.session() as session:
        for given in ("not json", {"segment": 5}, {"people": "x"}, {"conditions": {"rows": 4}}, 9):
            drawn = draw(session, Audience.of(given))
            assert (drawn.matched, drawn.drawn) == (0, 0)
            assert people_of(session, draw(session, Audience.of(drawn.audience))) == []
        assert session.scalar(select(SegmentDrawPerson.id).limit(1)) is None


def test_a_hundred_thousand_picked_people_are_one_question(acme: World) -> None:
    ada = acme.advocate()
    with acme.session() as session:
        drawn = draw(session, Audience.of_people([ada.id, *(uuid4() for _ in range(100_000))]))
        assert (drawn.matched, people_of(session, drawn)) == (1, [ada.id])
        session.rollback()
