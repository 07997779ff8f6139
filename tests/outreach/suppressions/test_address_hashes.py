"""One mailbox, however its address is spelled, is one person: found, counted, and left alone if it asked for that."""

from collections.abc import Sequence
from uuid import UUID

import idna
import pytest
from sqlalchemy import func, select

from portal.advocates import queries as advocates
from portal.advocates.email_domains import account_of_address
from portal.advocates.models import Advocate
from portal.declarations.email_kinds import EmailClass
from portal.errors import Conflict
from portal.imports.models import LineOutcome, LineReason
from portal.outreach.models import Email
from portal.outreach.suppressions import actions, queries
from portal.outreach.suppressions.address_hashes import address_hash
from portal.outreach.suppressions.models import Suppression, SuppressionReason
from portal.secrets import keyed_hash
from portal.signin import memberships
from tenants.models import Membership, Role
from tests.client import Client
from tests.fixture_types import Jobs
from tests.imports.files import Importer, people_file, person
from tests.mailbox import Mailbox
from tests.outreach.messages.stored_emails import email
from tests.outreach.recipients import email_to, suppressions_of, unsubscribe_address
from tests.present import present
from tests.signin.sign_in_emails import newest
from tests.world import World

SHARP, PUNY, OTHER = "ada@straße.example", "ada@xn--strae-oqa.example", "ada@strasse.example"
SPELLINGS = [SHARP, PUNY, "ADA@STRAẞE.example", "ada@straße。example", f"{PUNY}."]


def older_row(
    world: World,
    spelling: str,
    reason: SuppressionReason = SuppressionReason.BOUNCED,
    purpose: str = "",
    address: str | None = None,
) -> Suppression:
    """As it was kept before: under the hash of what was typed, in small letters."""
    kept = {
        "address_hash": keyed_hash(str(world.tenant_id), spelling.lower()),
        "address": address,
        "note": "older",
    }
    with world.session() as session:
        row = Suppression(reason=reason, purpose=purpose, **kept)
        session.add(row)
    return row


def in_force(world: World) -> Sequence[Suppression]:
    with world.session() as session:
        return session.scalars(select(Suppression).where(Suppression.lifted_at.is_(None))).all()


@pytest.mark.parametrize("before", [SHARP, PUNY, "ada@straße。example"])
def test_what_was_suppressed_before_holds_for_every_spelling(acme: World, before: str) -> None:
    older_row(acme, before)
    for spelling in SPELLINGS:
        assert suppressions_of(acme, spelling) == {("bounced", "")}
    assert suppressions_of(acme, OTHER) == set()


def test_what_is_suppressed_now_is_kept_once_under_the_new_form(acme: World) -> None:
    older_row(acme, SHARP)
    with acme.session() as session:
        assert [actions.suppress(session, each, SuppressionReason.BOUNCED) for each in SPELLINGS] == [
            None
        ] * 5
        assert actions.suppress(session, SHARP, SuppressionReason.COMPLAINED)
        assert [actions.suppress(session, each, SuppressionReason.COMPLAINED) for each in SPELLINGS] == [
            None
        ] * 5
        new = session.scalars(
            select(Suppression).where(Suppression.reason == SuppressionReason.COMPLAINED)
        ).one()
        assert new.address_hash == address_hash(session, PUNY) == keyed_hash(str(acme.tenant_id), PUNY)
        assert new.address == SHARP
    assert len(in_force(acme)) == 2


def test_lifting_one_lifts_its_twin_of_another_spelling(acme: World) -> None:
    manager = acme.member(Role.MANAGER)
    first, twin = older_row(acme, SHARP, address=SHARP), older_row(acme, PUNY, address=PUNY)
    complaint = older_row(acme, PUNY, SuppressionReason.COMPLAINED, address=PUNY)
    with acme.session() as session:
        actions.lift(session, queries.lock_suppression(session, first.id), by=manager, note="He called.")
    assert acme.reload(twin).lifted_at
    assert suppressions_of(acme, SHARP) == {("complained", "")}
    assert acme.reload(complaint).lifted_at is None


