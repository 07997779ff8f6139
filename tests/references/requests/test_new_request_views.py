"""A rep asks: six fields, a deal that fills them, and what is said when something is missing."""

import re

from sqlalchemy import select

from portal.advocates.models import Advocate, AdvocateState, Provenance
from portal.references.models import ReferenceRequest, RequestState
from tenants.models import Role
from tests.client import Client
from tests.fixture_types import Jobs
from tests.mailbox import Mailbox
from tests.references.steps import REQUEST_FIELDS, filed, in_two_weeks
from tests.world import World


def test_a_rep_files_a_request_with_six_fields(acme: World, as_rep: Client) -> None:
    six = {name: REQUEST_FIELDS[name] for name in ("prospect", "kind", "product", "industry", "region")}
    answer = as_rep.post("/requests/new", six | {"needed_by": in_two_weeks()})
    assert answer.status_code == 303
    assert "Initech wants to talk to someone who uses Ledger Pro" in as_rep.follow(answer).text


def test_what_was_written_is_kept_when_something_is_missing(acme: World, as_rep: Client) -> None:
    refused = as_rep.post(
        "/requests/new",
        REQUEST_FIELDS | {"product": " ", "needed_by": "2020-01-01", "contact_email": "peter@"},
    )
    assert refused.status_code == 422
    for words in (
        "Please enter the product.",
        "This day is in the past.",
        "This isn’t an email address.",
        "Peter Gibbons",
    ):
        assert words in refused.text
    with acme.session() as session:
        assert session.scalars(select(ReferenceRequest)).all() == []


def test_a_deal_is_found_by_its_first_emails_and_fills_the_fields(acme: World, as_rep: Client) -> None:
    deal = acme.deal("Initech", competitor="Brightbook", region="EMEA")
    acme.deal("Umbra Optics")
    found = as_rep.get("/requests/new/deals?find=INI", headers={"HX-Request": "true"}).text
    assert "Initech" in found
    assert "Umbra" not in found
    assert "Initech" in as_rep.follow(as_rep.get("/requests/new/deals?find=ini")).text
    page = as_rep.get(f"/requests/new?deal={deal.id}").text
    for value in ('value="Initech"', 'value="Ledger Pro"', 'value="Brightbook"', 'selected value="EMEA"'):
        assert value in page


def test_the_number_of_people_follows_the_fields(acme: World, as_rep: Client) -> None:
    acme.advocate()
    acme.advocate(languages=["de"])
    path = "/requests/new/count?product=Ledger+Pro&region=NA&language=en&kind=call"
    assert "Customer who could do this" in as_rep.get(path, headers={"HX-Request": "true"}).text.replace(
        "\n", " "
    )
    assert (
        "As you fill in the fields" in as_rep.get("/requests/new/count", headers={"HX-Request": "true"}).text
    )


def test_a_deal_that_is_asked_for_already_is_said(acme: World, as_rep: Client, as_manager: Client) -> None:
    deal = acme.deal("Initech")
    first = filed(acme, acme.signed_in(Role.REP), deal=str(deal.id))
    page = as_rep.get(f"/requests/new?deal={deal.id}").text
    assert f"R-{first.number}" in page
    assert str(first.id) not in page  # another rep's request does not open

    second = filed(acme, as_rep, deal=str(deal.id))
    as_manager.follow(as_manager.post(f"/requests/{second.id}/duplicate", {"number": f"r-{first.number}"}))
    assert acme.reload(second).state is RequestState.DUPLICATE
    assert (
        as_manager.post(f"/requests/{first.id}/duplicate", {"number": f"R-{first.number}"}).status_code == 400
    )
    for wrong in ("R-9999", "none", ""):
        assert as_manager.post(f"/requests/{first.id}/duplicate", {"number": wrong}).status_code == 422


def test_a_number_is_never_given_twice(acme: World, globex: World, as_rep: Client) -> None:
    numbers = [filed(acme, as_rep).number for _ in range(3)]
    assert numbers == [1001, 1002, 1003]
    assert filed(globex, globex.signed_in(Role.REP)).number == 1001


def test_a_favor_arranged_outside_counts_without_blame(
    acme: World, as_rep: Client, as_manager: Client, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    ada = acme.advocate(email="ada@wabtec.example")
    page = logged(as_rep, "Ada@Wabtec.example")
    assert "Arranged outside" in page
    with acme.session() as session:
        request = session.scalars(select(ReferenceRequest)).one()
        assert (request.state, request.off_platform) == (RequestState.DELIVERED, True)
    assert ada.name in as_manager.get(f"/requests/{request.id}").text
    run_jobs()
    email = mailbox.last(as_manager.member.email)
    assert "arranged a reference for Initech" in email.subject
    assert ada.name in email.text


def test_a_rep_who_logs_a_favor_does_not_learn_whom_we_know(
    acme: World, as_rep: Client, as_manager: Client, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    acme.advocate(email="ada@wabtec.example", first_name="Adalind", last_name="Quist")
    known, unknown = (told(logged(as_rep, address)) for address in ("ada@wabtec.example", "eve@x.example"))
    assert known == unknown
    for secret in ("Adalind", "Quist", "ada@wabtec.example", "eve@x.example"):
        assert secret not in as_rep.get("/requests").text
    with acme.session() as session:
        eve = session.scalars(select(Advocate).where(Advocate.email_norm == "eve@x.example")).one()
        assert (eve.state, eve.provenance) == (AdvocateState.CANDIDATE, Provenance.NOMINATED)
    run_jobs()
    assert "The address was new" in mailbox.last(as_manager.member.email).text


def test_the_desk_is_told_of_a_slip_in_an_address(as_manager: Client) -> None:
    given = REQUEST_FIELDS | {"needed_by": "2020-03-02", "advocate": "eve@x.example"}
    refused = as_manager.post("/requests/new/off-platform", given)
    assert refused.status_code == 422
    assert "know this address. Ask the program team" in refused.text


def test_what_is_logged_has_happened(acme: World, as_rep: Client) -> None:
    acme.advocate(email="ada@wabtec.example")
    given = REQUEST_FIELDS | {"needed_by": in_two_weeks(), "advocate": "ada@wabtec.example"}
    ahead = as_rep.post("/requests/new/off-platform", given)
    assert ahead.status_code == 422
    assert "It hasn’t taken place yet" in ahead.text


def logged(rep: Client, address: str) -> str:
    given = REQUEST_FIELDS | {"needed_by": "2020-03-02", "advocate": address}
    return rep.follow(rep.post("/requests/new/off-platform", given)).text


def told(page: str) -> list[str]:
    """The words of a page, without what differs between any two requests."""
    words = re.sub(r"<script.*?</script>|<[^>]+>", " ", page, flags=re.DOTALL)
    return re.sub(r"R-\d+|\d+:\d+", "", words).split()
