"""What somebody agrees to about one record alone: written like consents to a purpose, checked and erased like them."""

from threading import Barrier, Thread
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import select
from uuid_utils.compat import uuid7

from jobs.advocates import anchor_consents
from portal.accounts.models import Account
from portal.advocates.models import Advocate, AdvocateState, ConsentSource
from portal.advocates.record_consents import actions, queries
from portal.advocates.record_consents.models import (
    ConsentHolder,
    RecordConsent,
    RecordConsentAnchor,
    RecordConsentText,
)
from tenants.base import TenantOwned
from tests.advocates.test_consent_records import tampered, verified
from tests.client import Client
from tests.fixture_types import Jobs, Travel
from tests.world import World

PHOTOS, PEERS = "event_photos", "board_peers"


@pytest.fixture
def dinner(acme: World) -> Account:
    """Any row of the workspace can be what a consent is about."""
    return acme.account("The dinner in June")


@pytest.fixture
def ada(acme: World) -> Advocate:
    return acme.advocate(first_name="Ada", consents=[])


def words(
    world: World, kind: str = PHOTOS, text: str = "You may show photos of me at this event."
) -> RecordConsentText:
    with world.session() as session:
        return actions.add_text(session, kind, kind.replace("_", " ").capitalize(), text)


def guest() -> ConsentHolder:
    """Registered for one event, and in no list of people."""
    return ConsentHolder("peter@initech.example", contact_id=uuid7())


def agrees(
    world: World,
    holder: ConsentHolder,
    record: TenantOwned,
    text: RecordConsentText,
    source: ConsentSource = ConsentSource.EMAIL,
) -> None:
    with world.session() as session:
        actions.give(session, holder, record, text, source, "203.0.113.7")


def takes_back(world: World, holder: ConsentHolder, record: TenantOwned, kind: str = PHOTOS) -> None:
    with world.session() as session:
        actions.withdraw(session, holder, record, kind, ConsentSource.EMAIL)


def said(world: World, holder: ConsentHolder) -> list[tuple[int, str, int, bool]]:
    with world.session() as session:
        lines = queries.lines_of(session, holder)
        return [(line.number, text.kind, text.version, line.granted) for line, text in lines]


def agreed(world: World, record: TenantOwned, kind: str = PHOTOS) -> set[UUID | None]:
    with world.session() as session:
        return {line.advocate_id or line.contact_id for line in queries.consents_about(session, record, kind)}


def at_night(world: World) -> None:
    with world.session() as session:
        anchor_consents(session)


def test_ada_and_a_guest_agree_to_photos_at_one_event_and_to_nothing_else(
    acme: World, ada: Advocate, dinner: Account
) -> None:
    peter, photos, lunch = guest(), words(acme), acme.account("The lunch in July")
    words(acme, PEERS, "The board may see my name.")
    for who in (ConsentHolder.of(ada), peter):
        agrees(acme, who, dinner, photos)
        agrees(acme, who, dinner, photos)
    assert said(acme, peter) == [(1, PHOTOS, 1, True)], "said twice, written once"
    assert agreed(acme, dinner) == {ada.id, peter.contact_id}
    assert agreed(acme, lunch) == set()
    assert agreed(acme, dinner, PEERS) == set()
    assert acme.reload(ada).consents == [], "it is no consent to a purpose"


def test_who_takes_it_back_is_not_shown_and_may_agree_again(
    acme: World, ada: Advocate, dinner: Account
) -> None:
    photos, me = words(acme), ConsentHolder.of(ada)
    takes_back(acme, me, dinner)
    assert said(acme, me) == [], "nothing was agreed to, so there is nothing to take back"
    agrees(acme, me, dinner, photos)
    takes_back(acme, me, dinner)
    takes_back(acme, me, dinner)
    assert (said(acme, me)[-1], agreed(acme, dinner)) == ((2, PHOTOS, 1, False), set())
    agrees(acme, me, dinner, photos)
    assert (said(acme, me)[-1], agreed(acme, dinner)) == ((3, PHOTOS, 1, True), {ada.id})


