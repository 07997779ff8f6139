"""Whoever tampers with the consent record is found out: on the person's page and by `flask verify consents`."""

from typing import LiteralString

import psycopg
import pytest
from sqlalchemy import select

from portal import history
from portal.advocates import consent_anchors, consent_chain, queries
from portal.advocates.history_actions import AdvocateAction
from portal.advocates.models import (
    Advocate,
    AdvocateState,
    ConsentAnchor,
    ConsentEntry,
    ConsentPurpose,
    ConsentSource,
)
from portal.web.dispatch import Portal
from tests.client import Client
from tests.fixture_types import Jobs, Travel
from tests.outreach.recipients import agree, reader
from tests.world import World


def undecided(world: World) -> Advocate:
    """Somebody who agreed to calls and reviews, and took the second back."""
    ada = reader(world, ConsentPurpose.CALLS, ConsentPurpose.REVIEWS)
    takes_back(world, ada, ConsentPurpose.REVIEWS)
    return ada


def takes_back(world: World, ada: Advocate, purpose: ConsentPurpose) -> None:
    with world.session() as session:
        consent_chain.withdraw(session, queries.get(session, ada.id), purpose, ConsentSource.OWN_PAGE)


def at_night(world: World) -> None:
    with world.session() as session:
        consent_anchors.anchor_chains(session)


def verified(world: World, *, ends: int = 0) -> str:
    done = world.app.test_cli_runner().invoke(args=["verify", "consents", "--workspace", world.slug])
    assert isinstance(done.exception, SystemExit | None), done.exception
    assert done.exit_code == ends, (done.output, done.exception)
    return done.output


def tampered(superuser: psycopg.Connection, statement: LiteralString, person: Advocate) -> None:
    superuser.execute(statement, {"person": person.id})
    superuser.commit()


LAST = "DELETE FROM consent_entries WHERE advocate_id = %(person)s AND number = 3"
ALL = "DELETE FROM consent_entries WHERE advocate_id = %(person)s"
AGREED_AGAIN = "UPDATE advocates SET consents = '{calls,reviews}' WHERE id = %(person)s"
TAMPERING = {
    "a withdrawal cut off": ([LAST, AGREED_AGAIN], "Entries were removed: there were 3 on"),
    "a withdrawal cut off, clumsily": ([LAST], "The consents in use don’t match the record"),
    "the whole chain": ([ALL, "UPDATE advocates SET consents = '{}' WHERE id = %(person)s"], "and now there are 0"),
    "a line from the middle": ([LAST.replace("3", "2")], "Entry 2 is missing"),
    "a no that becomes a yes": (
        ["UPDATE consent_entries SET granted = true WHERE advocate_id = %(person)s AND number = 3", AGREED_AGAIN],
        "Entry 3 was changed",
    ),
    "the person of a line": (
        ["UPDATE consent_entries SET personal = NULL, salt = NULL WHERE advocate_id = %(person)s AND number = 1"],
        "Entry 1 has no email address, although the person wasn’t erased (entries without one: 1)",
    ),
    "the person of a line, as JSON": (
        ["UPDATE consent_entries SET personal = 'null' WHERE advocate_id = %(person)s"],
        "(entries without one: 3)",
    ),
    "consents that nobody gave": (
        ["UPDATE advocates SET consents = '{calls,news}' WHERE id = %(person)s"],
        "The consents in use don’t match",
    ),
}  # fmt: skip


@pytest.mark.parametrize("how", TAMPERING)
def test_tampering_is_told_on_the_page_and_by_the_command(
    acme: World, as_manager: Client, superuser: psycopg.Connection, how: str
) -> None:
    ada = undecided(acme)
    at_night(acme)
    assert "Consent record intact" in as_manager.get(f"/advocates/{ada.id}").text
    assert "All consent records are intact. Workspaces: 1." in verified(acme)
    statements, sentence = TAMPERING[how]
    for statement in statements:
        tampered(superuser, statement, ada)
    assert sentence in as_manager.get(f"/advocates/{ada.id}").text
    assert f"{acme.slug}, person {ada.id}: " in (told := verified(acme, ends=1))
    assert sentence in told


