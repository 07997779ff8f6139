"""Addresses that get no emails: found by whoever knows them, read by nobody from the hash, lifted with a reason."""

from typing import Any

import psycopg
import pytest
from sqlalchemy import event, select, text
from uuid_utils.compat import uuid7

from portal.declarations.email_kinds import EmailClass
from portal.errors import Conflict
from portal.outreach.suppressions import actions, queries
from portal.outreach.suppressions.address_hashes import address_hash
from portal.outreach.suppressions.blocking import blocking_reason
from portal.outreach.suppressions.models import HARD_REASONS, Suppression, SuppressionReason
from tenants.models import Role
from tests.client import Client
from tests.outreach.recipients import email_to, suppressions_of
from tests.present import present
from tests.rules.query_counter import statements
from tests.world import World

GONE = "gone@wabtec.example"


def suppress(
    world: World, address: str = GONE, reason: SuppressionReason = SuppressionReason.BOUNCED, **facts: Any
) -> Suppression | None:
    with world.session() as session:
        return actions.suppress(session, address, reason, **facts)


def test_saying_it_twice_leaves_the_first(acme: World) -> None:
    first = present(suppress(acme, note="550 no such user"))
    assert suppress(acme, " Gone@WABTEC.example ") is None
    assert suppressions_of(acme, GONE) == {("bounced", "")}
    assert acme.reload(first).note == "550 no such user"


@pytest.mark.parametrize("email_class", EmailClass)
def test_hard_reasons_hold_every_email_and_unsubscribing_only_what_nobody_asked_for(
    email_class: EmailClass,
) -> None:
    for reason in HARD_REASONS:
        assert blocking_reason([(reason, "")], email_class, "calls") is reason
    is_held = email_class is not EmailClass.TRANSACTIONAL
    for about, purpose, expected in (("", "calls", True), ("calls", "calls", True), ("news", "calls", False)):
        found = blocking_reason([(SuppressionReason.UNSUBSCRIBED, about)], email_class, purpose)
        assert (found is SuppressionReason.UNSUBSCRIBED) == (is_held and expected)
    assert (
        blocking_reason(
            [(SuppressionReason.UNSUBSCRIBED, ""), (SuppressionReason.BOUNCED, "")], email_class, ""
        )
        is SuppressionReason.BOUNCED
    )


def test_a_thousand_addresses_are_one_question_to_an_index(
    acme: World, superuser: psycopg.Connection
) -> None:
    suppress(acme)
    superuser.execute(
        "DELETE FROM suppressions WHERE tenant_id <> %s", (acme.tenant_id,)
    )  # whatever ran before
    superuser.execute(
        """INSERT INTO suppressions (tenant_id, id, address_hash, purpose, reason, note, created_at)
            SELECT %s, gen_random_uuid(), md5(n::text), '', 'bounced', '', now() FROM generate_series(1, 20000) n""",
        (acme.tenant_id,),
    )
    superuser.execute("ANALYZE suppressions")
    superuser.commit()
    asked = [f"reader{number}@wabtec.example" for number in range(999)] + [GONE.upper()]
    with acme.session() as session, statements() as sent:
        assert queries.active_suppressions(session, asked) == {GONE: [(SuppressionReason.BOUNCED, "")]}
    assert len(sent) == 1
    with acme.session() as session:
        session.execute(text("SET LOCAL enable_seqscan = off"))
        plans = []
        connection = session.connection()
        event.listen(
            connection, "before_cursor_execute", lambda *told: plans.append((told[2], told[3])), named=False
        )
        queries.active_suppressions(session, asked)
        cursor = connection.connection.cursor()
        statement, parameters = plans[0]
        plan = "\n".join(row[0] for row in cursor.execute(f"EXPLAIN {statement}", parameters).fetchall())
    assert "Seq Scan" not in plan
    # Before 17, a thousand keys cost more than reading the workspace's own rows.
    if superuser.info.server_version >= 170000:
        assert "uq_suppressions_in_force" in plan
        assert "address_hash = ANY" in plan.partition("Index Cond")[2].partition("\n")[0]


def test_two_workspaces_cannot_compare_whom_they_do_not_write_to(acme: World, globex: World) -> None:
    suppress(acme)
    with acme.session() as ours, globex.session() as theirs:
        assert address_hash(ours, GONE) != address_hash(theirs, GONE)
    assert suppressions_of(globex, GONE) == set()


def test_an_erased_address_is_never_written_to_though_nobody_can_read_it(
    acme: World, superuser: psycopg.Connection, as_manager: Client
) -> None:
    email = email_to(acme, None, to=GONE)
    suppress(acme, email_id=email.id, note="Ada of Wabtec")
    with acme.session() as session:
        actions.lift(
            session,
            session.scalars(select(Suppression)).one(),
            by=as_manager.member,
            note="Ada says it works",
        )
        actions.erase_address(session, GONE)
        actions.erase_address(session, GONE)
    assert suppressions_of(acme, GONE) == {("erased", "")}
    suppress(acme, reason=SuppressionReason.COMPLAINED)
    for table in ("suppressions", "history"):
        kept = superuser.execute(f"SELECT t::text FROM {table} t WHERE tenant_id = %s", (acme.tenant_id,))
        assert not [row for (row,) in kept if "wabtec" in row.lower() or "Ada" in row]
    page = as_manager.get(f"/emails/suppressed?to={GONE}").text
    assert "An erased address" in page, "whoever knows the address finds it"


