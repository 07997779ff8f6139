"""Tags and custom fields from files: found by their headings, reported line by line, undone."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import select

from jobs import imports as job
from portal.accounts.models import Account, AccountRelationship
from portal.advocates import queries as advocates
from portal.advocates.models import Advocate
from portal.custom_fields import actions as fields
from portal.custom_fields import queries as custom_fields
from portal.custom_fields.models import CustomFieldType, FieldSubject
from portal.custom_fields.values import FieldValue
from portal.declarations.origin_statement import write_statement
from portal.imports.models import Import, LineOutcome, LineReason
from portal.tags import actions as tag_actions
from portal.tags import queries as tags
from portal.tags.models import FROM_FILE
from tenants.models import Membership, Role
from tests.client import Client
from tests.imports.files import Importer, csv_of, form_values
from tests.world import World

HEADER = ("Email", "Account Name", "Tags", "Size", "Seats", "Since")
OUTCOMES = (LineOutcome.DETAIL_ADDED, LineOutcome.DETAIL_CHANGED, LineOutcome.LEFT_OUT)


@pytest.fixture
def own_fields(acme: World) -> dict[str, UUID]:
    """A choice, a number and a date about people, by their names."""
    kinds = {"Size": CustomFieldType.CHOICE, "Seats": CustomFieldType.NUMBER, "Since": CustomFieldType.DATE}
    with acme.session() as session:
        by, choices = acme.member(Role.ADMIN), ["Small", "Large"]
        return {
            name: fields.create(session, FieldSubject.PERSON, name, kind, choices, by=by).id
            for name, kind in kinds.items()
        }


def imported(client: Client, importer: Importer, content: bytes) -> Import:
    """The columns are confirmed on their page, as a manager does it."""
    this = importer.upload(content)
    page = f"/imports/{this.id}/columns?kind=people"
    assert client.post(page, form_values(client.get(page).text)).status_code == 303
    job.work()
    return importer.start(this)


def details(world: World, email: str) -> tuple[list[str], dict[str, FieldValue]]:
    with world.session() as session:
        ada = advocates.by_address(session, email)
        assert ada
        values = custom_fields.values_of(session, ada)
        return [tag.name for tag in tags.tags_of(session, ada)], {v.field.name: v.value for v in values}


def row(*cells: str) -> list[str]:
    return ["ada@wabtec.example", "Wabtec", *cells]


def test_tags_and_fields_of_a_file_are_found_by_their_headings(
    as_manager: Client, importer: Importer, acme: World, own_fields: dict[str, UUID]
) -> None:
    done = imported(
        as_manager, importer, csv_of(HEADER, row("VIP; Beta", "LARGE ", "1,200.50", "2027-03-01"))
    )
    assert done.counts["detail_added"] == 5
    assert details(acme, "ada@wabtec.example") == (
        ["Beta", "VIP"],
        {"Seats": Decimal("1200.5"), "Since": date(2027, 3, 1), "Size": "Large"},
    )
    with acme.session() as session:
        assert tags.tags_named(session, ["vip"])[0].filled_by == [FROM_FILE]
    page = as_manager.get(f"/imports/{done.id}?outcome=detail_added").text
    for words in ("New tags and fields", "Size", "Large", "Tags", "Beta"):
        assert words in page


def test_what_can_not_be_read_is_left_out_and_the_rest_comes_in(
    as_manager: Client, importer: Importer, acme: World, own_fields: dict[str, UUID]
) -> None:
    with acme.session() as session:
        old = tag_actions.create(session, "Old", by=as_manager.member)
        tag_actions.retire(session, old, by=as_manager.member)
    wrong = row("old; New", "Huge", "many", "someday")
    done = imported(as_manager, importer, csv_of(HEADER, wrong, row("", "Small", "", "")))
    assert importer.lines(done, *OUTCOMES) == [
        (2, "Seats", "many", LineReason.NOT_A_NUMBER),
        (2, "Since", "someday", LineReason.NOT_A_DATE),
        (2, "Size", "Huge", LineReason.NOT_A_CHOICE),
        (2, "tags", "New", None),
        (2, "tags", "old", LineReason.RETIRED_TAG),
        (3, "Size", "Small", None),
    ]
    assert details(acme, "ada@wabtec.example") == (["New"], {"Size": "Small"})


def test_a_second_file_changes_values_and_undo_puts_them_back(
    as_manager: Client, importer: Importer, acme: World, own_fields: dict[str, UUID]
) -> None:
    imported(as_manager, importer, csv_of(HEADER, row("VIP", "Small", "5", "2027-03-01")))
    before = details(acme, "ada@wabtec.example")
    again = imported(
        as_manager, importer, csv_of(HEADER, row("VIP; Beta", "Large", "5", ""), row("", "Small", "7", ""))
    )
    assert (again.counts["detail_added"], again.counts["detail_changed"]) == (1, 1)
    assert details(acme, "ada@wabtec.example")[1]["Size"] == "Large", "the first line wins"
    page = as_manager.get(f"/imports/{again.id}?outcome=detail_changed").text
    assert "Value: Small → Large" in page
    undone = importer.undo(again)
    assert details(acme, "ada@wabtec.example") == before
    assert (undone.counts["deleted"], undone.counts["restored"]) == (0, 0), "no record came or changed"


def test_a_file_that_tags_somebody_or_changes_a_value_ends_what_was_stated_and_so_does_its_undo(
    as_manager: Client, importer: Importer, acme: World, own_fields: dict[str, UUID]
) -> None:
    def state() -> None:
        with acme.session() as session:
            vip, size = tags.tags_named(session, ["VIP"])[0], custom_fields.get(session, own_fields["Size"])
            by = session.get_one(Membership, (acme.tenant_id, as_manager.member.id))
            for thing in (vip, size):
                write_statement(thing, "What the contract says.", by=by)

    def stated() -> list[bool]:
        with acme.session() as session:
            vip, size = tags.tags_named(session, ["VIP"])[0], custom_fields.get(session, own_fields["Size"])
            return [vip.has_statement, size.has_statement]

    first = imported(as_manager, importer, csv_of(HEADER, row("VIP", "Small", "", "")))
    state()
    imported(as_manager, importer, csv_of(HEADER, row("VIP", "Small", "", "")))
    assert stated() == [True, True], "nothing changed"
    imported(as_manager, importer, csv_of(HEADER, row("", "Large", "", "")))
    assert stated() == [True, False]
    state()
    imported(as_manager, importer, csv_of(HEADER, ["bo@wabtec.example", "Wabtec", "VIP", "", "", ""]))
    assert stated() == [False, True]
    state()
    importer.undo(first)
    assert not stated()[0]


def test_people_and_all_they_brought_are_gone_after_an_undo(
    as_manager: Client, importer: Importer, acme: World, own_fields: dict[str, UUID]
) -> None:
    done = imported(as_manager, importer, csv_of(HEADER, row("VIP", "Small", "5", "2027-03-01")))
    importer.undo(done)
    with acme.session() as session:
        assert session.scalars(select(Advocate)).all() == []
        assert session.scalars(select(Account)).all() == []


def test_what_a_company_is_to_us_comes_as_crms_say_it(importer: Importer, acme: World) -> None:
    header = ("Account Name", "Industry", "Account Type", "Tags")
    importer.import_file(
        csv_of(
            header,
            ("Wabtec", "Rail", "Channel Partner / Reseller", "Strategic"),
            ("Corvid", "Insurance", "Prospect", ""),
        )
    )
    with acme.session() as session:
        found = {each.name: each for each in session.scalars(select(Account))}
        assert [tag.name for tag in tags.tags_of(session, found["Wabtec"])] == ["Strategic"]
    assert found["Wabtec"].relationship is AccountRelationship.RESELLER
    assert found["Corvid"].relationship is AccountRelationship.UNKNOWN
