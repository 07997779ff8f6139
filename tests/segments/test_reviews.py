"""Satisfaction never draws a review audience: not by a condition, nor by a list, a tag or a field that carries it."""

from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Account, Health
from portal.advocates.ask_kinds import ACTS
from portal.advocates.models import Advocate
from portal.custom_fields.attributes import attribute_name
from portal.custom_fields.models import CustomField, CustomFieldType, FieldSubject
from portal.declarations.attributes import ATTRIBUTES, Operator, attributes_of, forget_attributes
from portal.declarations.origin_statement import OriginStatement, write_statement
from portal.errors import DomainError
from portal.segments import static_lists
from portal.segments.actions import SegmentDraft, create_list, create_segment
from portal.segments.audience import Audience
from portal.segments.conditions import Condition, Conditions
from portal.segments.draws import draw, drawn_people
from portal.segments.models import ON_LIST, AttributeStatement
from portal.segments.resolution import resolve, resolve_segment
from portal.segments.review_rule import check_for_reviews, origin_of, review_objections
from portal.tags.models import BY_HAND, Tag
from tenants.clock import utc_now
from tenants.models import Membership, Role
from tests.client import Client
from tests.segments.test_views import HEALTHY, saved, segment, shop_people, title
from tests.world import World

BY_SATISFACTION = {"account.health", "account.renewal_on", "person.nps", "person.provenance"}
FROM_HEALTH = {
    "person.last_ask_at",
    "person.last_act_at",
    "person.invited_at",
    "person.state",
    "person.free_for",
}
FROM_SALES = {  # whoever leaves or buys more may do so because of how happy they are
    "account.subscription",
    "account.subscription_arr",
    "account.subscription_ends_on",
    "account.deal_stage",
    "account.deal_product",
}
SAID_BY_PEOPLE = {
    "person.use_cases",
    "person.products",
    "person.accepted_ask_kinds",
    "person.consents",
    "person.enrolled_at",
}
HEALTHY_ONLY = Conditions((Condition("account.health", Operator.ANY_OF, ("green",)),))
RETAIL_ONLY = Conditions((Condition("account.industry", Operator.ANY_OF, ("Retail",)),))


def objects(session: Session, conditions: Conditions) -> bool:
    return bool(review_objections(session, resolve(session, conditions)))


def on_list(segment_id: UUID) -> Conditions:
    return Conditions((Condition(ON_LIST, Operator.ANY_OF, (str(segment_id),)),))


def manager(world: World) -> Membership:
    return world.member(Role.MANAGER)


def test_an_attribute_may_choose_reviewers_only_where_its_feature_says_so() -> None:
    refused = {one.name for one in ATTRIBUTES if not one.allowed_for_reviews}
    assert refused >= BY_SATISFACTION | FROM_HEALTH | FROM_SALES | SAID_BY_PEOPLE
    assert {one.name for one in ATTRIBUTES if one.needs_statement} == SAID_BY_PEOPLE
    helped = {one.name for one in ATTRIBUTES if one.name.startswith("asks.helped_with_")}
    waiting = {f"asks.helped_with_{kind}" for kind in ACTS if kind.row.pauses_with_account}
    assert helped & refused == waiting & helped
    assert "asks.helped_with_call" in refused


@pytest.mark.parametrize("name", sorted(BY_SATISFACTION | FROM_HEALTH | FROM_SALES | SAID_BY_PEOPLE))
def test_a_condition_on_satisfaction_keeps_a_segment_out_of_reviews(acme: World, name: str) -> None:
    with acme.session() as session:
        attribute = attributes_of(session)[name]
        operator = Operator.KNOWN if Operator.KNOWN in attribute.comparisons else Operator.ANY_OF
        values = () if operator is Operator.KNOWN else (next(iter(attribute.values)),)
        chosen = Conditions((Condition(name, operator, values), *RETAIL_ONLY.rows))
        assert objects(session, chosen)
        assert not objects(session, RETAIL_ONLY)
        left_out = create_segment(session, SegmentDraft("Left out", chosen), by=manager(acme))
        assert objects(session, Conditions(RETAIL_ONLY.rows, but=left_out.id))
        with pytest.raises(DomainError, match="can’t be asked for reviews"):
            check_for_reviews(session, Audience.of_segment(left_out.id))


def test_a_list_inherits_what_filled_it_however_many_lists_lie_between(acme: World) -> None:
    shop_people(acme)
    by = manager(acme)
    with acme.session() as session:
        first = static_lists.keep_as_list(session, resolve(session, HEALTHY_ONLY), "First", by=by)
        second = static_lists.keep_as_list(session, resolve_segment(session, first), "Second", by=by)
        third = static_lists.keep_as_list(session, resolve(session, on_list(second.id)), "Third", by=by)
        for each in (first, second, third):
            assert objects(session, on_list(each.id))
            assert each.origin_attributes == ["account.health"]
        static_lists.state_origin(session, third.id, "From the spring event.", by=by)
        assert objects(session, on_list(third.id))
        clean = static_lists.keep_as_list(session, resolve(session, RETAIL_ONLY), "Clean", by=by)
        assert not objects(session, on_list(clean.id))
        origin = origin_of(resolve_segment(session, first))
        static_lists.add_people(session, clean.id, Advocate.first_name == "Dan", origin, by=by)
        assert objects(session, on_list(clean.id))