def test_what_a_person_said_is_not_lifted_by_a_manager(acme: World, as_manager: Client) -> None:
    for reason in (SuppressionReason.COMPLAINED, SuppressionReason.ERASED, SuppressionReason.UNSUBSCRIBED):
        row = present(suppress(acme, reason=reason))
        with pytest.raises(Conflict), acme.session() as session:
            actions.lift(
                session, queries.lock_suppression(session, row.id), by=as_manager.member, note="Please"
            )
        assert "Allow emails again" not in as_manager.get(f"/emails/suppressed/{row.id}").text
        assert as_manager.post(f"/emails/suppressed/{row.id}/end", {"note": "Please"}).status_code == 409


def test_an_address_that_works_again_is_lifted_with_a_reason_that_stays(
    acme: World, as_manager: Client
) -> None:
    row = present(suppress(acme))
    assert as_manager.post(f"/emails/suppressed/{row.id}/end", {"note": " "}).status_code == 422
    assert suppressions_of(acme, GONE) == {("bounced", "")}
    done = as_manager.post(f"/emails/suppressed/{row.id}/end", {"note": "They moved mail servers"})
    assert "They moved mail servers" in as_manager.follow(done).text
    assert suppressions_of(acme, GONE) == set()
    assert as_manager.post(f"/emails/suppressed/{row.id}/end", {"note": "Once more"}).status_code == 409
    assert GONE in as_manager.get("/emails/suppressed?view=lifted").text
    assert suppress(acme) is not None, "it can bounce again"


def test_a_manager_who_was_told_so_enters_an_address(acme: World, as_manager: Client) -> None:
    told = {"address": "Peter@Initech.example", "note": "Asked on the phone"}
    page = as_manager.follow(as_manager.post("/emails/suppressed", told)).text
    assert "Peter@Initech.example is suppressed." in page
    assert "Asked on the phone" in page
    assert suppressions_of(acme, "peter@initech.example") == {("by_hand", "")}
    again = as_manager.follow(as_manager.post("/emails/suppressed", told | {"note": "Twice"})).text
    assert "was already suppressed" in again
    for wrong in ({"address": "peter"}, {"note": ""}, {"address": "a@b.example\nc@d.example"}):
        assert as_manager.post("/emails/suppressed", told | wrong).status_code == 422


def test_nobody_locks_a_colleague_out_that_way(acme: World, as_manager: Client) -> None:
    admin = acme.member(Role.ADMIN)
    answer = as_manager.post("/emails/suppressed", {"address": admin.email.upper(), "note": "Bye"})
    assert answer.status_code == 422
    assert "no longer be able to sign in" in answer.text
    assert suppressions_of(acme, admin.email) == set()


def test_an_address_is_found_by_the_whole_of_it(acme: World, as_manager: Client) -> None:
    suppress(acme, "ada@wabtec.example", SuppressionReason.COMPLAINED)
    suppress(acme)
    page = as_manager.get("/emails/suppressed?to=ADA@wabtec.example").text
    assert "Marked as spam" in page
    assert GONE not in page
    assert (
        "tom@wabtec.example isn’t suppressed"
        in as_manager.get("/emails/suppressed?to=tom@wabtec.example").text
    )


def test_long_lists_turn_their_pages_in_few_questions(acme: World, as_manager: Client) -> None:
    assert "No addresses are suppressed" in as_manager.get("/emails/suppressed").text
    for number in range(30):
        suppress(acme, f"reader{number}@wabtec.example", email_id=email_to(acme, None).id)
    with statements() as sent:
        first = as_manager.get("/emails/suppressed").text
    assert len(sent) <= 8, sent
    assert ("reader29@" in first, "reader0@" in first) == (True, False)
    older = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "reader0@" in as_manager.get(older, outside=True).text


def test_the_page_leads_to_the_email_but_never_to_a_sign_in_email(acme: World, as_manager: Client) -> None:
    shown, hidden = email_to(acme, None), email_to(acme, None, kind="sign_in")
    for email in (shown, hidden):
        row = present(suppress(acme, f"{email.id}@wabtec.example", email_id=email.id))
        page = as_manager.get(f"/emails/suppressed/{row.id}").text
        assert (f"/emails/{email.id}" in page) == (email is shown)


def test_the_persons_page_says_that_emails_do_not_reach_them(acme: World, as_manager: Client) -> None:
    ada = acme.advocate()
    with statements() as before:
        assert "Gets no emails" not in as_manager.get(f"/advocates/{ada.id}").text
    suppress(acme, ada.email, SuppressionReason.UNSUBSCRIBED, purpose="calls")
    assert "Unsubscribed from: calls." in as_manager.get(f"/advocates/{ada.id}").text
    suppress(acme, ada.email, SuppressionReason.BOUNCED)
    with statements() as sent:
        page = as_manager.get(f"/advocates/{ada.id}").text
    assert "Gets no emails: the address bounced." in page
    assert len(sent) <= len(before), sent


def test_it_is_for_managers_of_this_workspace_alone(
    acme: World, globex: World, as_rep: Client, as_manager: Client
) -> None:
    theirs = present(suppress(globex))
    assert as_rep.get("/emails/suppressed").status_code == 403
    for one in (theirs.id, uuid7()):
        assert as_manager.get(f"/emails/suppressed/{one}").status_code == 404
        assert as_manager.post(f"/emails/suppressed/{one}/end", {"note": "x"}).status_code == 404
    assert GONE not in as_manager.get("/emails/suppressed").text
