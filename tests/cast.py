"""The cast of every test: two workspaces that do not know each other, their people, their mail, their workers.

`client` is pytest-flask's: a browser in which nobody has signed in.
"""

from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from portal.web.dispatch import Portal
from tenants.models import Role
from tests.client import Client
from tests.fixture_types import Jobs
from tests.mailbox import Mailbox
from tests.workers import Workers
from tests.world import World


@pytest.fixture(autouse=True)
def began() -> UUID:
    """An id: workspaces of this test have later ones."""
    return uuid7()


@pytest.fixture
def acme(app: Portal) -> World:
    return World.build(app, "Acme")


@pytest.fixture
def globex(app: Portal) -> World:
    """The stranger: another workspace with people of its own."""
    return World.build(app, "Globex")


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
def run_jobs(began: UUID, acme: World) -> Jobs:
    """Everything that waits is done by the workers' own code, and every job is delivered twice."""
    return Workers(acme.settings, acme.tenant_id, began).run_all_twice
