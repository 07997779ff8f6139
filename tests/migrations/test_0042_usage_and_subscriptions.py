"""On the way down a reason that the release before does not know is said in words; kinds it does not know are gone."""

from collections.abc import Iterator
from dataclasses import replace

import psycopg
import pytest
from alembic import command
from psycopg.types.json import Jsonb

from portal.cli import alembic_config, owner_connection, upgrade_database
from portal.demo import embedded
from portal.imports import labels
from portal.imports.models import LineReason
from portal.settings import Settings
from tests.migrations.conftest import begin_at
from tests.migrations.test_0025_mailbox_keys import Old

BEFORE = "0041"
NEW = ("unknown_account", "not_a_choice")
WORDS = [str(labels.LINE_REASONS[LineReason(code)]) for code in NEW]


@pytest.fixture
def spare(postgres: str, settings: Settings) -> Iterator[Settings]:
    embedded.make_database(postgres, "figures")
    urls = (settings.database_url, settings.database_owner_url)
    served, owned = (f"{url.rsplit('/', 1)[0]}/figures" for url in urls)
    yield replace(settings, database_url=served, database_owner_url=owned)
    embedded.drop_database(postgres, "figures")


def test_new_reasons_become_sentences_and_new_kinds_of_files_are_forgotten(
    spare: Settings, postgres: str
) -> None:
    begin_at(spare, postgres)
    with psycopg.connect(f"{postgres.rsplit('/', 1)[0]}/figures", autocommit=True) as connection:
        connection.prepare_threshold = (
            None  # the checks of columns change below a statement that was prepared
        )
        old = Old(connection)
        own = {"tenant_id": old.one, "by_id": old.member(old.one, "a@x.example", old.user("a@x.example"))}
        people = old.row("imports", **own, kind="people", state="done")
        old.row("imports", **own, kind="usage", state="done")
        of_people = {"tenant_id": old.one, "import_id": people, "line": 2, "outcome": "refused"}
        refused = old.row("import_results", **of_people, reason=NEW[0])
        left_out = Jsonb([{"column": "Tier", "value": "Bronze", "reason": NEW[1]}])
        row = old.row("import_rows", **of_people, left_out=left_out)
        with owner_connection(spare) as owner:
            command.downgrade(alembic_config(owner), BEFORE)

        assert old.keys("import_results", refused, column="reason") == ["earlier"]
        assert old.keys("import_results", refused, column="reason_params") == [{"text": WORDS[0]}]
        ((told,),) = old.keys("import_rows", row, column="left_out")
        assert (told["reason"], told["reason_params"]) == ("earlier", {"text": WORDS[1]})
        kept = connection.execute("SELECT id FROM imports").fetchall()
        assert kept == [(people,)]
    upgrade_database(spare)
