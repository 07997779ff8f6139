"""Filters whose value is typed: ranges of numbers and days, words, and what was typed wrong."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from portal.custom_fields import actions as fields
from portal.custom_fields.models import CustomFieldType, CustomFieldValue, FieldSubject
from portal.declarations.filter_values import FilterFault, FilterKind, FilterRange, TypedRange
from tenants.clock import utc_now
from tenants.models import Role
from tests.client import Client
from tests.world import World


def shown(client: Client, address: str, *names: str) -> list[str]:
    page = client.get(address).text
    return [name for name in names if name in page]


def test_companies_are_found_between_two_numbers_two_days_and_two_amounts(
    as_manager: Client, acme: World
) -> None:
    today = utc_now().date()
    acme.account("Small Co", employees=10, arr_cents=5_000_00, renewal_on=today + timedelta(days=9))
    acme.account("Middle Co", employees=200, arr_cents=90_000_00, renewal_on=today + timedelta(days=90))
    acme.account("Dollar Co", employees=None, arr_cents=90_000_00, currency="USD", renewal_on=None)
    names = ("Small Co", "Middle Co", "Dollar Co")
    soon = (today + timedelta(days=9)).isoformat()
    for query, found in {
        "employees-from=10&employees-to=10": ["Small Co"],
        "employees=11..": ["Middle Co"],
        "employees-to=9,999,999,999,999": ["Small Co", "Middle Co"],
        "arr-from=90000&arr-to=90000": ["Middle Co"],
        f"renewal-to={soon}": ["Small Co"],
        f"renewal={soon}..{soon}&employees=..10": ["Small Co"],
        "employees-from=&employees-to=": [*names],
    }.items():
        assert shown(as_manager, f"/accounts?{query}", *names) == found, query


def test_what_was_typed_wrong_is_told_beside_its_field_and_costs_no_other_filter(
    as_manager: Client, acme: World
) -> None:
    acme.account("Small Co", employees=10, renewal_on=utc_now().date())
    acme.account("Middle Co", employees=200)
    wrong = "employees-from=many&renewal-from=2026-12-31&renewal-to=2026-01-01&arr-from=1"
    page = as_manager.get(f"/accounts?{wrong}&health=green&employees-to=").text
    assert "Please enter a number, such as 250." in page
    assert "This comes before where it begins." in page
    assert 'value="many"' in page
    assert "ARR: from 1 EUR" in page.replace("Account ARR", "ARR")
    assert "Health: Green" in page
    kept = as_manager.get("/accounts?employees-from=many&city=nowhere").text
    assert "Small Co" not in kept


@pytest.mark.parametrize(
    "typed", ["1e-20000", "1e-999999", "0." + "1" * 90, "1e999999", "0e1999999999", "1e-7"]
)
def test_a_number_with_more_digits_than_anybody_means_is_told_beside_its_field(
    as_manager: Client, acme: World, typed: str
) -> None:
    acme.account("Small Co", employees=10)
    page = as_manager.get(f"/accounts?employees-from={typed}").text
    assert "Please enter a number, such as 250." in page
    assert f'value="{typed}"' in page
    assert FilterRange.of(FilterKind.NUMBER, f"{typed}..") is None


def test_people_are_found_by_when_they_were_asked_by_their_title_and_what_their_company_is(
    as_manager: Client, acme: World
) -> None:
    now = utc_now()
    acme.advocate(first_name="Ada", title="VP Finance", last_ask_at=now - timedelta(days=3))
    acme.advocate(
        first_name="Zebedee",
        title="Head of IT",
        last_ask_at=None,
        account=acme.account("Big Co", employees=90_000),
    )
    asked = (now - timedelta(days=4)).date().isoformat()
    for query, found in {
        f"asked={asked}..": ["Ada"],
        f"asked=..{asked}": [],
        "title=finance": ["Ada"],
        "employees=50000..": ["Zebedee"],
        "title=%25": [],
    }.items():
        assert shown(as_manager, f"/advocates?{query}", "Ada", "Zebedee") == found, query


@pytest.mark.parametrize(
    ("kind", "prefix", "value", "hit", "miss"),
    [
        (CustomFieldType.NUMBER, "number_", {"number_value": Decimal("12.5")}, "12.5..12.5", "12.6.."),
        (CustomFieldType.DATE, "date_", {"date_value": date(2026, 3, 1)}, "..2026-03-01", "2026-03-02.."),
        (CustomFieldType.TEXT, "text_", {"text_value": "Close early"}, "early", "late"),
    ],
)
def test_own_fields_of_every_type_are_filters_of_people(
    as_manager: Client,
    acme: World,
    kind: CustomFieldType,
    prefix: str,
    value: dict[str, object],
    hit: str,
    miss: str,
) -> None:
    ada, by = acme.advocate(first_name="Ada"), acme.member(Role.ADMIN)
    acme.advocate(first_name="Zebedee")
    with acme.session() as session:
        field = fields.create(session, FieldSubject.PERSON, "Their own", kind, [], by=by)
        session.add(CustomFieldValue(field_id=field.id, advocate_id=ada.id, **value))
        name = f"{prefix}{field.id.hex}"
    assert "Their own" in as_manager.get("/advocates").text
    assert shown(as_manager, f"/advocates?{name}={hit}", "Ada", "Zebedee") == ["Ada"]
    assert shown(as_manager, f"/advocates?{name}={miss}", "Ada", "Zebedee") == []


@examples(max_examples=300)
@given(st.sampled_from([FilterKind.NUMBER, FilterKind.DAY]), st.text(max_size=12), st.text(max_size=12))
def test_whatever_is_typed_is_a_range_or_says_what_is_wrong(kind: FilterKind, low: str, high: str) -> None:
    typed = TypedRange.of(kind, low, high)
    assert bool(typed.faults) <= (typed.range is None)
    assert (typed.low, typed.high) == (low.strip(), high.strip())
    if typed.range:
        assert FilterRange.of(kind, typed.value) == typed.range


@given(st.decimals(-1000, 1000, places=2), st.decimals(-1000, 1000, places=2))
def test_a_range_that_ends_before_it_begins_is_none(one: Decimal, other: Decimal) -> None:
    low, high = sorted((one, other))
    assert TypedRange.of(FilterKind.NUMBER, str(low), str(high)).range == FilterRange(low, high)
    if low != high:
        assert set(TypedRange.of(FilterKind.NUMBER, str(high), str(low)).faults.values()) == {
            FilterFault.BACKWARDS
        }


def test_requests_and_emails_are_found_by_their_days(as_manager: Client, acme: World) -> None:
    today = utc_now().date()
    acme.request(prospect="Initech", needed_by=today + timedelta(days=3))
    acme.request(prospect="Umbrella", needed_by=today + timedelta(days=30))
    soon = (today + timedelta(days=3)).isoformat()
    names = ("Initech", "Umbrella")
    assert shown(as_manager, f"/requests?needed=..{soon}", *names) == ["Initech"]
    assert shown(as_manager, f"/requests?created={today.isoformat()}..", *names) == [*names]
    assert shown(as_manager, f"/requests?created=..{today - timedelta(days=3)}", *names) == []
    assert "More filters" in as_manager.get("/emails").text
