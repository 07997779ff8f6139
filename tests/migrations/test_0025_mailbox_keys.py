"""The migration that gave every address the key of its mailbox, on a database with rows from before."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from alembic import command

from portal.cli import alembic_config, owner_connection, upgrade_database
from portal.demo import embedded
from portal.settings import Settings
from tenants.email_addresses import normalize_email
from tests.migrations.conftest import begin_at

BEFORE = "0020"
WITH_LINES = "0041"  # the next one has files that wait read anew
SHARP, PUNY = "ada@straße.example", "ada@xn--strae-oqa.example"
DOUBLE = "ada@strasse.example"  # somebody else
COMPOSED, APART = "Jörg@MÜLLER.example", "jörg@mu\u0308ller.example"
LONE = ["ida@wabtec.example", "a@😀.example", "bo@straße。example", "Cy@Weiß.example"]
DAY = "2026-01-01T00:00:00Z"
LETTER = {"kind": "any", "letter_class": "transactional", "queue": "mail", "state": "queued", "held_for": ""}
LETTER |= {"occasion": "any", "due_at": DAY}
NEEDED = """
    SELECT quote_ident(column_name), data_type FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name = %s AND is_nullable = 'NO'"""
BLANK = {"text": "", "character varying": "", "jsonb": "{}", "ARRAY": [], "boolean": False}
BLANK |= dict.fromkeys(("integer", "bigint"), 1) | dict.fromkeys(("timestamp with time zone", "date"), DAY)


class Old:
    """Rows as the code before wrote them: an address without blanks around it, in small letters, is its key."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self.connection = connection
        self.one, self.two = (self.row("tenants", slug=slug, accent="#2f4fc4") for slug in ("one", "two"))

    def row(self, table: str, **facts: object) -> UUID:
        given = {"id": (row_id := uuid4()), **facts}
        for name, kind in self.connection.execute(NEEDED, (table,)).fetchall():
            given.setdefault(name, BLANK.get(kind))
        marks = ", ".join(["%s"] * len(given))
        insert = f"INSERT INTO {table} ({', '.join(given)}) VALUES ({marks})"
        self.connection.execute(insert.encode(), list(given.values()))
        return row_id

    def user(self, email: str) -> UUID:
        return self.row("users", email=email, email_norm=email.lower())

    def member(self, tenant: UUID, email: str, user: UUID) -> UUID:
        own = {"tenant_id": tenant, "user_id": user, "roles": ["rep"]}
        return self.row("memberships", email=email, email_norm=email.lower(), **own)

    def advocate(self, tenant: UUID, email: str) -> UUID:
        own = {"tenant_id": tenant, "state": "candidate", "provenance": "imported"}
        return self.row("advocates", email=email, email_norm=email.lower(), **own)

    def letter(self, address: str) -> UUID:
        return self.row("letters", tenant_id=self.one, recipient=address, recipient_norm=address, **LETTER)

    def keys(self, table: str, *ids: UUID, column: str = "email_norm") -> list[Any]:
        its = f"SELECT {column} FROM {table} WHERE id = %s"
        return [self.connection.execute(its.encode(), (one,)).fetchall()[0][0] for one in ids]

    def collisions(self) -> set[tuple[object, ...]]:
        rows = "SELECT tenant_id, subject_type, subject_id, other_id FROM address_collisions"
        return set(self.connection.execute(rows).fetchall())


@pytest.fixture(scope="module")
def spare(postgres: str, settings: Settings) -> Iterator[Settings]:
    embedded.make_database(postgres, "older")
    urls = (settings.database_url, settings.database_owner_url)
    served, owned = (f"{url.rsplit('/', 1)[0]}/older" for url in urls)
    yield replace(settings, database_url=served, database_owner_url=owned)
    embedded.drop_database(postgres, "older")


def test_rows_from_before_get_their_key_and_nobody_is_merged(spare: Settings, postgres: str) -> None:
    begin_at(spare, postgres, BEFORE)
    with psycopg.connect(f"{postgres.rsplit('/', 1)[0]}/older", autocommit=True) as connection:
        old = Old(connection)
        people = [old.advocate(old.one, email) for email in LONE]
        kept, first = old.advocate(old.one, SHARP), old.advocate(old.one, PUNY)
        stranger, elsewhere = old.advocate(old.one, DOUBLE), old.advocate(old.two, SHARP)
        composed, apart = old.advocate(old.two, COMPOSED), old.advocate(old.two, APART)
        later, earlier = old.user(SHARP), old.user(PUNY)
        here, there = old.member(old.one, SHARP, later), old.member(old.two, SHARP, later)
        other, alone = old.member(old.one, PUNY, earlier), old.member(old.one, LONE[3], old.user(LONE[3]))
        twice, once = [old.letter(SHARP), old.letter(PUNY)], old.letter(LONE[3].lower())
        owned = old.row(
            "accounts", tenant_id=old.two, owner_email=SHARP, owner_email_norm=SHARP, health="green"
        )
        merging = old.row("imports", tenant_id=old.one, kind="people", state="merging", by_id=here)
        cells = ["Jörg", LONE[3], LONE[3].lower(), "Straße"]
        line = old.row("import_rows", tenant_id=old.one, import_id=merging, line=2, cells=cells)

        def is_as_it_should_be() -> None:
            assert old.keys("advocates", *people) == [normalize_email(email) for email in LONE]
            assert old.keys("advocates", kept, first, stranger, elsewhere) == [SHARP, PUNY, DOUBLE, PUNY]
            assert old.keys("users", later, earlier) == [SHARP, PUNY]
            assert old.keys("memberships", here, there, other) == [SHARP, SHARP, PUNY]
            assert old.keys("memberships", alone) == [normalize_email(LONE[3])]
            assert old.keys("emails", *twice, once, column="recipient_norm") == [
                *(SHARP, PUNY),  # one occasion, written to both spellings
                normalize_email(LONE[3]),
            ]
            assert old.keys("accounts", owned, column="owner_email_norm") == [PUNY]
            (pair,) = (row for row in old.collisions() if row[:2] == (old.two, "advocates"))
            assert {*pair[2:]} == {composed, apart}
            assert old.collisions() - {pair} == {
                (old.one, "advocates", kept, first),
                (old.one, "memberships", here, other),
                (old.two, "memberships", there, None),
            }

        upgrade_database(spare, WITH_LINES)
        assert old.keys("import_rows", line, column="cells") == [
            ["Jörg", LONE[3], normalize_email(LONE[3]), "Straße"]
        ]
        upgrade_database(spare)
        is_as_it_should_be()
        with owner_connection(spare) as owner:
            command.downgrade(alembic_config(owner), BEFORE)
        assert old.keys("advocates", *people) == [email.lower() for email in LONE]
        assert old.keys("memberships", alone) == [LONE[3].lower()]
        upgrade_database(spare)
        is_as_it_should_be()
