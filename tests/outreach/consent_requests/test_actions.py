"""One email a year asks an enrolled person for one consent more, whoever asks and for whatever."""

from threading import Barrier, Thread
from typing import Any

import psycopg
import pytest
from uuid_utils.compat import uuid7

from portal.advocates import consent_chain, queries
from portal.advocates.models import Advocate, AdvocateState, ConsentPurpose, ConsentSource
from portal.errors import Conflict
from portal.gateways.queue import WorkQueue
from portal.outreach.consent_requests import actions, answer_actions
from portal.outreach.consent_requests.eligibility import BASIS_ORDER, ConsentCandidate, count_people
from portal.outreach.suppressions.actions import suppress
from portal.outreach.suppressions.models import SuppressionReason
from tenants.clock import utc_now
from tenants.models import Membership, Role
from tests.client import Client
from tests.exports.many_people import add_people
from tests.fixture_types import Jobs, Travel
from tests.mailbox import Mailbox, paths
from tests.outreach.consent_requests.people import (
    EVENTS,
    FEEDBACK,
    asks,
    asks_everybody,
    emails,
    new_words,
    reasons,
    requests,
    says_yes,
)
from tests.outreach.recipients import agree, reader, words_of
from tests.workers import deliver_messages_twice
from tests.world import World

CALLS, NEWS = ConsentPurpose.CALLS, ConsentPurpose.NEWS


@pytest.fixture
def dana(acme: World) -> Membership:
    return acme.member(Role.MANAGER, name="Dana Okafor")


def takes_back(world: World, person: Advocate, purpose: ConsentPurpose) -> None:
    with world.session() as session:
        consent_chain.withdraw(session, queries.get(session, person.id), purpose, ConsentSource.OWN_PAGE)


def suppressed(world: World, person: Advocate, reason: SuppressionReason, purpose: str = "") -> None:
    with world.session() as session:
        suppress(session, person.email, reason, purpose=purpose)


def test_who_may_be_asked_and_who_is_left_out_for_what(acme: World, dana: Membership, travel: Travel) -> None:
    away = {"state": AdvocateState.PAUSED, "paused_at": utc_now()}
    reader(acme, CALLS, first_name="Ada")
    reader(acme, CALLS, FEEDBACK, first_name="Agreed")
    reader(acme, CALLS, first_name="Away", **away)
    reader(acme, first_name="Nothing")
    takes_back(acme, reader(acme, CALLS, FEEDBACK, first_name="Back"), FEEDBACK)
    suppressed(acme, reader(acme, CALLS, first_name="Bounced"), SuppressionReason.BOUNCED)
    suppressed(acme, reader(acme, CALLS, first_name="Crm"), SuppressionReason.OPTED_OUT, "feedback")
    suppressed(acme, reader(acme, CALLS, first_name="Basis"), SuppressionReason.UNSUBSCRIBED, "calls")
    reader(acme, CALLS, first_name="Candidate", state=AdvocateState.CANDIDATE)
    asks(acme, reader(acme, CALLS, first_name="Events"), dana, EVENTS)
    assert reasons(acme) == {
        "Ada": "",
        "Away": "paused",
        "Nothing": "no_consent",
        "Back": "refused",
        "Bounced": "suppressed",
        "Crm": "suppressed",
        "Basis": "suppressed",
        "Events": "asked",
    }
    travel(days=364)
    assert reasons(acme)["Events"] == "asked"
    travel(days=1, hours=1)
    assert reasons(acme)["Events"] == ""


def test_everybody_in_the_program_is_counted_once() -> None:
    def person(**facts: Any) -> ConsentCandidate:
        given: dict[str, Any] = {
            "id": uuid7(),
            "email": "a@x.example",
            "name": "A",
            "state": AdvocateState.ENROLLED,
        }
        given |= {"consents": ["calls"], "refused": (), "asked_at": None, "suppressions": ()}
        return ConsentCandidate(**given | facts)

    people = [
        person(),
        person(consents=["feedback"]),
        person(consents=["feedback"], state=AdvocateState.PAUSED),
        person(state=AdvocateState.PAUSED, refused=["feedback"], consents=[]),
        person(email="no address"),
        person(email="line\nbreak@x.example"),
        person(asked_at=utc_now()),
    ]
    counts = count_people(people, FEEDBACK)
    assert (counts.agreed, counts.askable, dict(counts.left_out)) == (
        2,
        1,
        {"paused": 1, "suppressed": 2, "asked": 1},
    )
    assert counts.agreed + counts.askable + counts.left_out.total() == len(people)
    assert set(BASIS_ORDER) == set(ConsentPurpose)


