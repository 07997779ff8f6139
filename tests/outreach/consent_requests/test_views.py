"""Behind the email: the exact words, yes or no without signing in, and what old, expired and late links say."""

import psycopg
import pytest
from werkzeug.test import TestResponse

from portal import links
from portal.advocates import actions as advocate_actions
from portal.advocates import queries
from portal.advocates.address_change_models import AddressChange
from portal.advocates.models import Advocate, ConsentPurpose
from portal.links import LinkPurpose
from portal.outreach.consent_requests.models import ConsentRequest
from portal.outreach.preferences import address_transfer_actions
from portal.outreach.suppressions.actions import suppress
from portal.outreach.suppressions.models import SuppressionReason
from tenants.models import Role
from tests.client import Client
from tests.fixture_types import Jobs, Travel
from tests.mailbox import Mailbox, paths
from tests.outreach.consent_requests.people import (
    FEEDBACK,
    asks,
    emails,
    link_of,
    new_words,
    person_now,
    requests,
    says_yes,
)
from tests.outreach.recipients import agree, consent_history, reader, suppressions_of, words_of
from tests.rules.table_snapshot import traces
from tests.world import World

CALLS = ConsentPurpose.CALLS


@pytest.fixture
def ada(acme: World) -> Advocate:
    return reader(acme, CALLS, first_name="Ada")


@pytest.fixture
def asked(acme: World, ada: Advocate, run_jobs: Jobs) -> ConsentRequest:
    """Ada was asked whether surveys are fine with her, and the email has arrived."""
    request = asks(acme, ada, acme.member(Role.MANAGER, name="Dana Okafor"))
    run_jobs()
    return request


def opens(client: Client, request: ConsentRequest, version: int | None = None) -> TestResponse:
    return client.get(link_of(request, version), outside=True)


def says_no(client: Client, request: ConsentRequest) -> TestResponse:
    return client.post(f"{link_of(request)}/no", outside=True)


def test_she_reads_the_exact_words_and_agrees(
    acme: World, ada: Advocate, asked: ConsentRequest, client: Client, mailbox: Mailbox
) -> None:
    page = client.get(paths(mailbox.last(ada.email), "/further-consent/")[0], outside=True)
    assert words_of(acme)[FEEDBACK].text in page.text
    done = client.follow(says_yes(client, acme, asked))
    assert "Thank you, you agreed" in done.text
    assert person_now(acme, ada).consents == ["calls", "feedback"]
    assert consent_history(acme, ada)[-1] == ("feedback", True, "letter")
    again = says_yes(client, acme, asked)
    assert (again.status_code, len(consent_history(acme, ada))) == (409, 2), "said twice, written once"
    (request,) = requests(acme)
    assert (request.granted, request.answered_at is None) == (True, False)


def test_she_says_no_and_nothing_else_changes(
    acme: World, ada: Advocate, asked: ConsentRequest, client: Client, as_manager: Client
) -> None:
    done = client.follow(says_no(client, asked))
    assert "Noted: no" in done.text
    assert [request.granted for request in requests(acme)] == [False]
    assert (person_now(acme, ada).consents, consent_history(acme, ada)) == (
        ["calls"],
        [("calls", True, "own_page")],
    )
    assert says_yes(client, acme, asked).status_code == 409, "it was answered already"
    assert person_now(acme, ada).consents == ["calls"]
    told = as_manager.get(f"/advocates/{ada.id}").text
    assert "Said no when asked for a further consent: surveys and research" in told


def test_a_scanner_that_opens_the_link_says_nothing_for_her(
    asked: ConsentRequest, client: Client, superuser: psycopg.Connection
) -> None:
    before = traces(superuser)
    for method in ("GET", "HEAD") * 3:
        assert client.open(link_of(asked), method=method).status_code == 200
    assert traces(superuser) == before


def test_a_link_that_is_not_ours_says_nothing(
    acme: World, ada: Advocate, asked: ConsentRequest, client: Client
) -> None:
    wrong = links.token(LinkPurpose.PREFERENCES, asked.tenant_id, asked.id)
    for address in (f"/further-consent/{wrong}", link_of(asked)[:-4]):
        for answer in (client.get(address, outside=True), client.post(address, outside=True)):
            assert answer.status_code == 410
    assert person_now(acme, ada).consents == ["calls"]


def test_newer_words_are_shown_and_only_words_that_were_read_count(
    acme: World, ada: Advocate, asked: ConsentRequest, client: Client
) -> None:
    old = words_of(acme)[FEEDBACK]
    assert "The words have changed since our email" not in opens(client, asked).text
    new = new_words(acme)
    page = opens(client, asked).text
    assert "The words have changed since our email" in page
    assert "You may ask me three questions a year." in page
    refused = says_yes(client, acme, asked, text=old)
    assert refused.status_code == 409
    assert "The words changed while you were reading, so nothing was saved." in refused.text
    for nonsense in ({}, {"text_id": "x"}):
        assert client.post(link_of(asked), nonsense, outside=True).status_code == 409
    assert person_now(acme, ada).consents == ["calls"]
    assert says_yes(client, acme, asked, text=new).status_code == 303
    assert person_now(acme, ada).consents == ["calls", "feedback"]