def test_erasure_leaves_nothing_readable_of_any_spelling(acme: World) -> None:
    rows = [older_row(acme, each, address=each) for each in (SHARP, PUNY)]
    with acme.session() as session:
        actions.erase_address(session, PUNY)
    assert [acme.reload(row).address for row in rows] == [None, None]
    assert {reason for reason, _ in suppressions_of(acme, SHARP)} == {"bounced", "erased"}


def test_one_click_in_an_email_ends_it_for_every_spelling(acme: World, client: Client) -> None:
    sent = email_to(acme, None, to=SHARP, email_class=EmailClass.INVITATION)
    assert client.post(unsubscribe_address(sent), outside=True).status_code == 200
    for spelling in SPELLINGS:
        assert suppressions_of(acme, spelling) == {("unsubscribed", "")}
    assert suppressions_of(acme, OTHER) == set()


def test_an_email_is_held_for_what_was_said_of_another_spelling(
    acme: World, run_jobs: Jobs, mailbox: Mailbox
) -> None:
    older_row(acme, SHARP, SuppressionReason.BY_HAND)
    for address in (PUNY, "ADA@STRAẞE.example", OTHER):
        email(acme, to=address)
    run_jobs()
    assert [each.recipient for each in mailbox.all()] == [OTHER]
    with acme.session() as session:
        assert {each.recipient_norm for each in session.scalars(select(Email))} == {PUNY, OTHER}


def test_somebody_comes_in_by_any_spelling(acme: World, client: Client) -> None:
    email = f"rep@straße-{acme.slug}.example"
    rep = acme.member(Role.REP, email=email)
    travels = f"REP@{idna.encode(email.partition('@')[2]).decode().upper()}"
    answer = client.post(f"/sign-in/{acme.slug}", {"email": f"{travels}."}, outside=True)
    assert email in client.get(answer.location, outside=True).text
    assert client.post(newest(email).link, outside=True).location == f"/{acme.slug}/"
    with acme.session() as session, pytest.raises(Conflict):
        memberships.invite(session, travels, "Ada", [Role.REP])
    assert members_of(acme, rep.user_id) == 1


@pytest.mark.parametrize("nowhere", ["ada@😀.example", "ada@xn--zzzzzz.example", f"ada@{'ä' * 60}.example"])
def test_an_address_at_no_domain_is_refused_with_a_sentence_and_kept(
    acme: World, as_manager: Client, client: Client, nowhere: str
) -> None:
    pages = [
        (client, f"/join/{acme.slug}", True, {"name": "Ada", "company": "Wabtec"}),
        (client, "/sign-in", True, {}),
        (as_manager, "/emails/suppressed", False, {"note": "She called."}),
    ]
    for visitor, path, outside, more in pages:
        answer = visitor.post(path, {"email": nowhere, "address": nowhere} | more, outside=outside)
        assert answer.status_code == 422
        assert "delivered to this domain" in answer.text
        assert nowhere in answer.text


def test_an_import_finds_the_person_by_any_spelling(acme: World) -> None:
    ada, importer = acme.advocate(email=SHARP), Importer(acme)
    lines = [person(each, First_Name=f"Ada{number}") for number, each in enumerate(SPELLINGS)]
    done = importer.import_file(people_file(*lines, person(OTHER), person("ada@😀.example")))
    ((line, _, value, why),) = importer.lines(done, LineOutcome.REFUSED)
    assert (line, value, why) == (8, "ada@😀.example", LineReason.UNDELIVERABLE_DOMAIN)
    with acme.session() as session:
        known = session.scalars(select(Advocate).order_by(Advocate.email)).all()
        assert [each.email for each in known] == [OTHER, SHARP]
        assert {present(advocates.by_address(session, each)).id for each in SPELLINGS} == {ada.id}


def test_a_colleague_of_any_spelling_belongs_to_the_company(acme: World) -> None:
    company = acme.advocate(email=SHARP).account_id
    with acme.session() as session:
        assert (
            account_of_address(session, "bo@STRAẞE.example.") == account_of_address(session, PUNY) == company
        )
        assert account_of_address(session, OTHER) is None


def members_of(world: World, user_id: UUID) -> int:
    with world.session() as session:
        return present(session.scalar(select(func.count()).where(Membership.user_id == user_id)))
