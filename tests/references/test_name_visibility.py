"""Who sees whom: names only after a yes, addresses never; and what happens while nobody knows who will talk."""

from sqlalchemy import select

from portal.asks.models import Ask
from portal.policies import change
from portal.references import policies
from portal.references.models import RequestState
from tests.client import Client
from tests.fixture_types import Jobs
from tests.mailbox import Mailbox, paths
from tests.references.steps import PETER, asked, filed, picks, says_yes
from tests.world import World

NOBODY = {"contact_name": "", "contact_email": "", "contact_time_zone": ""}


def test_times_wait_until_the_rep_says_who_will_talk(
    acme: World, as_rep: Client, as_manager: Client, client: Client, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    ada, request = acme.advocate(email="ada@wabtec.example"), filed(acme, as_rep, **NOBODY)
    asked(as_manager, request, ada)
    run_jobs()
    times = says_yes(client, mailbox, ada)
    assert acme.reload(request).waiting_since is not None
    page = as_rep.get(f"/requests/{request.id}").text
    assert "Who at Initech will join the call?" in page
    assert "http://localhost/s/" in page

    refused = as_rep.post(f"/requests/{request.id}/contact", {"name": "Peter Gibbons", "email": "peter"})
    assert refused.status_code == 422
    given = {"name": "Peter Gibbons", "email": PETER, "time_zone": "America/Chicago"}
    as_rep.follow(as_rep.post(f"/requests/{request.id}/contact", given))
    assert acme.reload(request).waiting_since is None
    run_jobs()
    picks(client, mailbox, times[0])
    assert acme.reload(request).state is RequestState.SCHEDULED


def test_when_somebody_else_will_talk_the_first_persons_link_is_closed(
    acme: World, as_rep: Client, as_manager: Client, client: Client, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    ada, request = acme.advocate(email="ada@wabtec.example"), filed(acme, as_rep)
    asked(as_manager, request, ada)
    run_jobs()
    says_yes(client, mailbox, ada)
    run_jobs()
    first = paths(mailbox.last(PETER), "/s/")[0]
    given = {"name": "Peter Gibbons", "email": PETER.upper(), "time_zone": "America/Chicago"}
    as_rep.follow(as_rep.post(f"/requests/{request.id}/contact", given))
    assert client.get(first).status_code == 200
    given = {"name": "Samir Nagheenanajar", "email": "samir@initech.example", "time_zone": "America/Chicago"}
    as_rep.follow(as_rep.post(f"/requests/{request.id}/contact", given))
    run_jobs()
    assert client.get(first).status_code == 410
    assert client.get(paths(mailbox.last("samir@initech.example"), "/s/")[0]).status_code == 200


def test_the_link_passed_on_by_hand_asks_for_the_address(
    acme: World, as_rep: Client, as_manager: Client, client: Client, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    ada, request = acme.advocate(email="ada@wabtec.example"), filed(acme, as_rep, **NOBODY)
    asked(as_manager, request, ada)
    run_jobs()
    times = says_yes(client, mailbox, ada)
    text = as_rep.get(f"/requests/{request.id}").text
    link = text[text.index("http://localhost/s/") :].split('"')[0].removeprefix("http://localhost")
    assert "Your email" in client.get(link).text
    given = {"slot": times[0], "name": "Peter Gibbons", "zone": "America/Chicago"}
    assert client.post(link, given).status_code == 422
    assert client.post(link, given | {"email": PETER}).status_code == 303
    run_jobs()
    assert mailbox.last(PETER).calendar


def test_a_prospect_never_reads_an_address(
    acme: World, as_rep: Client, as_manager: Client, client: Client, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    ada, request = acme.advocate(email="ada@wabtec.example"), filed(acme, as_rep)
    asked(as_manager, request, ada)
    run_jobs()
    times = says_yes(client, mailbox, ada)
    run_jobs()
    offered = client.get(paths(mailbox.last(PETER), "/s/")[0]).text
    page = picks(client, mailbox, times[0])
    run_jobs()
    assert "@" not in offered + client.get(page).text
    for email in mailbox.to(PETER):
        assert ada.email not in email.text + email.html + email.calendar + str(email.headers)
    for email in mailbox.to(ada.email):
        assert PETER not in email.text + email.html + email.calendar + str(email.headers)


def test_a_workspace_may_keep_names_from_its_reps(
    acme: World, as_rep: Client, as_manager: Client, client: Client, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    with acme.session() as session:
        change(session, policies.NAME_AFTER_YES, 0, by=as_manager.member)
    ada = acme.advocate(email="ada@wabtec.example", first_name="Adalind", last_name="Quist")
    request = filed(acme, as_rep)
    asked(as_manager, request, ada)
    run_jobs()
    says_yes(client, mailbox, ada)
    run_jobs()
    pages = as_rep.get(f"/requests/{request.id}").text + as_rep.get("/requests").text
    emails = "".join(email.text + email.html for email in mailbox.to(as_rep.member.email))
    for secret in ("Adalind", "Quist", "wabtec", "/s/"):
        assert secret not in pages + emails
    assert "http://localhost/s/" in as_manager.get(f"/requests/{request.id}").text

    own = {"name": "Noor Haddad", "email": "noor@private.example", "time_zone": "UTC"}
    assert as_rep.post(f"/requests/{request.id}/contact", own).status_code == 403
    run_jobs()
    assert mailbox.to("noor@private.example") == []
    as_manager.follow(as_manager.post(f"/requests/{request.id}/contact", own))


def test_where_names_are_kept_a_rep_tells_the_desk_who_will_talk(
    acme: World, as_rep: Client, as_manager: Client, client: Client, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    with acme.session() as session:
        change(session, policies.NAME_AFTER_YES, 0, by=as_manager.member)
    ada, request = acme.advocate(email="ada@wabtec.example"), filed(acme, as_rep, **NOBODY)
    asked(as_manager, request, ada)
    run_jobs()
    says_yes(client, mailbox, ada)
    page = as_rep.get(f"/requests/{request.id}").text
    assert "Tell the program team who will join" in page
    assert "Send them the times" not in page
    assert "Send them the times" in as_manager.get(f"/requests/{request.id}").text


def test_a_contact_named_in_the_meantime_is_not_overwritten(
    acme: World, as_rep: Client, as_manager: Client
) -> None:
    request = filed(acme, as_rep, **NOBODY)
    peter = {"name": "Peter Gibbons", "email": PETER, "time_zone": "America/Chicago", "seen": ""}
    samir = {"name": "Samir", "email": "samir@initech.example", "time_zone": "America/Chicago", "seen": ""}
    for _click in range(2):
        as_rep.follow(as_rep.post(f"/requests/{request.id}/contact", peter))
    late = as_manager.post(f"/requests/{request.id}/contact", samir)
    assert late.status_code == 409
    assert "Peter Gibbons was added in the meantime" in late.text
    assert acme.reload(request).contact_email == PETER


def test_a_request_may_want_two_references(acme: World, as_rep: Client, as_manager: Client) -> None:
    request = filed(acme, as_rep, references_needed="2")
    asked(as_manager, request, acme.advocate())
    asked(as_manager, request, acme.advocate())
    third = as_manager.post(f"/requests/{request.id}/asks", {"advocate_id": acme.advocate().id})
    assert third.status_code == 409
    with acme.session() as session:
        assert len(session.scalars(select(Ask)).all()) == 2
