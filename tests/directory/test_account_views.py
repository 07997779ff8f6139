"""Companies and deals: found, filtered, opened by who may, edited by one at a time."""

from datetime import date
from typing import Any

from portal.accounts.models import Account, AccountRelationship, AccountUsage, Health, Subscription
from portal.advocates.models import AdvocateState
from tenants.models import Role
from tests.client import Client
from tests.world import World


def test_a_company_is_found_by_any_part_of_its_name(as_manager: Client, acme: World) -> None:
    acme.account("Nordlicht Versicherung")
    acme.account("Brandt Logistik")
    found = as_manager.get("/accounts?q=versi").text
    assert "Nordlicht" in found
    assert "Brandt" not in found
    assert "No accounts match" in as_manager.get("/accounts?q=sicherheit").text


def test_filters_narrow_the_list(as_manager: Client, acme: World) -> None:
    acme.account("Red Company", health=Health.RED, region="EMEA")
    acme.account("Green Company", region="APAC", relationship=AccountRelationship.RESELLER)
    assert "Red Company" not in as_manager.get("/accounts?relationship=reseller").text
    assert "Green Company" not in as_manager.get("/accounts?relationship=unknown").text
    assert "Green Company" not in as_manager.get("/accounts?health=red").text
    assert "Red Company" not in as_manager.get("/accounts?region=APAC").text
    assert as_manager.get("/accounts?health=nonsense").status_code == 200


def test_a_company_shows_its_people_and_what_they_were_asked(as_manager: Client, acme: World) -> None:
    company = acme.account("Wabtec", arr_cents=31_000_000, currency="EUR")
    acme.advocate(account=company, first_name="Ada", last_name="Lindqvist")
    acme.advocate(
        account=company, first_name="Bo", last_name="Berg", state=AdvocateState.CANDIDATE, enrolled_at=None
    )
    page = as_manager.get(f"/accounts/{company.id}").text
    for words in (
        "Ada Lindqvist",
        "Enrolled",
        "Bo Berg",
        "Not invited yet",
        "1 person here has joined",
        "€310,000",
        "0 of 4",
    ):
        assert words in page


def test_an_owner_sees_the_own_companies_alone(as_owner: Client, acme: World) -> None:
    mine = acme.account("Mine Ltd", owner_id=as_owner.member.id)
    other = acme.account("Other Ltd")
    listed = as_owner.get("/accounts").text
    assert "Mine Ltd" in listed
    assert "Other Ltd" not in listed
    assert as_owner.get(f"/accounts/{mine.id}").status_code == 200
    for path in (f"/accounts/{other.id}", f"/accounts/{other.id}/edit"):
        assert as_owner.get(path).status_code == 404


def details(account: Account, **changes: Any) -> dict[str, Any]:
    given = {
        "owner_id": "",
        "relationship": "customer",
        "health": "green",
        "renewal_on": "",
        "group": "",
        "competitors": "",
        "version": account.version,
    }
    return given | changes


def test_a_manager_changes_what_the_crm_does_not_know(as_manager: Client, acme: World) -> None:
    group, company = acme.account("Brandt Holding"), acme.account("Brandt Logistik")
    ira = acme.member(Role.OWNER, email=f"ira@{acme.slug}.example")
    changes = {
        "owner_id": str(ira.id),
        "health": "yellow",
        "renewal_on": "2027-03-01",
        "group": "BRANDT holding.",
    }
    saved = as_manager.post(
        f"/accounts/{company.id}/edit",
        details(company, competitors="Oraclia Inc.\n\nHooli\nhooli", **changes),
    )
    assert saved.status_code == 303
    after = acme.reload(company)
    assert (after.owner_id, after.owner_email, after.health) == (ira.id, ira.email, Health.YELLOW)
    assert (after.group_id, after.competitors) == (group.id, ["oraclia inc", "hooli"])
    assert after.relationship is AccountRelationship.CUSTOMER
    page = as_manager.get(f"/accounts/{company.id}").text
    assert "Brandt Holding" in page
    assert "Customer</dd>" in page


def test_a_parent_company_must_be_known_and_another(as_manager: Client, acme: World) -> None:
    company = acme.account("Brandt Logistik")
    for group in ("Nobody Knows", "Brandt Logistik"):
        answer = as_manager.post(f"/accounts/{company.id}/edit", details(company, group=group))
        assert answer.status_code == 422
        assert f'value="{group}"' in answer.text


def test_the_second_of_two_managers_is_told_that_the_first_was_quicker(
    as_manager: Client, acme: World
) -> None:
    company = acme.account()
    answers = [
        as_manager.post(f"/accounts/{company.id}/edit", details(company, health=health)).status_code
        for health in ("red", "yellow")
    ]
    assert answers == [303, 409]
    assert acme.reload(company).health is Health.RED


def test_an_address_without_a_member_is_kept_as_owner(as_manager: Client, acme: World) -> None:
    company = acme.account(owner_email="sam@crm.example", owner_email_norm="sam@crm.example")
    assert "sam@crm.example (not a member yet)" in as_manager.get(f"/accounts/{company.id}/edit").text
    as_manager.post(f"/accounts/{company.id}/edit", details(company, health="red"))
    assert acme.reload(company).owner_email == "sam@crm.example"


def test_a_rep_finds_a_deal_and_asks_from_it(as_rep: Client, acme: World) -> None:
    deal = acme.deal("Initech", rep_email_norm=as_rep.member.email_norm)
    acme.deal("Hooli", stage="Closed Won")
    assert "Hooli" not in as_rep.get("/deals?q=init").text
    assert "Initech" not in as_rep.get("/deals?stage=Closed+Won").text
    assert "Hooli" not in as_rep.get("/deals?whose=mine").text
    assert "Initech" in as_rep.get(f"/deals?q={deal.external_id}").text
    page = as_rep.get(f"/deals/{deal.id}").text
    assert f"deal={deal.id}" in page


def test_a_rep_sees_the_own_requests_of_a_deal(as_rep: Client, acme: World) -> None:
    deal = acme.deal("Initech")
    mine = acme.request(requester=as_rep.member, deal_id=deal.id)
    other = acme.request(deal_id=deal.id)
    page = as_rep.get(f"/deals/{deal.id}").text
    assert f"R-{mine.number}<" in page
    assert f"R-{other.number}<" not in page
    assert as_rep.get("/accounts").status_code == 403


def test_an_account_shows_what_it_uses_and_subscribed_to(as_manager: Client, acme: World) -> None:
    company = acme.account("Wabtec")
    of_wabtec = {"account_id": company.id}
    with acme.session() as session:
        session.add_all(
            [
                AccountUsage(
                    month=date(2026, 8, 1), licenses=100, active_users=60, is_latest=False, **of_wabtec
                ),
                AccountUsage(
                    month=date(2026, 10, 1),
                    licenses=100,
                    active_users=85,
                    features=["Bank imports"],
                    is_latest=True,
                    **of_wabtec,
                ),
                Subscription(
                    starts_on=date(2026, 1, 1), arr_cents=120_000, currency="EUR", reason="New", **of_wabtec
                ),
            ]
        )
    page = as_manager.get(f"/accounts/{company.id}").text
    for words in ("85% of licenses in use in Oct 2026", "Bank imports", "€1,200", "Until further notice"):
        assert words in page
    assert page.index("Oct 2026") < page.index("Aug 2026")
