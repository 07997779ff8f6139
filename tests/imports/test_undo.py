"""Taking an import back."""

from html import unescape

from sqlalchemy import func, select

from jobs import imports as job
from portal.accounts.models import Account
from portal.advocates import queries
from portal.advocates.models import Advocate
from portal.asks.models import Ask, AskKind, AskState
from portal.imports import actions, claim, labels
from portal.imports.models import (
    Import,
    ImportFailure,
    ImportResult,
    ImportRow,
    ImportState,
    LineOutcome,
    LineReason,
)
from portal.workspace.models import AddressCollision, CollisionTable
from tenants.clock import utc_now
from tests.client import Client
from tests.fixture_types import Travel
from tests.imports.files import Importer, people_file, person, says_why
from tests.world import World


def test_undo_puts_back_every_value_and_removes_what_is_new(importer: Importer, acme: World) -> None:
    importer.import_file(people_file(person()))
    before = _all(acme)
    second = importer.import_file(
        people_file(
            person(Title="CIO", Employees="5", NPS="1"),
            person("new@corvid.example", Account_Name="Corvid", Account_ID="001C"),
        )
    )
    assert _all(acme) != before
    undone = importer.undo(second)

    assert (undone.state, undone.counts["restored"], undone.counts["deleted"]) == (ImportState.UNDONE, 2, 2)
    assert _all(acme) == before


def test_what_was_edited_or_asked_since_is_kept_and_listed(importer: Importer, acme: World) -> None:
    done = importer.import_file(
        people_file(person(), person("grace@wabtec.example"), person("joan@wabtec.example"))
    )
    with acme.session() as session:
        people = {one.email: one for one in session.scalars(select(Advocate))}
        people["ada@wabtec.example"].title = "Chief of all"
        session.add(_ask(people["grace@wabtec.example"]))
    undone = importer.undo(done)

    assert (undone.counts["deleted"], undone.counts["kept"]) == (1, 3)
    assert sorted((value, reason) for _, _, value, reason in importer.lines(done, LineOutcome.KEPT)) == [
        ("Wabtec", LineReason.CONTACTED_SINCE),
        ("ada@wabtec.example", LineReason.EDITED_SINCE),
        ("grace@wabtec.example", LineReason.CONTACTED_SINCE),
    ]
    with acme.session() as session:
        left = set(session.scalars(select(Advocate.email)))
    assert left == {"ada@wabtec.example", "grace@wabtec.example"}


def test_who_shared_a_mailbox_and_is_taken_back_leaves_nothing_to_decide(
    importer: Importer, acme: World
) -> None:
    done = importer.import_file(people_file(person("ada@xn--strae-oqa.example"), person("jo@wabtec.example")))
    kept = acme.advocate(email="ada@straße.example", email_norm="ada@straße.example", first_name="Ada")
    with acme.session() as session:
        ada, jo = session.scalars(select(Advocate).where(Advocate.id != kept.id).order_by(Advocate.email))
        orphan, half = (
            AddressCollision(subject_type=CollisionTable.ADVOCATES, subject_id=subject, other_id=other)
            for subject, other in ((jo.id, kept.id), (kept.id, ada.id))
        )
        session.add_all([orphan, half])
    importer.undo(done)
    client = acme.signed_in(as_member=importer.manager)
    assert "/address-collisions" in client.get("/").text
    assert client.post(f"/address-collisions/{orphan.id}/resolution", {"keep": "first"}).status_code == 409

    assert client.get("/address-collisions").text.count("/resolution") == 1
    assert client.post(f"/address-collisions/{half.id}/resolution", {"keep": "first"}).status_code == 303
    with acme.session() as session:
        found = queries.by_address(session, "ada@straße.example")
        assert found is not None
        assert found.id == kept.id
    assert "/address-collisions" not in client.get("/").text


def test_after_thirty_days_original_and_lines_are_gone_and_undo_ends(
    importer: Importer, acme: World, travel: Travel
) -> None:
    done = importer.import_file(people_file(person()))
    travel(days=31)
    with acme.session() as session:
        actions.clean_up(session)
    done = acme.reload(done)
    client = acme.signed_in(as_member=importer.manager)

    assert (done.file_id, done.counts["created"]) == (None, 1)
    with acme.session() as session:
        assert [
            session.scalar(select(func.count()).select_from(each)) for each in (ImportRow, ImportResult)
        ] == [0, 0]
    assert client.post(f"/imports/{done.id}/undoing").status_code == 400
    assert "/undoing" not in client.get(f"/imports/{done.id}").text


def test_what_cannot_be_taken_back_stays_after_five_tries_and_says_why(
    importer: Importer, acme: World
) -> None:
    importer.import_file(people_file(person()))
    second = importer.import_file(people_file(person(Employees="5")))
    everybody = select(ImportResult).where(ImportResult.import_id == second.id)
    with acme.session() as session:
        for line in session.scalars(everybody.where(ImportResult.before.is_not(None))):
            line.before = dict.fromkeys(line.before or {}, "no such value")
    importer.undo(second)
    for _ in range(claim.TRIES):
        job.work()
    left = acme.reload(second)

    assert (left.state, left.ended_at) == (ImportState.DONE, second.ended_at)
    assert left.failure is ImportFailure.UNDO_GAVE_UP
    page = acme.signed_in(as_member=importer.manager).get(f"/imports/{second.id}").text
    assert says_why(page, left)


def test_undo_twice_is_one_undo(importer: Importer, acme: World) -> None:
    done = importer.import_file(people_file(person()))
    client = acme.signed_in(as_member=importer.manager)
    assert [client.post(f"/imports/{done.id}/undoing").status_code for _ in range(2)] == [303, 409]
    assert isinstance(acme.reload(done), Import)


def _all(acme: World) -> list[tuple[object, ...]]:
    with acme.session() as session:
        people = [tuple(row) for row in session.execute(select(Advocate.__table__).order_by(Advocate.email))]
        companies = [tuple(row) for row in session.execute(select(Account.__table__).order_by(Account.name))]
    return people + companies


def _ask(advocate: Advocate) -> Ask:
    return Ask(
        kind=AskKind.CALL,
        advocate_id=advocate.id,
        account_id=advocate.account_id,
        subject_type="reference_requests",
        subject_id=advocate.id,
        minutes=20,
        due_on=utc_now().date(),
        state=AskState.SENT,
        sent_at=utc_now(),
    )


def test_what_was_taken_back_opens_on_what_is_true_now(importer: Importer, as_manager: Client) -> None:
    done = importer.undo(importer.import_file(people_file(person(), person("nobody at all"))))
    page = as_manager.get(f"/imports/{done.id}").text
    assert str(labels.OUTCOME_HINTS[LineOutcome.REFUSED]) in unescape(page)
    past = as_manager.get(f"/imports/{done.id}?outcome=created").text
    assert "This was the result before the import was undone." in past
    assert str(labels.OUTCOME_HINTS[LineOutcome.CREATED]) not in page + past


def test_of_what_was_taken_back_whole_no_list_is_open(importer: Importer, as_manager: Client) -> None:
    done = importer.undo(importer.import_file(people_file(person())))
    page = as_manager.get(f"/imports/{done.id}").text
    assert ("Nothing from this import remains." in page, "ada@wabtec.example" in page) == (True, False)