def test_new_words_are_agreed_to_anew_and_the_old_ones_stay_on_record(
    acme: World, ada: Advocate, dinner: Account
) -> None:
    me = ConsentHolder.of(ada)
    agrees(acme, me, dinner, words(acme))
    agrees(acme, me, dinner, words(acme, text="You may show photos and films of me."))
    takes_back(acme, me, dinner)
    assert said(acme, me) == [(1, PHOTOS, 1, True), (2, PHOTOS, 2, True), (3, PHOTOS, 2, False)]


def test_a_consent_has_one_holder() -> None:
    for wrong in ({}, {"advocate_id": uuid7(), "contact_id": uuid7()}):
        with pytest.raises(ValueError, match="one holder"):
            ConsentHolder("ada@x.example", **wrong)


@pytest.mark.parametrize("who", ["person", "guest"])
def test_two_answers_at_the_same_moment_are_two_lines_of_one_chain(
    acme: World, ada: Advocate, who: str
) -> None:
    holder = ConsentHolder.of(ada) if who == "person" else guest()
    photos, start = words(acme), Barrier(4)
    records = [acme.account() for _ in range(4)]

    def answer(record: Account) -> None:
        start.wait()
        agrees(acme, holder, record, photos)

    threads = [Thread(target=answer, args=[record]) for record in records]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [number for number, *_ in said(acme, holder)] == [1, 2, 3, 4]
    assert "intact" in verified(acme)


def test_the_person_is_shown_with_the_words_and_reads_that_it_is_kept(
    acme: World, dinner: Account, as_manager: Client
) -> None:
    me = acme.signed_in_advocate(consents=[])
    assert "at one event or in one group" not in me.get("/my/me/data").text
    agrees(acme, ConsentHolder.of(me.advocate), dinner, words(acme))
    page = as_manager.get(f"/advocates/{me.advocate.id}").text
    assert "For one event or group only" in page
    assert "You may show photos of me at this event." in page
    assert "History of those for one event or group (1)" in page
    assert "Consent record intact" in page
    assert "1 entry about what you agreed to at one event or in one group" in me.get("/my/me/data").text
    takes_back(acme, ConsentHolder.of(me.advocate), dinner)
    page = as_manager.get(f"/advocates/{me.advocate.id}").text
    assert "For one event or group only" not in page
    assert "History of those for one event or group (2)" in page


def chain(acme: World, ada: Advocate, dinner: Account) -> None:
    """Three lines of Ada, anchored: photos, no photos, photos."""
    me, photos = ConsentHolder.of(ada), words(acme)
    agrees(acme, me, dinner, photos)
    takes_back(acme, me, dinner)
    agrees(acme, me, dinner, photos)
    at_night(acme)


MINE = "WHERE advocate_id = %(person)s"
SOFTER = (
    f"UPDATE record_consent_texts SET text = 'Yes' WHERE id IN (SELECT text_id FROM record_consents {MINE})"
)
TAMPERING = {
    "a line cut off": (f"DELETE FROM record_consents {MINE} AND number = 3", "there were 3 on"),
    "the whole chain": (f"DELETE FROM record_consents {MINE}", "and now there are 0"),
    "a line from the middle": (f"DELETE FROM record_consents {MINE} AND number = 2", "Entry 2 is missing"),
    "a no that becomes a yes": (
        f"UPDATE record_consents SET granted = true {MINE} AND number = 2", "Entry 2 was changed"
    ),
    "another event": (
        f"UPDATE record_consents SET subject_id = gen_random_uuid() {MINE} AND number = 1", "Entry 1 was changed"
    ),
    "softer words": (SOFTER, "Entry 1 was changed"),
    "the person of a line": (
        f"UPDATE record_consents SET personal = NULL, salt = NULL {MINE} AND number = 1",
        "Entry 1 has no email address, although the person wasn’t erased",
    ),
}  # fmt: skip


