"""Amounts, days and ids keep their worth, and what can be read two ways is asked about."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from portal.accounts.models import Account, Deal
from portal.advocates.models import Advocate
from portal.imports import actions, queries
from portal.imports.models import ImportKind, LineOutcome, LineReason
from portal.imports.values.cleaning import UnreadableValue, identifier, money, number
from portal.imports.values.dates import DateFormat, read_day
from portal.imports.values.fields import guess_mapping
from portal.imports.values.numbers import MarkProof, find_decimal_mark, read_amount
from portal.imports.values.person_names import split_name
from tests.client import Client
from tests.imports.files import Importer, csv_of, form_values, import_at
from tests.imports.test_views import after_worker, upload_file
from tests.world import World

DEALS = ("Deal Name", "Account Name", "Amount", "Close Date", "Stage")


def deals(acme: World) -> dict[str, tuple[int | None, str]]:
    with acme.session() as session:
        rows = session.execute(select(Deal.name, Deal.amount_cents, Deal.currency)).all()
    return {name: (cents, currency) for name, cents, currency in rows}


@pytest.mark.parametrize(
    ("written", "amount", "currency"),
    [
        ("$12k", "12000", "USD"),
        ("€3 Mio", "3000000", "EUR"),
        ("USD 250K", "250000", "USD"),
        ("1.2M", "1200000", ""),
        ("3,5 Mrd", "3500000000", ""),
        ("2 bn", "2000000000", ""),
        ("12 Tsd.", "12000", ""),
        ("12 k€", "12000", "EUR"),
        ("250K USD", "250000", "USD"),
        ("Rs. 5 lakh", "500000", "INR"),
        ("12,34,567", "1234567", ""),
        ("1'234.50", "1234.5", ""),
        ("1\u202f234,50", "1234.5", ""),
        ("(1,234.50)", "-1234.5", ""),
        ("1.234,50-", "-1234.5", ""),
        ("١٢٣٤٫٥", "1234.5", ""),
        ("'1234", "1234", ""),
        ("EUR 900.00 (USD 1,000.00)", "900", "EUR"),
    ],
)
def test_an_amount_keeps_its_factor_its_sign_and_its_currency(
    written: str, amount: str, currency: str
) -> None:
    assert read_amount(written, ".") == (Decimal(amount), currency)


@pytest.mark.parametrize(
    "written", ["12 %", "12 T€", "3 Billionen", "12 mil", "1.5E+06", "kr 5", "5k M", "~5", "$$5"]
)
def test_what_is_not_clear_is_refused(written: str) -> None:
    with pytest.raises(UnreadableValue):
        money(written, ".")


@pytest.mark.parametrize(
    ("values", "whole", "found"),
    [
        (["25.000", "7.500"], [], ("", MarkProof.OPEN)),
        (["1,234"], [], ("", MarkProof.OPEN)),
        (["1,234.50", "9,99"], [], ("", MarkProof.OPEN)),  # they contradict each other
        (["25.000", "7,50"], [], (",", MarkProof.PROVEN)),
        (["25.000"], ["1.200"], (",", MarkProof.PROVEN)),  # nobody employs 1.2 people
        (["100", "n/a"], [], (".", MarkProof.NONE)),
        (["0,125"], [], (",", MarkProof.PROVEN)),
    ],
)
def test_values_prove_their_decimal_mark_or_are_asked_about(
    values: list[str], whole: list[str], found: tuple[str, MarkProof]
) -> None:
    assert find_decimal_mark(values, whole) == found


def test_thousands_that_may_be_decimals_are_asked_about(as_manager: Client, acme: World) -> None:
    rows = [("T1", "Heide", "25.000", "31.03.2027", "x"), ("T2", "Heide", "7.500", "30.04.2027", "x")]
    columns = upload_file(as_manager, csv_of(DEALS, *rows, delimiter=";"))
    answers = form_values(as_manager.get(columns).text)
    assert "decimal_mark" not in answers
    assert as_manager.post(columns, answers).status_code == 422
    assert actions.missing_answer(import_at(acme, columns))
    checked = after_worker(as_manager, as_manager.post(columns, answers | {"decimal_mark": ","}))
    assert "25,000.00" in checked


def test_a_column_named_later_is_asked_about_too(as_manager: Client) -> None:
    rows = [("T1", "Heide", "x", "25.000")]
    columns = upload_file(as_manager, csv_of(("Deal Name", "Account Name", "Stage", "Volumen"), *rows))
    answers = form_values(as_manager.get(columns).text) | {"amount_cents": "3"}
    assert as_manager.post(columns, answers).status_code == 422
    asked = answers | {"decimal_mark": ",", "asked_about": "3"}
    assert "25,000.00" in after_worker(as_manager, as_manager.post(columns, asked))


def test_what_the_file_proves_beats_what_was_remembered_and_the_person_is_told(
    as_manager: Client, acme: World
) -> None:
    german = csv_of(DEALS, ("D1", "Tarn", "512,77", "31.12.2026", "Open"), delimiter=";")
    columns = upload_file(as_manager, german)
    as_manager.post(columns, form_values(as_manager.get(columns).text))
    american = csv_of(
        DEALS, ("U1", "Tarn", "3,100", "04/05/2027", "Open"), ("U2", "Tarn", "950.50", "06/07/2027", "x")
    )
    columns = upload_file(as_manager, american)
    page = as_manager.get(columns).text
    answers = form_values(page)
    assert "used another number format" in page
    assert answers["decimal_mark"] == "."
    assert "date_format" not in answers  # who writes amounts in another way may write days in another way
    checked = after_worker(as_manager, as_manager.post(columns, answers | {"date_format": "mdy"}))
    assert "3,100.00" in checked
    assert "2027-04-05" in checked


def test_what_was_remembered_still_answers_what_the_file_leaves_open(as_manager: Client) -> None:
    for amount, days in (("512,77", "31.12.2026"), ("25.000", "04.05.2027")):
        columns = upload_file(as_manager, csv_of(DEALS, ("D1", "Tarn", amount, days, "Open"), delimiter=";"))
        answers = form_values(as_manager.get(columns).text)
        assert (answers["decimal_mark"], answers["date_format"]) == (",", "dmy")
        as_manager.post(columns, answers)


def test_each_amount_has_the_currency_of_the_column_beside_it(importer: Importer, acme: World) -> None:
    header = (
        "Opportunity Name",
        "Account Name",
        "Amount Currency",
        "Amount",
        "Amount (converted) Currency",
        "Amount (converted)",
    )
    done = importer.import_file(
        csv_of(
            header,
            ("Lagoon", "Reef", "GBP", "1,000.00", "USD", "1,270.00"),
            ("Dollar", "Reef", "CAD", "$5.00", "USD", "4.00"),
            ("Odd", "Reef", "GBP", "€7.00", "USD", "8.00"),
            ("Word", "Reef", "British Pound", "9.00", "", ""),
            ("Unknown", "Reef", "Taler", "9.00", "", ""),
        )
    )
    assert deals(acme) == {
        "Lagoon": (100_000, "GBP"),
        "Dollar": (500, "CAD"),
        "Odd": (None, "GBP"),
        "Word": (900, "GBP"),
        "Unknown": (None, ""),
    }
    assert [line[:3] for line in importer.lines(done, LineOutcome.LEFT_OUT)] == [
        (4, "amount_cents", "EUR 7.00, GBP"),
        (6, "amount_cents", "9.00"),
        (6, "currency", "Taler"),
    ]


def test_a_general_currency_column_gives_way_to_the_one_of_the_amount() -> None:
    header = ["Account Name", "Account Currency", "ARR", "ARR Currency"]
    assert guess_mapping(ImportKind.ACCOUNTS, header)["currency"] == 3
    assert guess_mapping(ImportKind.ACCOUNTS, header[:3])["currency"] == 1


def test_days_of_spreadsheets_and_short_years() -> None:
    written = ["46022", "46022.5", "12/31/25", "31-Dec-25", "Dec 31 2025", "2025-12-31T23:30:00Z"]
    assert {read_day(text, DateFormat.MDY).isoformat() for text in written} == {"2025-12-31"}
    for nonsense in ("2026-02-30", "0000-00-00", "123", "99999"):
        with pytest.raises(ValueError, match=r"\w"):
            read_day(nonsense, DateFormat.MDY)
    with pytest.raises(ValueError, match="04/05/2027"):
        read_day("04/05/2027", DateFormat.YMD)


def test_an_id_that_a_spreadsheet_has_shortened_names_nobody(importer: Importer, acme: World) -> None:
    with pytest.raises(UnreadableValue):
        identifier("1.23E+17")
    assert (identifier("00420"), identifier("'-12")) == (("00420",), ("-12",))
    header = ("Account ID", "Account Name")
    importer.import_file(
        csv_of(header, ("9.00000E+15", "Long"), ("9.00000E+15", "Longer"), ("00420", "Zero"))
    )
    with acme.session() as session:
        ids = dict(session.execute(select(Account.name, Account.external_id)).all())
    assert ids == {"Long": "", "Longer": "", "Zero": "00420"}


def test_whole_names_are_split_where_people_split_them() -> None:
    assert split_name("Lindqvist, Åsa") == ("Åsa", "Lindqvist")
    assert split_name("King, Jr., Martin") == ("Martin", "King Jr.")
    assert split_name("Smith, PhD") == ("", "Smith PhD")
    assert split_name("Dr. María José García") == ("María", "José García")
    assert split_name("Jean Pierre de la Cour") == ("Jean Pierre", "de la Cour")
    assert (split_name("Björk"), split_name("王小明")) == (("Björk", ""), ("王小明", ""))


def test_a_whole_name_does_not_move_the_end_of_a_known_first_name(importer: Importer, acme: World) -> None:
    importer.import_file(csv_of(("Email", "First Name", "Last Name"), ("m@x.example", "Mary Ann", "Lee")))
    done = importer.import_file(csv_of(("Email", "Name"), ("m@x.example", "Mary Ann Lee")))
    assert done.counts == {"unchanged": 1}
    done = importer.import_file(csv_of(("Email", "Name"), ("m@x.example", "Marian Lee")))
    assert done.counts == {"updated": 1}


def test_a_known_person_with_another_address_is_not_made_twice(importer: Importer, acme: World) -> None:
    header = ("Contact ID", "Email", "First Name", "Last Name", "Title")
    importer.import_file(csv_of(header, ("003Q", "mara.old@x.example", "Mara", "Kern", "Buyer")))
    done = importer.import_file(csv_of(header, ("003Q", "mara.new@x.example", "Mara", "Kern", "CFO")))
    assert done.counts == {"updated": 1, "conflicting": 1}
    assert importer.lines(done, LineOutcome.CONFLICTING)[0][:3] == (2, "email", "mara.new@x.example")
    other = importer.import_file(csv_of(header, ("003Q", "noor@x.example", "Noor", "Haddad", "CFO")))
    assert other.counts == {"created": 1}
    with acme.session() as session:
        people = dict(session.execute(select(Advocate.email, Advocate.title)).all())
    assert people == {"mara.old@x.example": "CFO", "noor@x.example": "CFO"}


def test_two_deals_of_one_name_are_not_one_deal(importer: Importer, acme: World) -> None:
    header = ("Deal Name", "Account Name", "Amount", "Close Date")
    rows = [("Renewal", "Kestrel", "1000", "2026-01-15"), ("Renewal", "Kestrel", "2000", "2027-01-15")]
    done = importer.import_file(csv_of(header, *rows))
    assert done.counts == {"created": 1, "refused": 1}
    assert deals(acme)["Renewal"][0] == 100_000


def test_a_file_without_headings_loses_no_line(importer: Importer) -> None:
    this = importer.upload(b"una@x.example,Una,Price\r\nvic@x.example,Vic,Quade\r\n")
    assert (this.kind, this.header, this.rows_total) == (
        ImportKind.PEOPLE,
        ["Email", "Column 2", "Column 3"],
        2,
    )
    with importer.acme.session() as session:
        queries.get(session, this.id).mapping = {"email": 0, "first_name": 1, "last_name": 2}
    assert importer.start(this).counts == {"created": 2}


def test_columns_without_a_heading_refuse_nobody(importer: Importer) -> None:
    done = importer.import_file(
        b"Email,,First Name,,\r\nkim@x.example,a,Kim,,\r\nlou@x.example,,Lou,,extra\r\n"
    )
    assert done.counts == {"created": 2}


def test_our_own_export_comes_back_as_it_was(importer: Importer, acme: World) -> None:
    done = importer.import_file(
        csv_of(
            ("Name", "Email", "Title"),
            ("Ada Lind", "a@x.example", "'=2+2"),
            ("Bo", "b@x.example", "'+1 buyer"),
        )
    )
    assert done.counts == {"created": 2}
    with acme.session() as session:
        titles = session.scalars(select(Advocate.title).order_by(Advocate.email)).all()
    assert titles == ["=2+2", "+1 buyer"]


def test_two_addresses_in_a_cell_are_refused_for_that(importer: Importer) -> None:
    header = ("Email", "First Name", "Last Name")
    done = importer.import_file(
        csv_of(header, ("a@x.example; b@x.example", "A", "B"), ("Quo, Ted <g@x.example>", "Ted", "Quo"))
    )
    assert done.counts == {"refused": 1, "created": 1}
    assert importer.lines(done, LineOutcome.REFUSED)[0][3] is LineReason.SEVERAL_ADDRESSES


def test_a_number_of_employees_has_no_fraction() -> None:
    assert number("30.000", ",") == ("30000",)
    with pytest.raises(UnreadableValue):
        number("12.5", ".")
