"""A rep or an account owner names somebody; a manager decides; the colleague learns nothing on the way."""

from portal.advocates import queries
from portal.advocates.models import AdvocateState, Provenance
from tests.client import Client
from tests.fixture_types import Jobs
from tests.mailbox import Mailbox
from tests.present import present
from tests.world import World

OLGA = {"name": "Olga Nominee", "company": "Vall Ceramics", "title": "CFO", "why": "Went live in six weeks."}


def test_a_nominated_person_waits_until_a_manager_lets_them_in(
    as_rep: Client, as_manager: Client, acme: World, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    email = f"olga@{acme.slug}.example"
    assert as_rep.post("/nominations", OLGA | {"email": email}).status_code == 303
    with acme.session() as session:
        olga = present(queries.by_address(session, email))
    assert (olga.state, olga.provenance, olga.nominated_by_id) == (
        AdvocateState.PENDING,
        Provenance.NOMINATED,
        as_rep.member.id,
    )
    assert "Sent to a program manager" in as_rep.get("/nominations").text
    assert "Went live in six weeks" in as_manager.get(f"/advocates/{olga.id}").text

    as_manager.post(f"/advocates/{olga.id}/approval", {"version": olga.version})
    run_jobs()
    after = acme.reload(olga)
    assert (after.state, after.invitation_count) == (AdvocateState.INVITED, 1)
    assert len(mailbox.to(email)) == 1


def test_a_colleague_does_not_learn_who_is_in_already(as_rep: Client, acme: World) -> None:
    ada = acme.advocate()
    known = as_rep.post("/nominations", OLGA | {"email": ada.email})
    unknown = as_rep.post("/nominations", OLGA | {"email": f"new@{acme.slug}.example"})
    assert (known.status_code, known.location) == (unknown.status_code, unknown.location)
    page = as_rep.get("/nominations").text
    assert page.count("Olga Nominee") == 2, "what was typed stands there, whoever has the address"
    assert (ada.email in page, ada.name in page) == (False, False)
    assert acme.reload(ada).state is AdvocateState.ENROLLED


def test_a_manager_says_no_with_a_reason(as_rep: Client, as_manager: Client, acme: World) -> None:
    as_rep.post("/nominations", OLGA | {"email": f"olga@{acme.slug}.example"})
    with acme.session() as session:
        olga = present(queries.by_address(session, f"olga@{acme.slug}.example"))
    as_manager.post(f"/advocates/{olga.id}/refusal", {"version": olga.version, "reason": "Not a customer"})
    assert acme.reload(olga).state is AdvocateState.REFUSED
    assert "Not a customer" not in as_rep.get("/nominations").text


def test_a_nomination_without_a_reason_comes_back(as_owner: Client) -> None:
    assert as_owner.post("/nominations", {"name": "Olga", "email": "olga@x.example"}).status_code == 422
