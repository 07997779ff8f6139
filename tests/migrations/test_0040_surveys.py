"""Reasons of programs to withdraw an ask: the release before, which has no code for them, keeps their words."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID, uuid4

import psycopg
import pytest
from alembic import command

from portal.cli import alembic_config, owner_connection, upgrade_database
from portal.demo import embedded
from portal.settings import Settings
from tests.migrations.conftest import begin_at
from tests.migrations.test_0025_mailbox_keys import Old

CODED = {  # reason and words now: those of the release before
    ("closed", ""): ("earlier", "It closed before they answered."),
    ("kitchen_burnt", "No dinner"): ("earlier", "No dinner"),
    ("left_program", ""): ("left_program", ""),
    ("in_words", "closed"): ("in_words", "closed"),
}


@pytest.fixture
def spare(postgres: str, settings: Settings) -> Iterator[Settings]:
    embedded.make_database(postgres, "withdrawn")
    urls = (settings.database_url, settings.database_owner_url)
    served, owned = (f"{url.rsplit('/', 1)[0]}/withdrawn" for url in urls)
    yield replace(settings, database_url=served, database_owner_url=owned)
    embedded.drop_database(postgres, "withdrawn")


def test_a_reason_of_a_program_becomes_words_on_the_way_down(spare: Settings, postgres: str) -> None:
    begin_at(spare, postgres, "0040")
    with psycopg.connect(f"{postgres.rsplit('/', 1)[0]}/withdrawn", autocommit=True) as connection:
        now = Old(connection)
        asks = [withdrawn(now, reason, words) for reason, words in CODED]
        with owner_connection(spare) as owner:
            command.downgrade(alembic_config(owner), "0039")
        rows = connection.execute("SELECT id, withdrawal_reason, reason_text FROM asks").fetchall()
        before = {ask_id: (reason, words) for ask_id, reason, words in rows}
        assert [before[ask] for ask in asks] == list(CODED.values())
        upgrade_database(spare)


def withdrawn(now: Old, reason: str, words: str) -> UUID:
    person = now.advocate(now.one, f"{uuid4().hex}@wabtec.example")
    facts = {"state": "withdrawn", "withdrawal_reason": reason, "reason_text": words}
    return now.row("asks", tenant_id=now.one, kind="survey", advocate_id=person, subject_id=uuid4(), **facts)
