"""A folder of files as they really come, through the pages; each with what is right."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from jobs import imports as job
from portal.advocates.models import Advocate
from portal.imports.models import Import
from tests.client import Client
from tests.imports.files import form_values
from tests.imports.test_views import upload_file
from tests.world import World

CASES: dict[
    str, tuple[dict[str, str], dict[str, int]]
] = {  # what a person answers, what becomes of the lines
    "e03-cp1250-polish.csv": ({"encoding": "cp1250"}, {"created": 2}),
    "e04-cp1251-cyrillic.csv": ({"encoding": "cp1251"}, {"created": 1}),
    "e11-unclosed-quote.csv": ({}, {"created": 5}),
    "e13-no-last-newline-blank-rows.csv": ({}, {"created": 2, "skipped": 2}),
    "e14-no-header.csv": ({"first_name": "1", "last_name": "2", "company": "3"}, {"created": 3}),
    "e18-empty-and-many-columns.csv": ({}, {"created": 1}),
    "e19-empty-headers.csv": ({}, {"created": 2}),
    "e22a-good-utf8.csv": ({}, {"created": 20}),
    "e22b-same-plus-one-bad-byte.csv": ({"encoding": "utf-8"}, {"unchanged": 20, "created": 1}),
    "e23-unclosed-quote-200-people.csv": ({}, {"created": 200}),
    "g04-opt-out-columns.csv": ({}, {"created": 2}),
    "g06-company-spellings.csv": ({}, {"created": 9, "unchanged": 6}),
    "g09a-before.csv": ({}, {"created": 2}),
    "g09b-after.csv": ({}, {"updated": 2, "created": 1}),
    "g11-deals-same-name.csv": ({}, {"created": 2, "refused": 1}),
    "g12a-contact-id.csv": ({}, {"created": 1}),
    "g12b-contact-id-new-address.csv": ({}, {"unchanged": 1}),
    "g13a-first-and-last.csv": ({}, {"created": 2}),
    "g13b-name-only.csv": ({}, {"unchanged": 2}),
    "m02-wrong-in-the-middle.csv": ({}, {"created": 3, "refused": 6}),
    "m03-many-in-one-cell.csv": ({}, {"created": 3, "refused": 4}),
    "n03-serials-and-two-digit.csv": ({}, {"created": 8}),
    "n04-long-ids.csv": ({}, {"created": 3}),
    "n08a-german-file.csv": ({}, {"created": 1}),
    "n08b-us-file-same-headers.csv": ({"date_format": "mdy"}, {"created": 3}),
    "n09-salesforce-multicurrency.csv": ({}, {"created": 2, "skipped": 1}),
    "n10-amounts-with-k-and-m.csv": ({}, {"created": 5}),
    "n11-german-thousands-fresh.csv": ({"decimal_mark": ","}, {"created": 3}),
    "p01-name-orders.csv": ({}, {"created": 7}),
    "p02-joiners.csv": ({}, {"created": 5}),
    "r01-own-export-back.csv": ({}, {"created": 4}),
    "x01-merged-hidden-leadingzeros.xlsx": ({"date_format": "mdy"}, {"created": 3, "skipped": 1}),
}
NAMES = {
    "lukasz.z@zrodlo.example": ("Łukasz", "Żółciński"),
    "agnieszka@zrodlo.example": ("Agnieszka", "Świątek"),
    "olga@sever.example": ("Ольга", "Щербакова"),
    "siri19@bergtek.example": ("Sïri19", "Bjørnø"),
    "tor@bergtek.example": ("Tor", ""),
}
OF_LINES = {"created", "updated", "unchanged", "refused", "skipped"}
ASKED = {
    *("e03-cp1250-polish.csv", "e04-cp1251-cyrillic.csv", "e22b-same-plus-one-bad-byte.csv"),
    *("n08b-us-file-same-headers.csv", "n11-german-thousands-fresh.csv"),
    "x01-merged-hidden-leadingzeros.xlsx",
}


def test_every_line_of_every_file_is_accounted_for(as_manager: Client, acme: World, shared: Path) -> None:
    folder = shared / "cases" / "imports"
    if not folder.is_dir():
        pytest.skip("../shared/cases/imports is absent: this test reads the files there")
    became = {
        name: import_case(as_manager, acme, folder / name, answers) for name, (answers, _) in CASES.items()
    }
    assert {name: counts for name, (counts, _) in became.items()} == {
        name: right for name, (_, right) in CASES.items()
    }
    assert [name for name, (counts, lines) in became.items() if sum(counts.values()) != lines] == []
    with acme.session() as session:
        people = session.scalars(select(Advocate).where(Advocate.email_norm.in_(NAMES))).all()
        assert {each.email_norm: (each.first_name, each.last_name) for each in people} == NAMES


def import_case(
    client: Client, acme: World, file: Path, answers: dict[str, str]
) -> tuple[dict[str, Any], int]:
    columns = upload_file(client, file.read_bytes(), file.name)
    found = form_values(client.get(columns).text)
    if file.name in ASKED:
        assert client.post(columns, found).status_code == 422, file.name
    if "encoding" in answers:
        client.post(columns.replace("columns", "encoding"), {"encoding": answers["encoding"]})
        job.process_import(acme.tenant_id, UUID(columns.split("/")[-2]))
    assert client.post(columns, found | answers).status_code == 303, file.name
    job.process_import(acme.tenant_id, UUID(columns.split("/")[-2]))
    client.post(columns.replace("columns", "run"))
    job.process_import(acme.tenant_id, UUID(columns.split("/")[-2]))
    with acme.session() as session:
        done = session.scalars(select(Import).order_by(Import.id.desc()).limit(1)).one()
    return {name: count for name, count in done.counts.items() if name in OF_LINES}, done.rows_total
