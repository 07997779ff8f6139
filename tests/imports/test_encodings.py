"""Names come in as they are written, whatever wrote the file; what can't be read never takes their place."""

import io
import re

import pytest
from sqlalchemy import select

from portal.advocates.models import Advocate
from portal.imports.models import ImportFailure, LineOutcome, LineReason
from portal.imports.parsing.file_sniffer import FileSniffer
from tests.client import Client
from tests.imports.files import Importer, csv_of, form_values, import_at
from tests.imports.test_views import after_worker, upload_file
from tests.world import World

HEADER = ("Email", "First Name", "Last Name")
PEOPLE = {
    "cp1252": [("Jürgen", "Müller"), ("Bjørn", "Groß"), ("Zoë", "Núñez")],
    "cp1250": [("Łukasz", "Żółciński"), ("Agnieszka", "Świątek"), ("Jiří", "Dvořák")],
    "cp1251": [("Ольга", "Щербакова"), ("Пётр", "Ильин")],
    "cp932": [("花子", "山田"), ("太郎", "鈴木")],
    "cp1253": [("Γιώργος", "Παπαδόπουλος")],
    "gb18030": [("小明", "王"), ("伟", "张")],
    "euc_kr": [("민수", "김"), ("지영", "박")],
    "cp1257": [("Živilė", "Kazlauskienė"), ("Jūratė", "Šimkutė")],
    "utf-8": [("Siân", "O’Brien"), ("Łukasz", "Żółciński")],
    "utf-16": [("Łukasz", "Żółciński"), ("花子", "山田")],
    "utf-16-le": [("花子", "山田"), ("太郎", "鈴木")],
    "utf-16-be": [("Ольга", "Щербакова")],
    "utf-32": [("Jürgen", "Müller")],
}


def file_of(encoding: str, delimiter: str = ",") -> bytes:
    rows = [(f"p{at}@x.example", *names) for at, names in enumerate(PEOPLE[encoding])]
    return csv_of(HEADER, *rows, encoding=encoding, delimiter=delimiter)


def offered(page: str) -> dict[str, str]:
    """The encodings that somebody may choose on this page, and how each button stands."""
    return dict(re.findall(r'type="radio" name="encoding" value="([^"]+)"([^>]*)>', page))


def names(acme: World) -> list[tuple[str, str]]:
    with acme.session() as session:
        rows = session.execute(select(Advocate.first_name, Advocate.last_name).order_by(Advocate.email)).all()
    return [(first, last) for first, last in rows]


@pytest.mark.parametrize("encoding", PEOPLE)
def test_each_encoding_is_understood(encoding: str) -> None:
    for delimiter in ",;\t":
        content = file_of(encoding, delimiter)
        heard = FileSniffer(io.BytesIO(content))
        while heard.read(7):
            pass
        assert content.decode(heard.encoding()) == content.decode(encoding)


def test_one_wrong_byte_in_a_good_file_damages_one_value_and_overwrites_nobody(
    importer: Importer, acme: World
) -> None:
    good = file_of("utf-8")
    importer.import_file(good)
    kept = names(acme)
    done = importer.import_file(
        good + b"tor@x.example,Tor,Dahl" + b"\xe9\r\n" + b"p1@x.example,\xc5,\xff\r\n"
    )

    assert done.encoding == "utf-8"
    assert names(acme) == [*kept, ("Tor", "")]
    assert [(line, column, why) for line, column, _, why in importer.lines(done, LineOutcome.LEFT_OUT)] == [
        (4, "last_name", LineReason.NOT_DECODED),
        (5, "first_name", LineReason.NOT_DECODED),
        (5, "last_name", LineReason.NOT_DECODED),
    ]


def test_a_wrong_byte_behind_the_first_megabyte_is_found_too(importer: Importer, acme: World) -> None:
    rows = [(f"p{n:05}@x.example", "Łukasz", "Świątek") for n in range(30_000)]
    content = csv_of(HEADER, *rows, encoding="utf-8") + b"z@x.example,Zo\xeb,Last\r\n"
    with acme.session():
        this = importer.upload(content)
    assert (this.encoding, this.diagnostics["is_proven"]) == ("utf-8", False)