def test_a_chain_written_anew_is_no_longer_the_one_of_its_anchor(
    acme: World, as_manager: Client, superuser: psycopg.Connection
) -> None:
    """Every hash is right; only the anchor knows better."""
    ada = undecided(acme)
    at_night(acme)
    tampered(superuser, ALL, ada)
    tampered(superuser, "UPDATE advocates SET consents = '{}' WHERE id = %(person)s", ada)
    agree(acme, ada, ConsentPurpose.CALLS, ConsentPurpose.REVIEWS, ConsentPurpose.NEWS)
    at_night(acme)
    assert "The record was rewritten: entry 3 isn’t the same as it was on" in verified(acme, ends=1)
    assert "The record was rewritten" in as_manager.get(f"/advocates/{ada.id}").text


def test_each_chain_that_grew_is_anchored_once_a_night(
    acme: World, globex: World, run_jobs: Jobs, travel: Travel
) -> None:
    ada, bo = reader(acme, ConsentPurpose.CALLS, ConsentPurpose.REVIEWS), undecided(acme)
    undecided(globex)
    run_jobs()
    takes_back(acme, ada, ConsentPurpose.CALLS)
    travel(days=1)
    run_jobs()
    with acme.session() as session:
        kept = session.execute(select(ConsentAnchor.advocate_id, ConsentAnchor.length)).all()
    assert sorted(kept) == sorted([(ada.id, 2), (ada.id, 3), (bo.id, 3)])
    assert "intact" in verified(acme)


def erased(world: World, person: Advocate) -> int:
    with world.session() as session:
        return consent_chain.erase(session, session.get_one(Advocate, (world.tenant_id, person.id)))


def test_only_erasure_takes_the_person_out_of_the_record_and_only_of_the_erased(
    acme: World, globex: World
) -> None:
    ada, bo = undecided(acme), undecided(acme)
    at_night(acme)
    assert erased(acme, ada) == 0, "she is still with us"
    with acme.session() as session:
        session.get_one(Advocate, (acme.tenant_id, ada.id)).state = AdvocateState.ERASED
    with globex.session() as session:
        assert consent_chain.erase(session, ada) == 0, "nobody erases over the wall"
    assert erased(acme, ada) == 3
    assert erased(acme, ada) == 0
    assert "intact" in verified(acme)
    with acme.session() as session:
        lines = session.scalars(select(ConsentEntry)).all()
    assert {(line.advocate_id, line.personal is None, line.salt is None) for line in lines} == {
        (ada.id, True, True),
        (bo.id, False, False),
    }
    with acme.session() as session:
        session.get_one(Advocate, (acme.tenant_id, ada.id)).state = AdvocateState.CANDIDATE
    assert "wasn’t erased" in verified(acme, ends=1)


def test_what_was_noted_about_the_living_stays_when_somebody_asks_to_erase_it(acme: World) -> None:
    ada, bo = reader(acme), reader(acme)
    with acme.session() as session:
        for person in (ada, bo):
            history.record(session, person, AdvocateAction.JOINED, note=f"met {person.email}")
        session.get_one(Advocate, (acme.tenant_id, bo.id)).state = AdvocateState.ERASED
        session.flush()
        history.erase_details(session, [ada.id, bo.id])
    with acme.session() as session:
        assert [line.detail for line in history.entries_about(session, ada)] == [{"note": f"met {ada.email}"}]
        assert [(line.action, line.detail) for line in history.entries_about(session, bo)] == [("joined", {})]


def test_verifying_says_which_workspace_it_does_not_know(app: Portal) -> None:
    done = app.test_cli_runner().invoke(args=["verify", "consents", "--workspace", "nowhere"])
    assert (done.exit_code, "There is no workspace “nowhere”" in done.output) == (1, True)