def test_people_picked_by_hand_need_a_statement_and_a_newcomer_needs_it_anew(acme: World) -> None:
    ada, bo = acme.advocate(), acme.advocate()
    by = manager(acme)
    with acme.session() as session:
        picked = create_list(session, "Spring event", by=by)
        assert static_lists.add_picked(session, picked.id, [ada.id], by=by) == 1
        assert objects(session, on_list(picked.id))
        copied = static_lists.keep_as_list(session, resolve_segment(session, picked), "Copied", by=by)
        assert objects(session, on_list(copied.id))
        static_lists.state_origin(session, picked.id, "Everybody who was at the spring event.", by=by)
        assert not objects(session, on_list(picked.id))
        assert static_lists.add_picked(session, picked.id, [ada.id], by=by) == 0
        assert not objects(session, on_list(picked.id))
        assert static_lists.add_picked(session, picked.id, [bo.id], by=by) == 1
        assert objects(session, on_list(picked.id))
        static_lists.state_origin(session, picked.id, "They were there, too.", by=by)
        static_lists.remove_people(session, picked.id, [bo.id], by=by)
        assert objects(session, on_list(picked.id))


def test_people_one_by_one_are_never_a_review_audience(acme: World) -> None:
    ada = acme.advocate()
    with acme.session() as session, pytest.raises(DomainError):
        check_for_reviews(session, Audience.of_people([ada.id]))


@pytest.mark.parametrize(
    ("filled_by", "statement", "is_refused"),
    [
        ([], "", False),
        (["account.region"], "", False),
        (["account.region", "person.nps"], "", True),
        (["person.nps"], "It is not.", True),
        ([BY_HAND], "", True),
        ([BY_HAND], "Everybody at the spring event.", False),
        (["account.gone"], "", True),
    ],
)
def test_a_tag_brings_along_what_it_was_filled_by(
    acme: World, filled_by: list[str], statement: str, is_refused: bool
) -> None:
    with acme.session() as session:
        tag = Tag(name="Fans", name_norm="fans", filled_by=filled_by, statement=statement)
        tag.stated_at = utc_now() if statement else None
        session.add(tag)
        session.flush()
        for name in ("person.tag", "account.tag"):
            chosen = Conditions((Condition(name, Operator.ANY_OF, (str(tag.id),)),))
            assert objects(session, chosen) is is_refused


def test_a_field_of_the_workspace_is_out_until_an_admin_states_what_it_is(acme: World) -> None:
    with acme.session() as session:
        field = CustomField(
            about=FieldSubject.ACCOUNT, name="Cohort", name_norm="cohort", type=CustomFieldType.TEXT
        )
        session.add(field)
        session.flush()
        chosen = Conditions((Condition(attribute_name(field.id), Operator.KNOWN),))
        assert objects(session, chosen)
        field.statement, field.stated_at = "The year in which they signed.", utc_now()
        session.flush()
        forget_attributes(session)
        assert not objects(session, chosen)


def test_whoever_takes_a_statement_back_takes_it_from_all_that_was_filled_by_it(acme: World) -> None:
    ada, by = acme.advocate(), manager(acme)
    words = "Everybody who was at the spring event."
    with acme.session() as session:
        tag = Tag(name="Spring", name_norm="spring", filled_by=[BY_HAND])
        field = CustomField(
            about=FieldSubject.PERSON, name="Cohort", name_norm="cohort", type=CustomFieldType.TEXT
        )
        session.add_all([tag, field])
        picked = create_list(session, "Spring", by=by)
        static_lists.add_picked(session, picked.id, [ada.id], by=by)
        sources: tuple[tuple[OriginStatement, Condition], ...] = (
            (tag, Condition("person.tag", Operator.ANY_OF, (str(tag.id),))),
            (field, Condition(attribute_name(field.id), Operator.KNOWN)),
            (picked, on_list(picked.id).all[0]),
        )
        for place, (source, condition) in enumerate(sources):
            write_statement(source, words, by=by)
            session.flush()
            forget_attributes(session)
            chosen = resolve(session, Conditions((condition,)))
            derived = create_list(session, f"Derived {place}", by=by)
            static_lists.add_people(session, derived.id, Advocate.id == ada.id, origin_of(chosen), by=by)
            second = create_list(session, f"Second {place}", by=by)
            from_first = origin_of(resolve(session, on_list(derived.id)))
            static_lists.add_people(session, second.id, Advocate.id == ada.id, from_first, by=by)
            assert not objects(session, on_list(derived.id))
            assert not objects(session, on_list(second.id))
            write_statement(source, "", by=by)
            session.flush()
            forget_attributes(session)
            assert objects(session, on_list(derived.id))
            assert objects(session, on_list(second.id))
            static_lists.state_origin(session, second.id, words, by=by)
            assert not objects(session, on_list(second.id)), "an admin has said it of these people"


