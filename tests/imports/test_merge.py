"""What lines become: identity, conflicts, refusals, and nothing lost to a blank."""

from datetime import UTC, datetime
from typing import Any

from psycopg import Connection
from sqlalchemy import select

from jobs import names
from jobs.imports import ANALYZE_AFTER
from portal.accounts.models import Account, Deal
from portal.advocates.models import Advocate
from portal.imports.models import LineOutcome, LineReason
from portal.name_search import begins_with, is_named, search_text
from tenants.models import Role
from tests.imports.files import Importer, csv_of, people_file, person
from tests.waiting import eventually
from tests.world import World

O = LineOutcome  # noqa: E741


def test_a_person_comes_with_the_company_its_region_and_what_the_title_says(
    importer: Importer, acme: World
) -> None:
    sam = acme.member(Role.OWNER, email="Sam@Goodword.example")
    done = importer.import_file(people_file(person()))

    assert done.counts == {"created": 1, "company_created": 1}
    with acme.session() as session:
        ada, wabtec = session.scalars(select(Advocate)).one(), session.scalars(select(Account)).one()
    assert (ada.name, ada.name_sort, ada.seniority, ada.persona, ada.nps) == (
        "Ada Lindqvist",
        "lindqvist ada",
        "vp",
        "it",
        9,
    )
    assert (ada.account_id, ada.state, ada.provenance, ada.products) == (
        wabtec.id,
        "candidate",
        "imported",
        ["Ledger", "Flow"],
    )
    assert (wabtec.region, ada.time_zone) == ("NA", "America/New_York")
    assert (wabtec.arr_cents, wabtec.currency, str(wabtec.renewal_on)) == (2332704, "USD", "2028-02-29")
    assert wabtec.owner_id == sam.id


def test_the_first_line_with_a_value_wins_and_the_others_are_counted(importer: Importer, acme: World) -> None:
    done = importer.import_file(
        people_file(
            person(Employees="n/a"),
            person("grace@wabtec.example", Employees="31000", Title="CFO"),
            person("ADA@wabtec.example", Employees="30000", Title="CIO", NPS=""),
        )
    )

    assert done.counts == {"created": 2, "unchanged": 1, "conflicting": 2, "company_created": 1}
    conflicts = importer.lines(done, O.CONFLICTING)
    assert [(line, column, value) for line, column, value, _ in conflicts] == [
        (4, "employees", "30000"),
        (4, "title", "CIO"),
    ]
    with acme.session() as session:
        assert session.scalar(select(Account.employees)) == 31000
        assert (
            session.scalar(select(Advocate.title).where(Advocate.email_norm == "ada@wabtec.example"))
            == "VP IT"
        )


def test_a_later_file_changes_what_it_says_and_blanks_erase_nothing(importer: Importer, acme: World) -> None:
    importer.import_file(people_file(person()))
    done = importer.import_file(people_file(person(Title="CIO", NPS="", Industry="n/a", Employees="31000")))

    assert done.counts == {"updated": 1, "company_updated": 1}
    with acme.session() as session:
        ada, wabtec = session.scalars(select(Advocate)).one(), session.scalars(select(Account)).one()
    assert (ada.title, ada.seniority, ada.nps) == ("CIO", "c_level", 9)
    assert (wabtec.employees, wabtec.industry) == (31000, "Industrials")
    assert (ada.version, wabtec.version) == (2, 2)


def test_a_broken_address_is_refused_and_a_broken_value_is_left_out(importer: Importer) -> None:
    done = importer.import_file(
        people_file(
            person("ada at wabtec.example"),
            person(""),
            person("grace@wabtec.example", NPS="eleven", Renewal_Date="02/31/2028"),
            ["Total", "3 records", *[""] * 13],
            ["Confidential Information - Do Not Distribute"],
        )
    )
    assert done.counts == {"refused": 2, "created": 1, "left_out": 2, "skipped": 2, "company_created": 1}
    assert importer.lines(done, O.REFUSED) == [
        (2, "email", "ada at wabtec.example", LineReason.NOT_AN_ADDRESS),
        (3, "email", "", LineReason.VALUE_MISSING),
    ]
    assert importer.lines(done, O.LEFT_OUT) == [
        (4, "nps", "eleven", LineReason.NOT_A_SCORE),
        (4, "renewal_on", "02/31/2028", LineReason.NOT_A_DATE),
    ]


def test_an_id_that_names_two_companies_is_reported_and_nothing_is_merged(
    importer: Importer, acme: World
) -> None:
    header = ("Account ID", "Account Name", "Industry")
    done = importer.import_file(
        csv_of(header, ("001", "Wabtec", "Rail"), ("001", "Corvid", "Insurance"), ("", "WABTEC ", ""))
    )

    assert done.counts == {"created": 2, "unchanged": 1, "conflicting": 1}
    assert [line[:3] for line in importer.lines(done, O.CONFLICTING)] == [(3, "external_id", "001")]
    with acme.session() as session:
        ids = dict(session.execute(select(Account.name, Account.external_id)).all())
    assert ids == {"Wabtec": "001", "Corvid": ""}

    people = importer.import_file(people_file(person(Account_Name="Halden Energi", Account_ID="001")))
    assert people.counts == {"created": 1, "company_created": 1, "conflicting": 1}


