"""Ledgers are append-only because the database refuses, also after the next upgrade."""

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from portal.cli import upgrade_database
from portal.settings import Settings
from tenants.database_roles import APPEND_ONLY, INSERT_ONLY, NEVER_DELETED
from tests.world import World

UPDATE, DELETE = "UPDATE {} SET created_at = created_at", "DELETE FROM {}"
FORBIDDEN = [
    *(statement.format(table) for table in APPEND_ONLY for statement in (UPDATE, DELETE)),
    *(UPDATE.format(table) for table in INSERT_ONLY),
    *(DELETE.format(table) for table in NEVER_DELETED),
    "UPDATE consent_entries SET personal = NULL, salt = NULL",
    "UPDATE history SET detail = '{}'",
    "UPDATE record_consents SET personal = NULL, salt = NULL",
    "SELECT id FROM consent_entries FOR UPDATE",
    "INSERT INTO consent_texts SELECT * FROM consent_texts ON CONFLICT (tenant_id, id) DO UPDATE SET text = ''",
]


def insist_on_refusal(world: World) -> None:
    for statement in FORBIDDEN:
        with pytest.raises(ProgrammingError, match="permission denied"), world.session() as session:
            session.execute(text(statement))


def test_no_line_of_a_ledger_is_changed_or_removed_before_and_after_another_upgrade(
    acme: World, settings: Settings, superuser: psycopg.Connection
) -> None:
    insist_on_refusal(acme)
    superuser.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO goodword_app, PUBLIC")
    superuser.execute("GRANT UPDATE (granted) ON consent_entries TO goodword_app")
    superuser.commit()
    upgrade_database(settings)
    insist_on_refusal(acme)


def test_the_ledgers_of_the_house_are_among_them(superuser: psycopg.Connection) -> None:
    assert {"consent_entries", "consent_texts", "consent_anchors", "history"} <= set(APPEND_ONLY)
    assert {"record_consents", "record_consent_texts", "record_consent_anchors"} <= set(APPEND_ONLY)
    found = superuser.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    assert {*APPEND_ONLY, *INSERT_ONLY, *NEVER_DELETED} <= {name for (name,) in found}
