"""A manager brings a file in, page by page."""

import io
import re

import openpyxl
from sqlalchemy import select

from jobs import imports as job
from portal.accounts.models import Account
from portal.imports.models import Import, State
from tests.client import Client
from tests.imports.files import Desk, csv_of, people_file, person
from tests.world import World


def send(client: Client, content: bytes, name: str = "report.csv") -> str:
    """Upload, and the address of the page that follows."""
    answer = client.post(
        "/imports", {"file": (io.BytesIO(content), name)}, content_type="multipart/form-data"
    )
    assert answer.status_code == 303, re.sub(r"<[^>]+>", " ", answer.text)
    return answer.location


def filled(page: str) -> dict[str, str]:
    """What the form of a page would send as it stands."""
    selects = re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL)
    chosen = {name: re.search(r'<option selected value="([^"]*)"', options) for name, options in selects}
    answers = {name: found[1] for name, found in chosen.items() if found}
    return answers | dict(re.findall(r'type="radio" name="([^"]+)" value="([^"]+)" checked', page))


def test_from_the_file_to_the_result(as_manager: Client, acme: World) -> None:
    assert "No files yet" in as_manager.get("/imports").text
    columns = send(as_manager, people_file(person(), person("nobody at all"), person("joan@wabtec.example")))
    page = as_manager.get(columns).text
    answers = filled(page)
    assert (answers["email"], answers["date_format"], answers["decimal_mark"]) == ("3", "mdy", ".")

    check = as_manager.follow(as_manager.post(columns, answers))
    assert "2 of 3 lines can be imported" in check.text
    assert "Import 2 lines" in check.text
    with acme.session() as session:
        this = session.scalars(select(Import)).one()
    running = as_manager.follow(as_manager.post(f"/imports/{this.id}/run"))
    assert "0 of 3 lines read" in running.text
    polled = as_manager.get(f"/imports/{this.id}/progress", headers={"HX-Request": "true"})
    assert "hx-get" in polled.text

    job.work()
    polled = as_manager.get(f"/imports/{this.id}/progress", headers={"HX-Request": "true"})
    assert polled.headers["HX-Redirect"] == f"/{acme.slug}/imports/{this.id}"
    result = as_manager.get(f"/imports/{this.id}").text
    assert "2 people came in" in result
    assert "nobody at all" in as_manager.get(f"/imports/{this.id}?outcome=refused").text
    assert "report.csv" in as_manager.get("/imports").text


def test_days_that_can_be_read_two_ways_are_asked_about(as_manager: Client) -> None:
    columns = send(as_manager, people_file(person(Renewal_Date="03/04/2027")))
    answers = filled(as_manager.get(columns).text)
    assert "date_format" not in answers
    refused = as_manager.post(columns, answers)
    assert refused.status_code == 422
    assert "can be read two ways" in refused.text
    assert as_manager.post(columns, answers | {"date_format": "dmy"}).status_code == 303


def test_what_a_column_means_is_remembered(as_manager: Client) -> None:
    file = csv_of(("Who", "Reach them at", "Since"), ("Ada Lindqvist", "ada@wabtec.example", "x"))
    columns = send(as_manager, file)
    page = as_manager.get(f"{columns}?kind=people").text
    assert 'name="email"' in page
    answers = {"email": "1", "full_name": "0", "decimal_mark": "."}
    assert as_manager.post(f"{columns}?kind=people", {}).status_code == 422
    assert as_manager.post(f"{columns}?kind=people", answers).status_code == 303

    again = as_manager.get(send(as_manager, file) + "?kind=people").text
    assert filled(again) | answers == filled(again)


def test_what_is_no_table_is_refused_with_the_reason_and_nothing_is_kept(
    as_manager: Client, acme: World
) -> None:
    wide = csv_of([f"Column {n}" for n in range(200)], ["x"] * 200)
    bad = {
        "empty": b"",
        "no table": b"Dear Sir,\n\nplease find attached nothing.\n",
        "200 columns": wide,
        "NUL": b"Email,Name\nada@x.example,A\0da\n" * 10,
        "zip": b"PK\x05\x06" + b"\0" * 18,
        "picture": b"\x89PNG\r\n\x1a\n" + b"\0" * 50,
        "picture as table": b"PK\x03\x04 not really",
    }
    for what, content in bad.items():
        answer = as_manager.post(
            "/imports", {"file": (io.BytesIO(content), "x.csv")}, content_type="multipart/form-data"
        )
        assert answer.status_code == 422, what
        assert 'class="gw-error"' in answer.text, what
    with acme.session() as session:
        assert session.scalars(select(Import)).all() == []


def test_a_finished_import_is_not_changed_by_an_old_page(desk: Desk, acme: World) -> None:
    client, done = acme.signed_in(as_member=desk.manager), desk.take_in(people_file(person()))
    acts = ("run", "columns", "removal")
    assert {client.post(f"/imports/{done.id}/{act}").status_code for act in acts} <= {400, 409}
    assert acme.reload(done).state == State.DONE


def test_a_workbook_asks_which_sheet(as_manager: Client, acme: World) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Account Name", "Industry"])
    for name in ("Wabtec", "Corvid"):
        book.active.append([name, "Rail"])
    book.create_sheet("Others").append(["Account Name", "Region"])
    book["Others"].append(["Halden Energi", "EMEA"])
    book.save(file := io.BytesIO())

    columns = send(as_manager, file.getvalue(), "customers.xlsx")
    assert "2 lines in customers.xlsx" in as_manager.get(columns).text
    sheet = columns.replace("/columns", "/sheet")
    assert as_manager.post(sheet, {"sheet": "Nonsense"}).status_code == 400
    page = as_manager.follow(as_manager.post(sheet, {"sheet": "Others"})).text
    assert "1 line in customers.xlsx" in page
    as_manager.post(columns, filled(page))
    as_manager.post(columns.replace("/columns", "/run"))
    job.work()
    with acme.session() as session:
        assert session.scalars(select(Account.name)).all() == ["Halden Energi"]
