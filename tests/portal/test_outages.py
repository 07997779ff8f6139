"""The database is away, Redis is away, a setting is wrong: plain words, and nothing is lost."""

import re
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import psycopg
import pytest
from psycopg import errors as postgres
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from portal.outbox import Envelope
from portal.settings import Settings
from portal.web.dispatch import Portal
from tenants.database import connect, database
from tenants.models import Role
from tests.client import Client
from tests.warm_processes import WarmProcess
from tests.world import World


@pytest.fixture
def database_away(settings: Settings) -> Iterator[None]:
    """Nothing answers where the database was."""
    engine, seal, ring = database.engine, database.signer, database.wake
    connect("postgresql://goodword_app@127.0.0.1:9/goodword", settings.wall_key)
    yield
    database.engine.dispose()
    database.engine, database.signer, database.wake = engine, seal, ring


def test_without_the_database_pages_say_so_and_ask_to_come_back(
    as_manager: Client, client: Client, database_away: None
) -> None:
    for visitor, path in ((as_manager, "/requests"), (as_manager, "/advocates"), (client, "/join/acme")):
        answer = visitor.get(path, outside=visitor is client)
        assert answer.status_code == 503
        assert "Retry-After" in answer.headers
        assert "Traceback" not in answer.text


def test_without_redis_no_page_stops_and_no_message_is_lost(acme: World, client: Client) -> None:
    """Nothing answers at the REDIS_URL of the tests: every test of pages proves it; the message waits in its row."""
    client.post("/sign-in", {"email": acme.member(Role.MANAGER).email}, outside=True)
    with acme.session() as session:
        waiting = session.scalars(select(Envelope).where(Envelope.handled_at.is_(None))).all()
    assert [envelope.topic for envelope in waiting] == ["SignInRequested"]


WRONG = {
    "DATABASE_URL": ("", "DATABASE_URL must be set"),
    "WALL_KEY": ("short", "WALL_KEY must have at least 32 characters"),
    "PUBLIC_URL": ("goodword.example.com", "PUBLIC_URL must be an address"),
    "MAIL_URL": ("pigeon://loft", "MAIL_URL must be sendgrid: or mailbox:, or start with"),
    "REDIS_URL": ("redis://h:abc/0", "REDIS_URL must start with"),
    "LEASE_SECONDS": ("²", "LEASE_SECONDS must be a number"),
    "MAIL_FROM": ("nobody", "MAIL_FROM must be an address"),
    "GOODWORD_ENV": ("live", "GOODWORD_ENV must be one of"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_missing_or_wrong_setting_is_named(settings: Settings, name: str) -> None:
    value, words = WRONG[name]
    with pytest.raises(SystemExit, match=re.escape(words)):
        Settings.from_env(environment(settings) | {name: value})


def test_who_starts_with_a_wrong_setting_reads_one_line(settings: Settings, tmp_path: Path) -> None:
    (line,) = refused(settings, {"LEASE_SECONDS": "²"}, tmp_path).splitlines()
    assert "LEASE_SECONDS must be a number" in line


def test_production_refuses_the_local_mailbox_and_a_role_that_passes_the_wall(
    settings: Settings, tmp_path: Path
) -> None:
    assert "local mailbox" in refused(settings, {"GOODWORD_ENV": "production"}, tmp_path)
    owner = {"DATABASE_URL": settings.database_owner_url}
    for program in ("wsgi", "jobs.worker mail", "jobs.ticker"):
        words = refused(settings, owner, tmp_path, program)
        assert "role that may create roles" in words
        assert "Traceback" not in words


def environment(settings: Settings) -> dict[str, str]:
    return {name.upper(): value for name, value in asdict(settings).items()}


def refused(settings: Settings, changed: dict[str, str], folder: Path, program: str = "wsgi") -> str:
    """What it says as it ends."""
    log = folder / program
    started = WarmProcess(program.split(), environment(settings) | changed, log)
    started.start()
    assert started.wait() != 0
    return log.read_text()


def test_a_typo_in_the_encryption_of_mail_stops_the_start(settings: Settings, tmp_path: Path) -> None:
    typed = {"MAIL_URL": "smtp://me:secret@mail.example?tls=yes"}
    assert "?tls=starttls or ?tls=off" in refused(settings, typed, tmp_path)


def test_who_loses_a_lock_is_told_so_and_not_that_the_database_is_away(app: Portal) -> None:
    """A deadlock and a row that somebody quicker wrote are conflicts: 409, try again."""
    for cause in (postgres.DeadlockDetected("deadlock"), postgres.UniqueViolation("twice")):
        with app.test_request_context("/"):
            answer = app.make_response(app.handle_user_exception(wrapped(cause)))
        assert (answer.status_code, "Someone else changed this" in answer.get_data(as_text=True)) == (
            409,
            True,
        )


def wrapped(cause: psycopg.Error) -> DBAPIError:
    found = DBAPIError.instance("UPDATE", {}, cause, psycopg.Error, dialect=database.engine.dialect)
    assert isinstance(found, DBAPIError)
    return found


def test_a_cursor_that_was_played_with_is_a_page_that_does_not_exist(as_manager: Client) -> None:
    for cursor in ("x", "W2ZhbHNlLCJhIiw1XQ", "W" * 5000, "bnVsbA", "W1tbW1tb"):
        for path in (f"/advocates?after={cursor}", f"/requests?after={cursor}", f"/emails?after={cursor}"):
            assert as_manager.get(path).status_code in {200, 404}, path
