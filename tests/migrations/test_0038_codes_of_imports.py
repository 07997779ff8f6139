"""The migration that made codes of the sentences in imports: what a sentence said is still said, both ways."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import psycopg
import pytest
from alembic import command
from psycopg.types.json import Jsonb

from portal.cli import alembic_config, owner_connection, upgrade_database
from portal.demo import embedded
from portal.imports import check, labels
from portal.imports.models import ImportFailure, LineReason
from portal.settings import Settings
from tests.migrations.conftest import begin_at
from tests.migrations.test_0025_mailbox_keys import Old

BEFORE = "0037"
AGREED = "Gave consent here on 2026-01-02, but the file still says opted out, so they stay suppressed. "
OTHER = "An earlier line's “100 %” was kept."
RESULTS: dict[str, tuple[str | None, dict[str, str] | None]] = {
    "": (None, None),
    "Repeats an earlier row.": ("repeated", None),
    "No emails from now on: the address doesn’t work.": ("bounced", None),
    AGREED + "No calls from now on.": ("opted_out_of_calls", {"agreed_on": "2026-01-02"}),
    AGREED + OTHER: ("earlier", {"text": AGREED + OTHER}),
    OTHER: ("earlier", {"text": OTHER}),
}
LEFT_OUT = [
    {"column": "nps", "value": "x", "reason": "An NPS score is a whole number from 0 to 10."},
    {"column": "nps", "value": "y", "reason": OTHER},
]
DAMAGED = "The sheet “100 %” of this workbook is damaged. Open the file, save it again and upload that."
GAVE_UP = "It failed five times, and nothing was imported. Please contact us with the name of the file."
FAILURES: dict[str, tuple[str | None, dict[str, str]]] = {
    "": (None, {}),
    GAVE_UP: ("gave_up", {}),
    DAMAGED: ("earlier", {"text": DAMAGED}),
}


@pytest.fixture
def spare(postgres: str, settings: Settings) -> Iterator[Settings]:
    embedded.make_database(postgres, "sentences")
    urls = (settings.database_url, settings.database_owner_url)
    served, owned = (f"{url.rsplit('/', 1)[0]}/sentences" for url in urls)
    yield replace(settings, database_url=served, database_owner_url=owned)
    embedded.drop_database(postgres, "sentences")


def line(number: int, reason: str, **facts: object) -> dict[str, Any]:
    """As a check kept it with its import."""
    own = {"number": number, "cells": [], "outcome": None, "column": "", "value": "", "left_out": []}
    return own | facts | {"reason": reason}


class Workspace:
    """Imports of one workspace as the release before wrote them."""

    def __init__(self, old: Old, tenant: UUID, email: str) -> None:
        self.old, self.connection, self.own = old, old.connection, {"tenant_id": tenant}
        by = {"kind": "people", "by_id": old.member(tenant, email, old.user(email))}
        done = old.row("imports", **self.own, **by, state="done")
        self.results = [
            old.row("import_results", **self.own, import_id=done, line=2, outcome="kept", reason=reason)
            for reason in RESULTS
        ]
        row = {"import_id": done, "line": 2, "outcome": "skipped", "reason": "Empty row."}
        self.row = old.row("import_rows", **self.own, **row, left_out=Jsonb(LEFT_OUT))
        self.imports = [
            old.row("imports", **self.own, **by, state="failed", status_reason=reason) for reason in FAILURES
        ]
        found = check.to_json(check.ImportCheck()) | {
            "first": [line(2, "", left_out=LEFT_OUT)],
            "problems": [line(3, "This value is required.", outcome="refused"), line(4, OTHER)],
        }
        checked = {"state": "uploaded", "check_result": Jsonb(found)}
        self.checked = old.row("imports", **self.own, **by, **checked)

    def contents(self) -> list[Any]:
        """All that the release before can read."""
        read = self.old.keys
        return [
            read("import_results", *self.results, column="reason"),
            read("import_rows", self.row, column="reason"),
            read("import_rows", self.row, column="left_out"),
            read("imports", *self.imports, column="status_reason"),
            read("imports", self.checked, column="check_result"),
        ]

    def codes(self, table: str, ids: list[UUID], code: str, params: str) -> list[tuple[Any, Any]]:
        read = self.old.keys
        return list(zip(read(table, *ids, column=code), read(table, *ids, column=params), strict=True))


def test_sentences_become_codes_and_come_back(spare: Settings, postgres: str) -> None:
    begin_at(spare, postgres, BEFORE)
    with psycopg.connect(f"{postgres.rsplit('/', 1)[0]}/sentences", autocommit=True) as connection:
        connection.prepare_threshold = None  # the types of columns change below a statement that was prepared
        old = Old(connection)
        workspaces = [
            Workspace(old, tenant, f"{name}@x.example") for name, tenant in (("a", old.one), ("b", old.two))
        ]
        before = [each.contents() for each in workspaces]
        for _time in range(2):
            upgrade_database(spare)
            for each in workspaces:
                is_in_codes(each)
            with owner_connection(spare) as owner:
                command.downgrade(alembic_config(owner), BEFORE)
            assert [each.contents() for each in workspaces] == before


def is_in_codes(workspace: Workspace) -> None:
    results = workspace.codes("import_results", workspace.results, "reason", "reason_params")
    assert results == list(RESULTS.values())
    failures = workspace.codes("imports", workspace.imports, "failure", "failure_params")
    assert failures == list(FAILURES.values())
    assert workspace.codes("import_rows", [workspace.row], "reason", "reason_params") == [("empty_row", None)]
    (left_out,) = workspace.old.keys("import_rows", workspace.row, column="left_out")
    assert [
        labels.reason_text(LineReason(each["reason"]), each.get("reason_params")) for each in left_out
    ] == [each["reason"] for each in LEFT_OUT]
    says_the_same(workspace, failures)


def says_the_same(workspace: Workspace, failures: list[tuple[Any, Any]]) -> None:
    told = [labels.failure_text(ImportFailure(code), params) for code, params in failures if code]
    assert told == [words for words in FAILURES if words]
    (kept,) = workspace.old.keys("imports", workspace.checked, column="check_result")
    found = check.from_json(kept)
    assert [each.reason for each in found.problems] == [LineReason.VALUE_MISSING, LineReason.EARLIER]
    assert found.problems[1].reason_params == {"text": OTHER}
    assert [each["reason"] for each in found.first[0].left_out] == ["not_a_score", "earlier"]
