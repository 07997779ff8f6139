"""An upgrade in the middle of a working day: rows of every kind that it touches live on, down and up again, too."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import psycopg
import pytest
from alembic import command

from portal.cli import alembic_config, owner_connection, upgrade_database
from portal.demo import embedded
from portal.settings import Settings
from tests.migrations.conftest import begin_at
from tests.migrations.test_0025_mailbox_keys import BEFORE, DAY, Old

TOUCHED = (
    *("users", "memberships", "advocates", "consent_words", "consent_entries", "history", "letters"),
    *(
        "sequences",
        "sequence_runs",
        "suppressions",
        "stored_files",
        "imports",
        "import_rows",
        "import_results",
    ),
    *("import_mappings", "accounts", "deals", "join_requests", "reference_requests", "asks", "meetings"),
    *("meeting_answers", "sign_in_requests", "mailbox"),
)
NEW_NAMES = {"consent_words": "consent_texts", "letters": "emails"}
WORDS = """
    SELECT quote_ident(a.attname), substring(pg_get_constraintdef(c.oid) from '''([^'']*)''')
    FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND c.conkey = ARRAY[a.attnum]
    WHERE c.conrelid = %s::regclass AND c.contype = 'c' AND a.attnotnull
        AND pg_get_constraintdef(c.oid) LIKE '%%ANY (%%'"""


@pytest.fixture(scope="module")
def spare(postgres: str, settings: Settings) -> Iterator[Settings]:
    embedded.make_database(postgres, "lived")
    urls = (settings.database_url, settings.database_owner_url)
    served, owned = (f"{url.rsplit('/', 1)[0]}/lived" for url in urls)
    yield replace(settings, database_url=served, database_owner_url=owned)
    embedded.drop_database(postgres, "lived")


class Day(Old):
    """One workspace with something of everything, half done."""

    def own(self, table: str, **facts: object) -> UUID:
        """Where a column takes certain words only, the first of them."""
        words = self.connection.execute(WORDS, (table,)).fetchall()
        return self.row(table, tenant_id=self.one, **dict(words) | facts)

    def begins(self) -> None:
        ada = "ada@wabtec.example"
        self.person = self.advocate(self.one, ada)
        self.rep = self.member(self.one, "rep@one.example", self.user("rep@one.example"))
        self.asked = self.row(
            "sign_in_requests", email_norm="rep@one.example", kind="sign_in", browser_hash="b", wanted="/one/"
        )
        self.counted = self.row("sign_in_requests", email_norm="rep@one.example", kind="join")
        self.row("mailbox", recipient="Ada@MÜLLER.example", recipient_norm="ada@müller.example")
        self._consents()
        self._imports()
        self._call()

    def _consents(self) -> None:
        words = self.own("consent_words")
        self.consent = self.own("consent_entries", advocate_id=self.person, words_id=words)
        self.own("history", subject_kind="advocates", subject_id=self.person)
        self.own("suppressions", address_hash="h", reason="bounced", by_id=self.rep)
        self.letter("ada@wabtec.example")
        sequence = self.own("sequences")
        self.own(
            "sequence_runs",
            sequence_id=sequence,
            about_id=self.person,
            next_at=DAY,
            recipient="Ada@MÜLLER.example",
            recipient_norm="ada@müller.example",
        )
        self.own("join_requests", email="Jo@straße.example", email_norm="jo@straße.example")

    def _imports(self) -> None:
        file = self.own("stored_files")
        given = {"kind": "people", "by_id": self.rep}
        self.imports = {
            state: self.own("imports", state=state, file_id=file, **given)
            for state in ("uploaded", "staging", "done", "failed", "undone")
        }
        self.result = self.own(
            "import_results",
            import_id=self.imports["done"],
            line=2,
            outcome="created",
            target="advocates",
            target_id=self.person,
        )
        self.own("import_rows", import_id=self.imports["staging"], line=2, cells=["Ada"])
        self.own("import_mappings")

    def _call(self) -> None:
        self.own("accounts")
        self.own("deals")
        self.calls = []
        for number in (1, 2):
            wanted = {"requester_id": self.rep, "kind": "call", "state": "scheduled", "number": number}
            request = self.own("reference_requests", **wanted, submitted_at=DAY)
            about = {"served_kind": "reference_requests", "served_id": request, "kind": "call", "minutes": 20}
            ask = self.own("asks", advocate_id=self.person, **about, state="accepted", sent_at=DAY)
            of = {"request_id": request, "ask_id": ask, "minutes": 20}
            self.calls.append(self.own("meetings", **of, state="scheduled", starts_at=DAY))
        self.own("meeting_answers", meeting_id=self.calls[0])

    def counts(self) -> dict[str, int]:
        return {table: self._count(table, NEW_NAMES.get(table, table)) for table in TOUCHED}

    def _count(self, old: str, new: str) -> int:
        """Of a table by either of its names."""
        found = self.connection.execute("SELECT to_regclass(%s) IS NULL", (old,)).fetchall()
        table = new if found[0][0] else old
        return int(self.connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchall()[0][0])

    def states(self) -> list[str]:
        return self.keys("imports", *self.imports.values(), column="state")


def test_a_working_day_lives_through_the_upgrade_and_the_way_back(spare: Settings, postgres: str) -> None:
    begin_at(spare, postgres, BEFORE)
    with psycopg.connect(f"{postgres.rsplit('/', 1)[0]}/lived", autocommit=True) as connection:
        day = Day(connection)
        day.begins()
        before = day.counts()
        assert all(before.values()), before
        # what only counted is gone, and a file that was being read begins again
        back = before | {"sign_in_requests": 1, "import_rows": 0}
        upgraded = back | {
            "consent_words": before["consent_words"] + 4
        }  # two further purposes, two workspaces

        for _time in range(2):
            upgrade_database(spare)
            assert day.counts() == upgraded
            assert day.states() == ["reading", "queued", "done", "failed", "undone"]
            assert day.keys("meetings", *day.calls, column="advocate_id") == [day.person] * 2
            marked = day.keys("meetings", *sorted(day.calls), column="double_booked")
            assert marked == [False, True]
            browser = "SELECT request_id, browser_hash, next_url FROM sign_in_browsers"
            assert connection.execute(browser.encode()).fetchall() == [(day.asked, "b", "/one/")]
            assert day.keys("consent_entries", day.consent, column="advocate_id") == [day.person]
            assert day.keys("import_results", day.result, column="after") == [None]
            with owner_connection(spare) as owner:
                command.downgrade(alembic_config(owner), BEFORE)
            assert day.counts() == back
            assert day.states() == ["uploaded", "queued", "done", "failed", "undone"]
            assert day.keys("sign_in_requests", day.asked, column="browser_hash") == ["b"]
            assert day.keys("sign_in_requests", day.asked, column="kind") == ["sign_in"]
        upgrade_database(spare)
        assert day.counts() == upgraded
