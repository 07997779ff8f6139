"""What an import changed is read as from and to; the page opens on what needs somebody."""

from sqlalchemy import select

from portal.advocates import address_change_queries
from portal.advocates.models import Advocate
from portal.outreach.preferences import address_transfer_actions
from tests.client import Client
from tests.imports.files import Importer, people_file, person
from tests.world import World


def test_what_changed_says_from_and_to_and_companies_by_their_names(importer: Importer, acme: World) -> None:
    importer.import_file(people_file(person(NPS="")))
    moved = {"Title": "CIO", "NPS": "9", "Account_Name": "Corvid", "Account_ID": "001C"}
    done = importer.import_file(people_file(person(**moved)))
    page = acme.signed_in(as_member=importer.manager).get(f"/imports/{done.id}?outcome=updated").text
    for words in ("Job title: VP IT → CIO", "Company: Wabtec → Corvid", "empty → 9"):
        assert words in page
    file = (
        acme.signed_in(as_member=importer.manager).get(f"/imports/{done.id}/lines.csv?outcome=updated").text
    )
    assert "Company: Wabtec → Corvid" in file


def test_a_result_opens_on_what_needs_work(importer: Importer, acme: World) -> None:
    done = importer.import_file(people_file(person(), person("no address", Contact_ID="003B")))
    client: Client = acme.signed_in(as_member=importer.manager)
    assert "no address" in client.get(f"/imports/{done.id}").text


def test_a_file_that_names_a_former_address_is_about_the_same_person(importer: Importer, acme: World) -> None:
    importer.import_file(people_file(person()))
    with acme.session() as session:
        ada = session.scalars(select(Advocate)).one()
        change = address_transfer_actions.request_change(session, ada, "ada@new.example", by=importer.manager)
    with acme.session() as session:
        address_transfer_actions.confirm_change(session, address_change_queries.get(session, change.id))
    checked = importer.check(importer.upload(people_file(person(Title="CIO")))).check_result or {}
    assert (checked["importable"], checked["existing"]) == (1, 1)
    crm = importer.check(importer.upload(people_file(person("ada@third.example")))).check_result or {}
    assert crm["existing"] == 1, "by id and name"
    done = importer.import_file(people_file(person(Title="CIO")))
    assert done.counts["updated"] == 1
    with acme.session() as session:
        (ada,) = session.scalars(select(Advocate)).all()
        assert (ada.title, ada.email_norm) == ("CIO", "ada@new.example")