def test_the_email_shows_the_exact_words_and_stands_on_a_live_consent(
    acme: World, dana: Membership, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    ada = reader(acme, CALLS, NEWS, first_name="Ada")
    request = asks(acme, ada, dana)
    run_jobs()
    (email,) = emails(acme)
    assert (email.email_class, email.purpose, email.bulk) == ("program", "news", False)
    (arrived,) = mailbox.to(ada.email)
    words = words_of(acme)[FEEDBACK]
    assert arrived.subject == f"May we ask you one thing more: {words.title}?"
    assert words.text in " ".join(arrived.text.replace("\n> ", " ").split())
    assert "Dana Okafor" in arrived.text
    assert (request.purpose, request.text_id, request.by_id) == (FEEDBACK, words.id, dana.id)
    assert len(paths(arrived, "/further-consent/")) == 1


def test_a_consent_that_ends_before_the_email_leaves_holds_it(
    acme: World, dana: Membership, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    ada = reader(acme, CALLS)
    asks(acme, ada, dana)
    takes_back(acme, ada, CALLS)
    run_jobs()
    assert mailbox.to(ada.email) == []
    assert [email.hold_reason for email in emails(acme)] == ["consent"]


def test_nobody_is_asked_twice_in_a_year_whatever_it_is_for(
    acme: World, dana: Membership, travel: Travel
) -> None:
    ada = reader(acme, CALLS)
    asks(acme, ada, dana)
    for purpose in (FEEDBACK, EVENTS):
        with pytest.raises(Conflict):
            asks(acme, ada, dana, purpose)
    travel(days=366)
    asks(acme, ada, dana, EVENTS)
    assert [request.purpose for request in requests(acme)] == [FEEDBACK, EVENTS]


def test_who_said_no_or_agreed_is_not_asked_for_it_again(
    acme: World, dana: Membership, client: Client, travel: Travel
) -> None:
    ada, bo = reader(acme, CALLS), reader(acme, CALLS)
    for person in (ada, bo):
        asks(acme, person, dana)
    for_ada, for_bo = requests(acme)
    assert says_yes(client, acme, for_ada).status_code == 303
    with acme.session() as session:
        answer_actions.decline(session, for_bo.id)
    travel(days=400)
    for person in (ada, bo):
        with pytest.raises(Conflict):
            asks(acme, person, dana)


def test_of_two_managers_at_once_one_asks(acme: World) -> None:
    ada, start = reader(acme, CALLS), Barrier(4)
    managers = [acme.member(Role.MANAGER) for _ in range(4)]
    told = []

    def asks_her(manager: Membership, purpose: ConsentPurpose) -> None:
        start.wait()
        try:
            asks(acme, ada, manager, purpose)
        except Conflict as refusal:
            told.append(str(refusal))

    threads = [
        Thread(target=asks_her, args=both)
        for both in zip(managers, [FEEDBACK, FEEDBACK, EVENTS, EVENTS], strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(requests(acme)), len(emails(acme)), len(told)) == (1, 1, 3)


def test_of_two_managers_who_ask_everybody_at_once_each_person_gets_one_email(acme: World) -> None:
    people, start = [reader(acme, CALLS) for _ in range(6)], Barrier(2)
    managers = [acme.signed_in(Role.MANAGER) for _ in range(2)]
    for manager in managers:
        manager.get("/advocates/consents")

    def asks_all(manager: Client, purpose: ConsentPurpose) -> None:
        start.wait()
        assert asks_everybody(manager, acme, purpose).status_code == 303

    threads = [Thread(target=asks_all, args=both) for both in zip(managers, [FEEDBACK, EVENTS], strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(request.advocate_id for request in requests(acme)) == sorted(one.id for one in people)
    assert len({email.recipient_norm for email in emails(acme)}) == len(emails(acme)) == 6


def crowd(superuser: psycopg.Connection, world: World) -> int:
    """More than one transaction of a worker asks."""
    many = actions.BATCH_SIZE + 3
    add_people(superuser, world, many)
    superuser.execute("UPDATE advocates SET consents = '{news}' WHERE tenant_id = %s", [world.tenant_id])
    superuser.commit()
    return many


def test_a_crowd_is_asked_by_a_worker_in_batches_each_person_once(
    acme: World, as_manager: Client, superuser: psycopg.Connection
) -> None:
    many, agreed = crowd(superuser, acme), reader(acme, CALLS, FEEDBACK)
    for _ in range(2):
        told = as_manager.follow(asks_everybody(as_manager, acme)).text
        assert "They’re being asked now." in told
    assert requests(acme) == []
    for _ in range(3):
        deliver_messages_twice(WorkQueue.MESSAGES, [acme.tenant_id])
    asked = {request.advocate_id for request in requests(acme)}
    assert len(requests(acme)) == len(emails(acme)) == len(asked) == many
    assert agreed.id not in asked
    assert all(email.bulk for email in emails(acme))


def test_a_worker_asks_nobody_with_words_that_were_replaced(
    acme: World, as_manager: Client, superuser: psycopg.Connection
) -> None:
    crowd(superuser, acme)
    asks_everybody(as_manager, acme)
    new_words(acme)
    deliver_messages_twice(WorkQueue.MESSAGES, [acme.tenant_id])
    assert requests(acme) == []


def test_who_agrees_on_the_own_page_is_not_asked_any_more(
    acme: World, dana: Membership, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    ada = reader(acme, CALLS)
    asks(acme, ada, dana)
    agree(acme, ada, FEEDBACK)
    run_jobs()
    (request,) = requests(acme)
    assert (request.granted, request.answered_at is None) == (True, False)
    assert mailbox.to(ada.email) == []
    assert [(email.state, email.hold_reason) for email in emails(acme)] == [("held", "obsolete")]


def test_a_year_is_a_year_for_each_person_and_each_workspace(
    acme: World, globex: World, dana: Membership
) -> None:
    reader(acme, CALLS, email="ada@both.example")
    theirs = reader(globex, CALLS, email="ada@both.example")
    asks(globex, theirs, globex.member(Role.MANAGER))
    (found,) = reasons(acme).values()
    assert found == ""