NULS = [
    b"E-Mail,\0Name\nada@x.example,\0Ada\n",
    "E-Mail,\0Имя\no@x.example,Ольга Щербакова\np@x.example,Пётр\n".encode(),
]
DEVANAGARI = "नाम,उपनाम\nअदिति,शर्मा\nरोहन,वर्मा\n"


@pytest.mark.parametrize("content", NULS)
def test_nul_bytes_between_letters_are_told_as_what_they_are(importer: Importer, content: bytes) -> None:
    refused = importer.upload(content)
    assert (refused.failure, refused.failure_params) == (ImportFailure.NUL_BYTES_IN_TEXT, {"line": 1})


@pytest.mark.parametrize("text", [DEVANAGARI, "名,姓\n花子,山田\n上上,中半\n", "Name,Ort\nJörg,Köln\n"])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_known_by_its_line_ends(text: str, encoding: str) -> None:
    heard = FileSniffer(io.BytesIO(text.encode(encoding)))
    heard.read()
    assert heard.encoding() == encoding


def test_a_damaged_address_refuses_its_line(importer: Importer) -> None:
    done = importer.import_file(file_of("utf-8") + b"t\xe9o@x.example,Theo,Last\r\n")
    assert done.counts == {"created": 2, "refused": 1}


def test_what_an_earlier_tool_had_damaged_does_not_come_in_either(importer: Importer, acme: World) -> None:
    importer.import_file(file_of("cp1252"))
    importer.import_file(csv_of(HEADER, ("p0@x.example", "J\ufffdrgen", "M\ufffdller")))
    assert names(acme)[0] == ("Jürgen", "Müller")


def test_three_names_are_shown_and_the_person_chooses(as_manager: Client, acme: World) -> None:
    content = csv_of(
        HEADER, ("i@x.example", "Işıl", "Yağız"), ("s@x.example", "Şule", "Çağ"), encoding="cp1254"
    )
    columns = upload_file(as_manager, content)
    page = as_manager.get(columns).text
    assert "Işıl, Yağız, Şule" in page
    assert "Iþýl, Yaðýz, Þule" in page
    assert {"cp1254", "cp1252"} <= offered(page).keys()
    assert set(offered(page).values()) == {" required"}, "none is chosen for them"
    assert as_manager.post(columns, form_values(page)).status_code == 422
    choice = columns.replace("columns", "encoding")
    assert as_manager.post(choice, {"encoding": "utf-7"}).status_code == 400
    chosen = after_worker(as_manager, as_manager.post(choice, {"encoding": "cp1254"}))
    assert chosen.index("Işıl, Yağız, Şule") < chosen.index("Iþýl, Yaðýz, Þule")
    assert offered(chosen)["cp1254"] == " checked"
    assert as_manager.post(columns, form_values(chosen)).status_code == 303

    again = upload_file(as_manager, content)
    assert import_at(acme, again).encoding == "cp1254"
    assert as_manager.post(again, form_values(as_manager.get(again).text)).status_code == 303


def test_what_was_said_of_one_file_does_not_spoil_another_with_the_same_headings(
    as_manager: Client, acme: World
) -> None:
    for encoding in ("cp1250", "cp1251", "utf-8"):
        content = file_of(encoding) + b"tor@x.example,Tor,Dahl\xe9\r\n"
        columns = upload_file(as_manager, content)
        assert import_at(acme, columns).encoding == encoding
        page = as_manager.get(columns).text
        assert as_manager.post(columns, form_values(page)).status_code == 422
        as_manager.post(columns.replace("columns", "encoding"), {"encoding": encoding})
        assert as_manager.post(columns, form_values(page)).status_code == 303


def test_what_the_bytes_prove_is_not_asked_about(as_manager: Client) -> None:
    page = as_manager.get(upload_file(as_manager, file_of("utf-8"))).text
    assert "Siân, O’Brien, Łukasz" in page
    assert offered(page) == {}


def test_joiners_stay_in_names_and_invisible_signs_do_not(importer: Importer, acme: World) -> None:
    importer.import_file(
        csv_of(
            HEADER,
            ("a@x.example", "مهدی", "علی\u200cپور"),
            ("b@x.example", "Mc\u00adDonald", "\u200fדוד\u200f"),
        )
    )
    assert names(acme) == [("مهدی", "علی\u200cپور"), ("McDonald", "דוד")]