def test_the_page_says_why_and_offers_a_copy_without_it(as_manager: Client, acme: World) -> None:
    shop_people(acme)
    segment_id = saved(as_manager, **HEALTHY)
    page = as_manager.get(f"/segments/{segment_id}")
    assert "uses account health" in page.text
    assert "Keeps this segment out of review campaigns" in page.text
    assert "Copy without it (3 people)" in page.text
    copied = as_manager.post(f"/segments/{segment_id}/copies", data={"for": "reviews"})
    page = as_manager.get(copied.location)
    assert title(page) == "3 people match this segment"
    assert "Not for reviews" not in page.text
    assert segment(acme, segment_id).read_conditions.all[1].attribute == "account.health"


def test_only_an_admin_states_it_and_it_is_kept_with_name_and_day(acme: World, as_manager: Client) -> None:
    ada = acme.advocate()
    admin = acme.signed_in(Role.ADMIN)
    with acme.session() as session:
        picked = create_list(session, "Spring event", by=as_manager.member)
        static_lists.add_picked(session, picked.id, [ada.id], by=as_manager.member)
    as_manager.post(f"/segments/{picked.id}/sharing", data={"sharing": "managers"})
    words = {"statement": "Everybody who was at the spring event."}
    assert as_manager.post(f"/segments/{picked.id}/statement", data=words).status_code == 403
    assert admin.post(f"/segments/{picked.id}/statement", data={"statement": " "}).status_code == 422
    assert admin.post(f"/segments/{picked.id}/statement", data=words).status_code == 303
    assert "Everybody who was at the spring event." in as_manager.get(f"/segments/{picked.id}").text
    stated = segment(acme, picked.id)
    assert stated.stated_by_id == admin.member.id
    assert stated.has_statement


def test_health_renewal_scores_and_nominations_change_no_review_audience(acme: World) -> None:
    """The proof from outside: whatever becomes of satisfaction, the same people stand in the same order."""
    shop_people(acme)
    with acme.session() as session:
        allowed = [one for one in ATTRIBUTES if one.allowed_for_reviews]
        before = [_drawn(session, one.name) for one in allowed]
    with acme.session() as session:
        for person in session.scalars(select(Advocate)):
            person.nps = 10 - (person.nps or 3)
        for company in session.scalars(select(Account)):
            company.health = Health.RED if company.health is Health.GREEN else Health.GREEN
            company.renewal_on = utc_now().date()
    with acme.session() as session:
        assert [_drawn(session, one.name) for one in allowed] == before


def _drawn(session: Session, name: str) -> list[UUID]:
    operator = (
        Operator.KNOWN if Operator.KNOWN in attributes_of(session)[name].comparisons else Operator.ANY_OF
    )
    values = (
        () if operator is Operator.KNOWN else tuple(str(one) for one in attributes_of(session)[name].values)
    )
    drawn = draw(session, Audience(Conditions((Condition(name, operator, values),))), seed="one seed")
    return list(session.scalars(drawn_people(drawn)))


def test_what_people_said_is_out_of_reviews_until_an_admin_states_what_it_comes_from(
    as_admin: Client, acme: World
) -> None:
    acme.advocate(products=["Pay"])
    uses = Conditions((Condition("person.products", Operator.ANY_OF, ("Pay",)),))
    path, words = "/settings/review-answers", "From the license server, not from the person."
    named = {"person.products-statement": words, "person.products-version": "0"}

    def is_out() -> bool:
        with acme.session() as session:
            return objects(session, uses)

    assert is_out()
    assert acme.signed_in(Role.MANAGER).post(f"{path}/person.products", named).status_code == 403
    assert as_admin.post(f"{path}/person.products", named).status_code == 303
    assert not is_out()
    assert words in as_admin.get(path).text
    assert as_admin.post(f"{path}/person.products", named).status_code == 409
    health = {"account.health-statement": words, "account.health-version": "0"}
    assert as_admin.post(f"{path}/account.health", health).status_code == 404
    with acme.session() as session:
        stated = session.scalars(select(AttributeStatement)).one()
        assert stated.stated_by_id == as_admin.member.id
    taken_back = {"person.products-statement": " ", "person.products-version": str(stated.version)}
    assert as_admin.post(f"{path}/person.products", taken_back).status_code == 303
    assert is_out()
