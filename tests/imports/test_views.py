"""A manager brings a file in, page by page."""

import io
import re
from html import unescape

import openpyxl
import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from jobs import imports as job
from portal import policies
from portal.accounts.models import Account
from portal.files import StoredFile
from portal.imports import actions, check, claim, queries
from portal.imports.inspection import reading_choices
from portal.imports.models import Import, ImportFailure, ImportMapping, ImportState
from portal.imports.parsing.errors import UnreadableFile
from portal.imports.policies import LARGEST_FILE
from tenants.models import Role
from tests.client import Client
from tests.imports.files import Importer, csv_of, form_values, import_at, people_file, person, says_why
from tests.world import World


def upload_file(client: Client, content: bytes, name: str = "report.csv") -> str:
    """Upload, a worker's look at it, and the address of the page that follows."""
    answer = client.post(
        "/imports", {"file": (io.BytesIO(content), name)}, content_type="multipart/form-data"
    )
    assert answer.status_code == 303, re.sub(r"<[^>]+>", " ", answer.text)
    assert f"{answer.location}/progress" in client.follow(answer).text
    job.work()
    return client.get(answer.location).location


def after_worker(client: Client, answer: TestResponse) -> str:
    """The page that an answer leads to once a worker has done its part."""
    job.work()
    while answer.status_code in {302, 303}:
        answer = client.follow(answer)
    return answer.text


def test_from_the_file_to_the_result(as_manager: Client, acme: World) -> None:
    assert "report.csv" not in as_manager.get("/imports").text
    columns = upload_file(
        as_manager, people_file(person(), person("nobody at all"), person("joan@wabtec.example"))
    )
    page = as_manager.get(columns).text
    answers = form_values(page)
    assert (answers["email"], answers["date_format"], answers["decimal_mark"]) == ("3", "mdy", ".")

    asked = as_manager.post(columns, answers)
    assert "/progress" in as_manager.follow(as_manager.get(asked.location)).text
    job.work()
    check = as_manager.follow(asked)
    assert "2 of 3 rows can be imported" in check.text
    assert "Import 2 rows" in check.text
    with acme.session() as session:
        this = session.scalars(select(Import)).one()
    running = as_manager.follow(as_manager.post(f"/imports/{this.id}/run"))
    assert "0 of 3 rows read" in running.text
    polled = as_manager.get(f"/imports/{this.id}/progress", headers={"HX-Request": "true"})
    assert "hx-get" in polled.text

    job.work()
    polled = as_manager.get(f"/imports/{this.id}/progress", headers={"HX-Request": "true"})
    assert polled.headers["HX-Redirect"] == f"/{acme.slug}/imports/{this.id}"
    result = as_manager.get(f"/imports/{this.id}").text
    assert "2 people imported" in result
    assert "nobody at all" in as_manager.get(f"/imports/{this.id}?outcome=refused").text
    assert "report.csv" in as_manager.get("/imports").text


def test_days_that_can_be_read_two_ways_are_asked_about(as_manager: Client) -> None:
    columns = upload_file(as_manager, people_file(person(Renewal_Date="03/04/2027")))
    answers = form_values(as_manager.get(columns).text)
    assert "date_format" not in answers
    assert as_manager.post(columns, answers).status_code == 422
    assert as_manager.post(columns, answers | {"date_format": "dmy"}).status_code == 303


def test_the_cell_that_a_question_is_about_is_shown_with_its_line(as_manager: Client) -> None:
    plain = person(Renewal_Date="04/04/2027", Annual_Contract_Value="$5")
    doubtful = person("jo@x.example", Renewal_Date="03/04/2027", Annual_Contract_Value="25.000")
    columns = upload_file(as_manager, people_file(plain, doubtful))
    page = as_manager.get(columns).text
    for words in ("Line 3 says 03/04/2027 (Renewal Date).", "Line 3 says 25.000 (Annual Contract Value)."):
        assert words in page


def test_how_days_and_amounts_are_written_is_asked_where_the_file_has_some(
    as_manager: Client, acme: World
) -> None:
    header = ("Email", "Last Name", "Begun", "Ended")
    columns = upload_file(as_manager, csv_of(header, ("jo@x.example", "Lee", "03/31/2027", "03/04/2027")))
    page = as_manager.get(columns).text
    for words in ("Formats", 'name="date_format"', 'name="decimal_mark"'):
        assert words not in page
    refused = as_manager.post(columns, form_values(page) | {"customer_since": "3"})
    assert (refused.status_code, "Line 2 says 03/04/2027 (Ended)." in refused.text) == (422, True)
    assert as_manager.post(columns, form_values(page) | {"customer_since": "2"}).status_code == 303
    with acme.session() as session:
        assert session.scalars(select(Import)).one().date_format == "mdy"


