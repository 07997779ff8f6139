"""`flask db rehearse`: the proof before an upgrade, and what it says when something would be lost."""

from collections.abc import Callable

import psycopg
import pytest
from alembic.script import ScriptDirectory
from click.testing import Result

from portal.cli import alembic_config, owner_connection
from portal.settings import Settings
from portal.web.dispatch import Portal
from tests.migrations.conftest import superuser_url

Run = Callable[[str], Result]


@pytest.fixture
def rehearse(app: Portal) -> Run:
    return lambda copy: app.test_cli_runner().invoke(args=["db", "rehearse", "--copy", copy])


def test_a_copy_of_the_release_before_goes_up_and_loses_nothing(
    rehearse: Run, old_database: Settings
) -> None:
    said = rehearse(old_database.database_owner_url)
    assert (said.exit_code, said.stderr) == (0, ""), said.stdout
    lines = [" ".join(line.split()) for line in said.stdout.splitlines()]
    assert {"consent_words -> consent_texts", "letters -> emails"} <= {
        line.rsplit(" ", 2)[0] for line in lines
    }
    assert {
        f"{name} as written as written" for name in ("consent lines", "limits", "links", "suppressions")
    } <= {*lines}
    assert "faults in consent records none none" in lines
    assert lines[-1] == "Nothing was lost."


SPOILED = {
    "a link's version": ("UPDATE asks SET link_version = link_version + 1", "links"),
    "a suppression": ("UPDATE suppressions SET lifted_at = now()", "suppressions"),
    "a consent's words": (
        "DELETE FROM consent_texts WHERE purpose = 'news'",
        "consent_words -> consent_texts",
    ),
    "a row": ("DELETE FROM history WHERE id = (SELECT min(id::text)::uuid FROM history)", "history"),
    "a consent": ("UPDATE consent_entries SET hash = 'x' WHERE number = 1", "consent lines"),
    "a limit": ("UPDATE policies SET value = '1' WHERE name = 'outreach.emails_per_week'", "limits"),
}


AT_THE_END = """
CREATE FUNCTION public.spoil() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET session_replication_role = replica
    AS $$ BEGIN {spoils}; RETURN NULL; END $$;
CREATE TRIGGER spoils AFTER UPDATE ON public.alembic_version
    FOR EACH ROW WHEN (NEW.version_num = '{head}') EXECUTE FUNCTION public.spoil()"""


def test_what_an_upgrade_would_lose_is_named_and_nothing_else(
    rehearse: Run, old_database: Settings, postgres: str
) -> None:
    with owner_connection(old_database) as owner:
        head = ScriptDirectory.from_config(alembic_config(owner)).get_current_head()
    spoils = "; ".join(spoil for spoil, _ in SPOILED.values())
    with psycopg.connect(superuser_url(postgres)) as connection:
        connection.execute(AT_THE_END.format(spoils=spoils, head=head).encode())
    said = rehearse(old_database.database_owner_url)
    assert said.exit_code == 1
    different = {line.split("  ")[0] for line in said.stdout.splitlines() if line.endswith("DIFFERENT")}
    assert different == {*(name for _, name in SPOILED.values()), "faults in consent records"}


def test_a_workspace_at_a_new_address_of_ours_and_an_unknown_limit_are_named(
    rehearse: Run, old_database: Settings, postgres: str
) -> None:
    with psycopg.connect(superuser_url(postgres)) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("UPDATE tenants SET slug = 'healthz' WHERE slug LIKE 'acme%'")
        connection.execute(
            "UPDATE policies SET name = 'outreach.gone' WHERE name = 'outreach.letters_a_week'"
        )
    said = rehearse(old_database.database_owner_url)
    assert said.exit_code == 1
    different = {line.split("  ")[0] for line in said.stdout.splitlines() if line.endswith("DIFFERENT")}
    assert different == {"limits that nothing reads", "workspaces at an address of ours"}


def test_the_database_in_use_is_refused_however_it_is_spelled(rehearse: Run, settings: Settings) -> None:
    for url in (settings.database_owner_url, settings.database_owner_url.replace("127.0.0.1", "localhost")):
        said = rehearse(url)
        assert said.exit_code == 1
        assert "--copy is the database in use" in said.output
