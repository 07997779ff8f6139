"""Attributes that stand in tables of their own: tags, fields, usage, free days and favors."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import AccountUsage
from portal.advocates.availability_models import AdvocateAvailability
from portal.advocates.models import Advocate
from portal.asks.models import Ask, AskKind, AskState
from portal.custom_fields.attributes import attribute_name
from portal.custom_fields.models import CustomField, CustomFieldType, CustomFieldValue, FieldSubject
from portal.declarations.attributes import Operator, attributes_of
from portal.segments.conditions import Condition, Conditions
from portal.segments.options import options_of
from portal.segments.predicates import people_where
from portal.tags.models import AccountTag, AdvocateTag, Tag
from tenants.base import TenantOwned
from tenants.clock import utc_now
from tests.world import World


def names(session: Session, attribute: str, operator: Operator, *values: str) -> set[str]:
    where = people_where(session, Conditions((Condition(attribute, operator, values),)))
    return set(session.scalars(select(Advocate.first_name).where(where)))


def add(session: Session, *rows: TenantOwned) -> None:
    session.add_all(rows)
    session.flush()


def test_tags_of_people_and_of_their_companies(acme: World) -> None:
    ada, bo = acme.advocate(first_name="Ada"), acme.advocate(first_name="Bo")
    with acme.session() as session:
        add(session, tag := Tag(name="Beta", name_norm="beta"))
        add(session, AdvocateTag(advocate_id=ada.id, tag_id=tag.id))
        add(session, AccountTag(account_id=bo.account_id, tag_id=tag.id))
        assert names(session, "person.tag", Operator.ANY_OF, str(tag.id)) == {"Ada"}
        assert names(session, "person.tag", Operator.NONE_OF, str(tag.id)) == {"Bo"}
        assert names(session, "account.tag", Operator.ANY_OF, str(tag.id)) == {"Bo"}


def test_fields_of_every_type_about_people_and_companies(acme: World) -> None:
    ada, bo = acme.advocate(first_name="Ada"), acme.advocate(first_name="Bo")
    day = date(2026, 3, 1)

    def field(session: Session, about: FieldSubject, kind: CustomFieldType, name: str) -> CustomField:
        made = CustomField(about=about, type=kind, name=name, name_norm=name.casefold())
        made.choices = ["Gold", "Silver"] if kind is CustomFieldType.CHOICE else []
        add(session, made)
        return made

    def value(session: Session, of: CustomField, whose: Advocate, **given: object) -> None:
        is_person = of.about is FieldSubject.PERSON
        key = {"advocate_id": whose.id} if is_person else {"account_id": whose.account_id}
        add(session, CustomFieldValue(field_id=of.id, **key, **given))

    with acme.session() as session:
        tier = field(session, FieldSubject.ACCOUNT, CustomFieldType.CHOICE, "Tier")
        seats = field(session, FieldSubject.ACCOUNT, CustomFieldType.NUMBER, "Seats")
        trained = field(session, FieldSubject.PERSON, CustomFieldType.DATE, "Trained")
        motto = field(session, FieldSubject.PERSON, CustomFieldType.TEXT, "Motto")
        value(session, tier, ada, text_value="Gold")
        value(session, seats, bo, number_value=Decimal(40))
        value(session, trained, ada, date_value=day)
        value(session, motto, bo, text_value="Close early")
        assert names(session, attribute_name(tier.id), Operator.ANY_OF, "Gold") == {"Ada"}
        assert names(session, attribute_name(tier.id), Operator.UNKNOWN) == {"Bo"}
        assert names(session, attribute_name(seats.id), Operator.AT_LEAST, "40") == {"Bo"}
        assert names(session, attribute_name(seats.id), Operator.LESS_THAN, "40") == set()
        assert names(session, attribute_name(trained.id), Operator.SINCE, "2026-03-01") == {"Ada"}
        assert names(session, attribute_name(trained.id), Operator.BEFORE, "2026-03-01") == set()
        assert names(session, attribute_name(motto.id), Operator.CONTAINS, "early") == {"Bo"}
        offered = options_of(session, [attributes_of(session)[attribute_name(motto.id)]])
        assert offered == {attribute_name(motto.id): ["Close early"]}


def test_usage_of_the_latest_month(acme: World) -> None:
    ada, bo = acme.advocate(first_name="Ada"), acme.advocate(first_name="Bo")
    month = date(2026, 10, 1)

    def usage(
        of: Advocate, month: date, *, is_latest: bool, active: int, features: list[str]
    ) -> AccountUsage:
        return AccountUsage(
            account_id=of.account_id,
            month=month,
            licenses=200,
            active_users=active,
            features=features,
            is_latest=is_latest,
        )

    with acme.session() as session:
        add(
            session,
            usage(ada, month, is_latest=True, active=150, features=["Imports", "Approvals"]),
            usage(bo, month, is_latest=False, active=190, features=["Imports"]),
            usage(bo, date(2026, 11, 1), is_latest=True, active=20, features=[]),
        )
        assert names(session, "account.active_users", Operator.AT_LEAST, "100") == {"Ada"}
        assert names(session, "account.used_percent", Operator.LESS_THAN, "50") == {"Bo"}
        assert names(session, "account.features", Operator.ANY_OF, "Imports") == {"Ada"}
        assert names(session, "account.features", Operator.ALL_OF, "Imports", "Approvals") == {"Ada"}
        assert names(session, "account.licenses", Operator.KNOWN) == {"Ada", "Bo"}
        offered = options_of(session, [attributes_of(session)["account.features"]])
        assert offered == {"account.features": ["Approvals", "Imports"]}


def test_the_share_of_licenses_in_use_is_known_however_many_people_use_it(acme: World) -> None:
    ada, many = acme.advocate(first_name="Ada"), 2_000_000_000
    month = date(2026, 10, 1)
    with acme.session() as session:
        usage = {"licenses": many, "active_users": many, "features": [], "is_latest": True}
        add(session, AccountUsage(account_id=ada.account_id, month=month, **usage))
        assert names(session, "account.used_percent", Operator.AT_LEAST, "100") == {"Ada"}
        assert names(session, "account.used_percent", Operator.AT_LEAST, "101") == set()


def test_who_is_free_for_a_kind_and_who_helped_with_it(acme: World) -> None:
    today = utc_now().date()
    acme.advocate(first_name="Ada", available_from=today + timedelta(days=9))
    bo = acme.advocate(first_name="Bo")
    with acme.session() as session:
        busy = {"kind": AskKind.QUOTE, "available_from": today + timedelta(days=9)}
        add(session, AdvocateAvailability(advocate_id=bo.id, **busy))
        add(session, _quote(bo.id, bo.account_id))
        assert names(session, "person.free_for", Operator.ANY_OF, "call") == {"Bo"}
        assert names(session, "person.free_for", Operator.ANY_OF, "quote") == {"Ada"}
        assert names(session, "person.free_for", Operator.ANY_OF, "call", "quote") == {"Ada", "Bo"}
        assert names(session, "asks.helped_with_quote", Operator.IN_LAST, "3", "weeks") == {"Bo"}
        assert names(session, "asks.helped_with_quote", Operator.IN_LAST, "3", "days") == set()
        assert names(session, "asks.helped_with_quote", Operator.UNKNOWN) == {"Ada"}
        assert names(session, "asks.helped_with_call", Operator.KNOWN) == set()


def _quote(advocate_id: UUID, account_id: UUID | None) -> Ask:
    done = utc_now() - timedelta(days=10)
    return Ask(
        kind=AskKind.QUOTE,
        advocate_id=advocate_id,
        account_id=account_id,
        subject_type="reference_requests",
        subject_id=advocate_id,
        minutes=10,
        due_on=done.date(),
        state=AskState.COMPLETED,
        sent_at=done,
        answered_at=done,
        completed_at=done,
    )