def test_what_a_column_means_is_remembered(as_manager: Client) -> None:
    file = csv_of(("Who", "Reach them at", "Since"), ("Ada Lindqvist", "ada@wabtec.example", "x"))
    columns = upload_file(as_manager, file)
    page = as_manager.get(f"{columns}?kind=people").text
    assert 'name="email"' in page
    answers = {"email": "1", "full_name": "0"}
    assert as_manager.post(f"{columns}?kind=people", {}).status_code == 422
    assert as_manager.post(f"{columns}?kind=people", answers).status_code == 303
    job.work()

    again = as_manager.get(upload_file(as_manager, file) + "?kind=people").text
    assert form_values(again) | answers == form_values(again)


NO_TABLES = {
    b"": ImportFailure.EMPTY_FILE,
    b"Dear Sir,\n\nplease find attached nothing.\n": ImportFailure.NO_TABLE_FOUND,
    csv_of([f"Column {n}" for n in range(200)], ["x"] * 200): ImportFailure.TOO_MANY_COLUMNS,
    b"Email,Name\nada@x.example,A\0da\n" * 10: ImportFailure.NUL_BYTES_IN_TEXT,
    b"PK\5\6" + b"\0" * 18: ImportFailure.NUL_BYTES,
    b"\x89PNG\r\n\x1a\n" + b"\0" * 50: ImportFailure.PICTURE,
    b"PK\3\4 not really": ImportFailure.NO_TABLE_INSIDE,
}


def test_what_is_no_table_is_said_to_be_none_and_its_bytes_are_not_kept(
    as_manager: Client, acme: World
) -> None:
    for content, failure in NO_TABLES.items():
        file = {"file": (io.BytesIO(content), "x.csv")}
        answer = as_manager.post("/imports", file, content_type="multipart/form-data")
        job.work()
        refused = import_at(acme, f"{answer.location}/")
        assert (refused.state, refused.failure) == (ImportState.UNREADABLE, failure)
        page = as_manager.get(answer.location).text
        assert says_why(page, refused)
        assert "Nothing was imported, and the file wasn’t kept." in unescape(page)
    with acme.session() as session:
        assert session.scalars(select(StoredFile)).all() == []
    assert as_manager.post(f"{answer.location}/removal").status_code == 303


def test_a_file_over_the_limit_is_refused_on_its_way_in(importer: Importer, acme: World) -> None:
    with acme.session() as session:
        policies.change(session, LARGEST_FILE, 1, by=acme.member(Role.ADMIN))
    content = b"a,b\n" * 300_000
    with pytest.raises(UnreadableFile) as refusal:
        importer.upload(content)
    assert (refusal.value.failure, refusal.value.params) == (ImportFailure.FILE_TOO_LARGE, {"most": 1})
    form = {"file": (io.BytesIO(content), "report.csv")}
    client = acme.signed_in(as_member=importer.manager)
    answer = client.post("/imports", form, content_type="multipart/form-data")
    assert (answer.status_code, "larger than 1 MB" in answer.text) == (422, True)
    with acme.session() as session:
        assert [*session.scalars(select(Import)), *session.scalars(select(StoredFile))] == []


def test_a_line_without_end_is_no_line(importer: Importer) -> None:
    refused = importer.upload(b"Email,Name\n" + b"a," * 1_500_000)
    assert (refused.state, refused.failure) == (ImportState.UNREADABLE, ImportFailure.LINE_TOO_LONG)
    assert refused.failure_params == {"line": 2}


def test_a_finished_import_is_not_changed_by_an_old_page(importer: Importer, acme: World) -> None:
    client, done = acme.signed_in(as_member=importer.manager), importer.import_file(people_file(person()))
    acts = ("run", "columns", "removal")
    assert {client.post(f"/imports/{done.id}/{act}").status_code for act in acts} <= {400, 409}
    assert acme.reload(done).state == ImportState.DONE


def test_the_button_of_a_page_imports_only_what_that_page_showed(as_manager: Client, acme: World) -> None:
    content = csv_of(
        ("Email", "First Name"), ("i@x.example", "Işıl"), ("s@x.example", "Şule"), encoding="cp1254"
    )
    columns = upload_file(as_manager, content)
    encoding, run = (columns.replace("columns", step) for step in ("encoding", "run"))
    after_worker(as_manager, as_manager.post(encoding, {"encoding": "cp1254"}))
    assert as_manager.post(run).status_code == 409, "nobody has seen its lines yet"
    seen = shown_version(
        after_worker(as_manager, as_manager.post(columns, form_values(as_manager.get(columns).text)))
    )

    after_worker(as_manager, as_manager.post(encoding, {"encoding": "cp1252"}))
    assert as_manager.post(run, {"version": seen}).status_code == 409
    now = shown_version(
        after_worker(as_manager, as_manager.post(columns, form_values(as_manager.get(columns).text)))
    )
    assert as_manager.post(run, {"version": seen}).status_code == 409
    assert as_manager.post(run, {"version": now}).status_code == 303