def test_a_link_works_for_30_days_and_then_a_new_one_is_sent(
    acme: World,
    ada: Advocate,
    asked: ConsentRequest,
    client: Client,
    travel: Travel,
    mailbox: Mailbox,
    run_jobs: Jobs,
) -> None:
    travel(days=29)
    assert opens(client, asked).status_code == 200
    travel(days=1, hours=1)
    late = opens(client, asked)
    assert (late.status_code, "This link has expired" in late.text) == (410, True)
    assert says_yes(client, acme, asked).status_code == 410
    assert says_no(client, asked).status_code == 410
    assert requests(acme)[0].is_open
    for _ in range(2):
        assert "The new link is on its way" in client.post(f"{link_of(asked)}/new-link", outside=True).text
    run_jobs()
    assert [email.kind for email in emails(acme, "new_link")] == ["new_link"], "asked for twice, sent once"
    (new,) = paths(mailbox.last(ada.email), "/further-consent/")
    assert client.get(new, outside=True).status_code == 200
    assert "This link has been replaced" in opens(client, asked, version=1).text
    assert says_yes(client, acme, requests(acme)[0]).status_code == 303
    assert person_now(acme, ada).consents == ["calls", "feedback"]


def test_the_30_days_begin_when_the_email_leaves(
    acme: World, ada: Advocate, client: Client, travel: Travel, run_jobs: Jobs
) -> None:
    acme.set_outreach_policies(emails_per_day=0)
    request = asks(acme, ada, acme.member(Role.MANAGER))
    run_jobs()
    travel(days=40)
    assert opens(client, request).status_code == 200, "it has not left yet"
    acme.set_outreach_policies(emails_per_day=100)
    run_jobs()
    travel(days=29)
    assert opens(client, request).status_code == 200
    travel(days=2)
    assert opens(client, request).status_code == 410


def test_nobody_gets_a_new_link_for_what_is_settled_or_still_works(
    acme: World, asked: ConsentRequest, client: Client, run_jobs: Jobs
) -> None:
    client.post(f"{link_of(asked)}/new-link", outside=True)
    says_no(client, asked)
    client.post(f"{link_of(asked)}/new-link", outside=True)
    run_jobs()
    assert emails(acme, "new_link") == []


def test_a_link_that_arrived_in_pieces_is_sent_again(
    acme: World, ada: Advocate, asked: ConsentRequest, client: Client, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    broken = opens(client, asked).request.path[:-3]
    page = client.get(broken, outside=True)
    assert page.status_code == 410
    (action,) = [part.partition('"')[0] for part in page.text.split('action="')[1:] if "/new-link/" in part]
    client.post(action, outside=True)
    run_jobs()
    assert paths(mailbox.last(ada.email), "/further-consent/") == [link_of(asked)]


def test_who_agreed_on_the_own_page_reads_so(
    acme: World, ada: Advocate, asked: ConsentRequest, client: Client, run_jobs: Jobs
) -> None:
    agree(acme, ada, FEEDBACK)
    assert "Thank you, you agreed" in opens(client, asked).text, "before any worker has looked"
    assert says_no(client, asked).status_code == 409
    run_jobs()
    assert [request.granted for request in requests(acme)] == [True]
    assert person_now(acme, ada).consents == ["calls", "feedback"]


def test_who_agreed_and_took_it_back_reads_so(
    acme: World, ada: Advocate, asked: ConsentRequest, client: Client, run_jobs: Jobs
) -> None:
    says_yes(client, acme, asked)
    token = links.token(LinkPurpose.PREFERENCES, ada.tenant_id, ada.id)
    kept = {"consent_text_ids": [words_of(acme)[CALLS].id]}
    client.post(f"/u/{token}", kept, outside=True)
    run_jobs()
    assert "You withdrew this" in opens(client, asked).text


def test_who_left_has_nothing_to_answer(
    acme: World, ada: Advocate, asked: ConsentRequest, client: Client
) -> None:
    with acme.session() as session:
        advocate_actions.depart(session, queries.get(session, ada.id), reason="new job")
    assert "You’re not in the program any more" in opens(client, asked).text
    assert says_yes(client, acme, asked).status_code == 409
    assert person_now(acme, ada).consents == ["calls"]


def test_agreeing_lifts_an_earlier_opt_out_of_the_same_thing(
    acme: World, ada: Advocate, asked: ConsentRequest, client: Client, run_jobs: Jobs, travel: Travel
) -> None:
    with acme.session() as session:
        suppress(session, ada.email, SuppressionReason.OPTED_OUT, purpose="feedback")
    travel(minutes=1)
    says_yes(client, acme, asked)
    run_jobs()
    assert suppressions_of(acme, ada.email) == set()


def test_a_link_sent_to_a_former_address_opens_nothing_and_the_new_address_gets_one(
    acme: World, ada: Advocate, asked: ConsentRequest, client: Client, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    manager = acme.member(Role.MANAGER)
    with acme.session() as session:
        change = address_transfer_actions.request_change(
            session, queries.get(session, ada.id), "ada@newco.example", by=manager
        )
    with acme.session() as session:
        address_transfer_actions.confirm_change(
            session, session.get_one(AddressChange, (acme.tenant_id, change.id))
        )
    run_jobs()
    old = opens(client, asked, version=1)
    assert (old.status_code, "This link has been replaced" in old.text) == (410, True)
    (new,) = paths(mailbox.last("ada@newco.example"), "/further-consent/")
    assert client.get(new, outside=True).status_code == 200
    assert [len(paths(email, "/further-consent/")) for email in mailbox.to(ada.email)][1:] == [0], (
        "only the notice"
    )