@pytest.mark.parametrize("how", TAMPERING)
def test_tampering_is_told_on_the_page_and_by_the_command(
    acme: World, ada: Advocate, dinner: Account, as_manager: Client, superuser: psycopg.Connection, how: str
) -> None:
    chain(acme, ada, dinner)
    assert "Consent record intact" in as_manager.get(f"/advocates/{ada.id}").text
    assert "All consent records are intact" in verified(acme)
    statement, sentence = TAMPERING[how]
    tampered(superuser, statement, ada)
    page = as_manager.get(f"/advocates/{ada.id}").text
    assert "Consents about single records: " in page
    assert sentence in page
    assert f"{acme.slug}, person {ada.id}: Consents about single records: " in (
        told := verified(acme, ends=1)
    )
    assert sentence in told


def test_a_guests_chain_is_checked_too(acme: World, dinner: Account, superuser: psycopg.Connection) -> None:
    peter = guest()
    agrees(acme, peter, dinner, words(acme))
    at_night(acme)
    superuser.execute("DELETE FROM record_consents WHERE contact_id = %s", [peter.contact_id])
    superuser.commit()
    assert (
        f"{acme.slug}, contact {peter.contact_id}: Consents about single records: Entries were removed"
        in (verified(acme, ends=1))
    )


def test_a_chain_written_anew_is_no_longer_the_one_of_its_anchor(
    acme: World, ada: Advocate, dinner: Account, superuser: psycopg.Connection
) -> None:
    chain(acme, ada, dinner)
    tampered(superuser, f"DELETE FROM record_consents {MINE}", ada)
    for _ in range(3):
        agrees(acme, ConsentHolder.of(ada), acme.account(), words(acme))
    at_night(acme)
    assert "The record was rewritten: entry 3 isn’t the same as it was on" in verified(acme, ends=1)


def test_each_chain_that_grew_is_anchored_once_a_night(
    acme: World, globex: World, ada: Advocate, dinner: Account, run_jobs: Jobs, travel: Travel
) -> None:
    peter, photos = guest(), words(acme)
    agrees(acme, peter, dinner, photos)
    agrees(acme, ConsentHolder.of(ada), dinner, photos)
    agrees(globex, guest(), globex.account(), words(globex))
    run_jobs()
    takes_back(acme, peter, dinner)
    travel(days=1)
    run_jobs()
    with acme.session() as session:
        columns = RecordConsentAnchor.advocate_id, RecordConsentAnchor.contact_id, RecordConsentAnchor.length
        kept = {tuple(row) for row in session.execute(select(*columns))}
    assert kept == {(ada.id, None, 1), (None, peter.contact_id, 1), (None, peter.contact_id, 2)}


def erased(world: World, person: Advocate) -> int:
    with world.session() as session:
        return actions.erase(session, session.get_one(Advocate, (world.tenant_id, person.id)))


def test_only_erasure_takes_the_person_out_and_only_of_the_erased(
    acme: World, globex: World, ada: Advocate, dinner: Account
) -> None:
    chain(acme, ada, dinner)
    bo, peter = acme.advocate(consents=[]), guest()
    for who in (ConsentHolder.of(bo), peter):
        agrees(acme, who, dinner, words(acme))
    assert erased(acme, ada) == 0, "she is still with us"
    with acme.session() as session:
        session.get_one(Advocate, (acme.tenant_id, ada.id)).state = AdvocateState.ERASED
    with globex.session() as session:
        assert actions.erase(session, ada) == 0, "nobody erases over the wall"
    assert (erased(acme, ada), erased(acme, ada)) == (3, 0)
    assert "intact" in verified(acme)
    with acme.session() as session:
        lines = session.scalars(select(RecordConsent)).all()
    assert {(line.holder_id, line.personal is None, line.salt is None) for line in lines} == {
        (ada.id, True, True),
        (bo.id, False, False),
        (peter.contact_id, False, False),
    }
