"""The cast of every test: two workspaces that do not know each other, their people, their mail, their workers.

`client` is pytest-flask's: a browser in which nobody has signed in.
"""

from collections.abc import Iterator
from uuid import UUID

import psycopg
import pytest
from uuid_utils.compat import uuid7

from portal.settings import Settings
from portal.web.dispatch import Portal
from tenants.models import Role
from tests import ended_worlds
from tests.client import Client
from tests.fixture_types import Jobs
from tests.mailbox import Mailbox
from tests.workers import Workers
from tests.world import World


@pytest.fixture(autouse=True)
def began() -> UUID:
    """An id: workspaces of this test have later ones."""
    return uuid7()


@pytest.fixture(scope="session")
def superuser_url(postgres: str, settings: Settings) -> str:
    """Of the test's database."""
    return postgres.rsplit("/", 1)[0] + "/" + settings.database_url.rsplit("/", 1)[1]


@pytest.fixture
def superuser(superuser_url: str) -> Iterator[psycopg.Connection]:
    """Sees over every wall of the test's database: for asserting that nothing was written."""
    with psycopg.connect(superuser_url) as connection:
        yield connection


@pytest.fixture
def acme(app: Portal, superuser_url: str) -> Iterator[World]:
    ended_worlds.delete_some(superuser_url)
    yield (world := World.build(app, "Acme"))
    ended_worlds.add(world)


@pytest.fixture
def globex(app: Portal) -> Iterator[World]:
    """The stranger: another workspace with people of its own."""
    yield (world := World.build(app, "Globex"))
    ended_worlds.add(world)


@pytest.fixture
def as_manager(acme: World) -> Client:
    return acme.signed_in(Role.MANAGER)


@pytest.fixture
def as_rep(acme: World) -> Client:
    return acme.signed_in(Role.REP)


@pytest.fixture
def as_admin(acme: World) -> Client:
    return acme.signed_in(Role.ADMIN)


@pytest.fixture
def as_owner(acme: World) -> Client:
    return acme.signed_in(Role.OWNER)


@pytest.fixture
def as_advocate(acme: World) -> Client:
    """An enrolled advocate on their own pages; `client.advocate` is the person."""
    return acme.signed_in_advocate()


@pytest.fixture
def mailbox(acme: World) -> Mailbox:
    return Mailbox(acme)


@pytest.fixture
def workers(began: UUID, acme: World) -> Workers:
    return Workers(acme.settings, acme.tenant_id, began)


@pytest.fixture
def run_jobs(workers: Workers) -> Jobs:
    """Everything that waits is done by the workers' own code, and every job is delivered twice."""
    return workers.run_all_twice


@pytest.fixture
def deliver(workers: Workers) -> Jobs:
    """What waits is delivered once, without what happens by the clock."""
    return workers.deliver_once