def test_a_deal_is_known_by_its_id_else_by_prospect_and_name(importer: Importer, acme: World) -> None:
    header = ("Opportunity ID", "Opportunity Name", "Prospect", "Stage", "Amount", "Owner Email")
    rep = acme.member(Role.REP, email="noor@goodword.example")
    importer.import_file(
        csv_of(
            header, ("", "Ledger for Initech", "Initech", "Proposal", "1.234,50 €", "NOOR@goodword.example")
        )
    )
    done = importer.import_file(
        csv_of(
            header,
            ("006A", "Ledger for Initech", "INITECH", "Won", "", ""),
            ("006B", "Ledger for Initech", "Initech", "Lost", "$10", "x@goodword.example"),
        )
    )
    assert done.counts == {"updated": 1, "created": 1}
    with acme.session() as session:
        first, second = session.scalars(select(Deal).order_by(Deal.external_id)).all()
    assert (first.external_id, first.stage, first.amount_cents, first.currency) == (
        "006A",
        "Won",
        123450,
        "EUR",
    )
    assert (first.rep_id, second.rep_id, second.rep_email) == (rep.id, None, "x@goodword.example")


def test_a_formula_in_a_name_is_text_and_is_defused_on_its_way_out(importer: Importer, acme: World) -> None:
    done = importer.import_file(
        people_file(person(Last_Name='=HYPERLINK("http://x")', Account_Name="@SUM(A1)", Email="no"))
    )
    client = acme.signed_in(as_member=importer.manager)
    page = client.get(f"/imports/{done.id}/lines.csv?outcome=refused").text
    assert done.counts == {"refused": 1}
    assert ",no,," in page

    named = importer.import_file(csv_of(("Account Name", "Industry"), ("=1+1", "Rail")))
    download = client.get(f"/imports/{named.id}/lines.csv?outcome=created").text
    assert "'=1+1" in download


def test_after_a_big_file_postgres_knows_at_once_how_many_there_are(
    importer: Importer, superuser: Connection
) -> None:
    """Autovacuum counts as well, but never as `last_analyze`."""
    before = datetime.now(UTC)
    importer.import_file(
        people_file(*(person(f"p{number}@wabtec.example") for number in range(ANALYZE_AFTER)))
    )

    def measured() -> bool:
        found = superuser.execute("SELECT last_analyze FROM pg_stat_user_tables WHERE relname = 'advocates'")
        row = found.fetchone()
        return bool(row and row[0] and row[0] > before)

    eventually(measured)


def test_whoever_was_imported_is_found_whatever_the_accents(importer: Importer, acme: World) -> None:
    """The folded names are written with the rows, and are those that Python would write."""
    juergen = {
        "First_Name": "Jürgen",
        "Last_Name": "Müller",
        "Account_Name": "Großmann & Söhne",
        "Account_ID": "",
    }
    importer.import_file(people_file(person(), person("jm@gs.example", **juergen)))
    with acme.session() as session:
        assert session.scalars(select(Advocate.last_name).where(is_named(Advocate, "mueller"))).all() == [
            "Müller"
        ]
        assert session.scalars(select(Account.name).where(is_named(Account, "gross soehne"))).all() == [
            "Großmann & Söhne"
        ]
    renamed = juergen | {"First_Name": "", "Last_Name": "O’Brien"}
    importer.import_file(people_file(person("jm@gs.example", **renamed)))
    importer.import_file(csv_of(("Deal Name", "Prospect Company", "Stage"), ("Début", "Nestlé", "Open")))
    names.fold_due()  # of whom a file tells one name of two
    with acme.session() as session:
        rows: list[Any] = [
            row for model in (Advocate, Account, Deal) for row in session.scalars(select(model))
        ]
        folded = [search_text(getattr(row, name) for name in row.name_columns()) for row in rows]
        assert [row.search_text for row in rows] == folded
        assert session.scalars(select(Advocate.last_name).where(is_named(Advocate, "obrien"))).all() == [
            "O’Brien"
        ]
        assert session.scalars(select(Deal.prospect).where(begins_with(Deal, "nestle"))).all() == ["Nestlé"]


def test_an_import_that_is_undone_brings_the_folded_names_back(importer: Importer, acme: World) -> None:
    importer.import_file(people_file(person(Last_Name="Müller")))
    done = importer.import_file(people_file(person(First_Name="", Last_Name="Løve")))
    names.fold_due()
    assert importer.undo(done).counts["restored"] == 1
    with acme.session() as session:
        assert session.scalars(select(Advocate.search_text)).all() == [" muller mueller ada"]