def shown_version(page: str) -> str:
    return str(re.findall(r'name="version" value="(\d+)"', page)[0])


def test_a_choice_in_which_a_file_cannot_be_read_leaves_it_as_it_was(as_manager: Client, acme: World) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Account Name", "Industry"])
    book.active.append(["Wabtec", "Rail"])
    book.create_sheet("Wide").append([f"Column {n}" for n in range(200)])
    book.save(file := io.BytesIO())
    columns = upload_file(as_manager, file.getvalue(), "customers.xlsx")
    check = after_worker(as_manager, as_manager.post(columns, form_values(as_manager.get(columns).text)))

    stays = after_worker(as_manager, as_manager.post(columns.replace("columns", "sheet"), {"sheet": "Wide"}))
    this = import_at(acme, columns)
    assert this.failure is ImportFailure.TOO_MANY_COLUMNS
    assert (says_why(stays, this), says_why(check, this)) == (True, False)
    after_worker(
        as_manager, as_manager.post(columns.replace("columns", "run"), {"version": shown_version(stays)})
    )
    with acme.session() as session:
        assert session.scalars(select(Account.name)).all() == ["Wabtec"]


def test_what_is_remembered_is_not_a_choice_in_which_nothing_could_be_read(
    importer: Importer, acme: World
) -> None:
    content = csv_of(("Email", "First Name"), ("i@x.example", "Işıl"), encoding="cp1254")
    this = importer.upload(content)
    other = next(name for name, _ in this.diagnostics["examples"] if name != this.encoding)
    with acme.session() as session:
        seen = queries.get(session, this.id)
        actions.choose_encoding(session, seen, other)
        seen.tries = claim.TRIES
    job.work()
    stays = acme.reload(this)
    assert (stays.state, stays.encoding, stays.file_id) == (ImportState.UPLOADED, this.encoding, this.file_id)
    assert not reading_choices.is_encoding_confirmed(stays)
    with acme.session() as session:
        assert session.scalars(select(ImportMapping.encoding)).all() == [""]


def test_a_long_file_is_not_promised_whole(as_manager: Client, acme: World) -> None:
    head, *companies = [("Account Name",), *((f"Customer {n}",) for n in range(check.MAX_LINES + 1))]
    for rows, promise in (
        (companies, "The first 20,000 rows can be imported"),
        (companies[:2], "Every row can be imported"),
    ):
        columns = upload_file(as_manager, csv_of(head, *rows))
        answers = form_values(as_manager.get(columns).text)
        assert promise in after_worker(as_manager, as_manager.post(columns, answers))


def test_a_hidden_sheet_is_offered_last_and_called_hidden(as_manager: Client) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Account Name", "Industry"])
    book.active.append(["Wabtec", "Rail"])
    old = book.create_sheet("Old", 0)
    old.sheet_state = "hidden"
    for name in ("Account Name", "Corvid", "Halden Energi"):
        old.append([name])
    book.save(file := io.BytesIO())

    page = as_manager.get(upload_file(as_manager, file.getvalue(), "customers.xlsx")).text
    offered = re.findall(r'<option value="(Sheet|Old)"( selected)?>([^<]*)</option>', page)
    assert offered == [("Sheet", " selected", "Sheet"), ("Old", "", "Old (hidden)")]


def test_a_workbook_asks_which_sheet(as_manager: Client, acme: World) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Account Name", "Industry"])
    for name in ("Wabtec", "Corvid"):
        book.active.append([name, "Rail"])
    book.create_sheet("Others").append(["Account Name"])
    book["Others"].append(["Halden Energi"])
    book.save(file := io.BytesIO())
    columns = upload_file(as_manager, file.getvalue(), "customers.xlsx")
    sheet = columns.replace("/columns", "/sheet")
    assert as_manager.post(sheet, {"sheet": "Nonsense"}).status_code == 400
    chosen = as_manager.post(sheet, {"sheet": "Others"})
    job.work()
    page = as_manager.get(as_manager.get(chosen.location).location).text
    as_manager.post(columns, form_values(page))
    job.work()
    as_manager.post(columns.replace("/columns", "/run"))
    job.work()
    with acme.session() as session:
        assert session.scalars(select(Account.name)).all() == ["Halden Energi"]
