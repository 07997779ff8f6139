"""What every test stands on: a database server, the application, the clock. Who acts in it: tests/cast.py.

Nothing is patched and nothing is rolled back: changes are really committed, and each test gets workspaces of its own,
which are deleted some time after it (tests/ended_worlds.py).
"""

import gc
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import hypothesis
import pytest

from portal.app import create_app
from portal.bootstrap import check_startup
from portal.cli import upgrade_database
from portal.demo import embedded
from portal.demo.pages import extra_pages
from portal.settings import Settings
from portal.web.dispatch import Portal
from tenants import clock
from tenants.database import database, system_session
from tenants.models import ClockOffset
from tests.client import Client
from tests.clock_travel import travel_to
from tests.fixture_types import Travel

pytest_plugins = ("tests.cast", "tests.chromium", "tests.xdist_scheduling", "tests.lock_order")
SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a throw-away server's superuser: one server for each process of the run."""
    return embedded.throwaway_postgres(tmp_path_factory.mktemp("postgres"))


@pytest.fixture(scope="session")
def settings(postgres: str) -> Settings:
    passwords = {embedded.OWNER: "o" * 32, embedded.APP: "a" * 32}
    embedded.make_roles(postgres, passwords)
    embedded.make_database(postgres)
    own = Settings(
        database_url=embedded.url_for_role(postgres, embedded.APP, passwords[embedded.APP]),
        database_owner_url=embedded.url_for_role(postgres, embedded.OWNER, passwords[embedded.OWNER]),
        wall_key="k" * 40,
        secret_key="s" * 40,
        data_key="d" * 40,
        redis_url="redis://127.0.0.1:9/0",  # nothing answers there: the bell is away, the work is done by run_jobs
        public_url="http://localhost",
        goodword_env="development",
    )
    upgrade_database(own)
    return own


@pytest.fixture(scope="session")
def app(settings: Settings) -> Iterator[Portal]:
    """pytest-flask's `client` is this application's, in the class of tests/client.py; so is its `live_server`."""
    app = create_app(settings, extra_pages(settings))
    check_startup(settings)
    app.testing = True
    app.test_client_class = Client
    app.config["PROPAGATE_EXCEPTIONS"] = False
    gc.freeze()  # what was imported lives as long as the run: the collector need not look through it again and again
    gc.set_threshold(20_000, 20, 20)
    yield app
    database.engine.dispose()


@pytest.fixture(autouse=True)
def _push_request_context() -> None:
    """pytest-flask would open a request around each test; here it opens none.

    Flask shares `g` between a request and one that is open around it, so whoever signed in first would still be there
    when the next person asks. And actions and jobs work without a request: inside one they could not fail as they
    would in a worker. The few tests that need a request open it themselves (`app.test_request_context`).
    """


@pytest.fixture(autouse=True)
def reset_clock() -> Iterator[None]:
    yield
    if clock.offset():
        with system_session() as session:
            session.query(ClockOffset).delete()
        clock.set_offset(timedelta())


@pytest.fixture
def travel(app: Portal) -> Travel:
    """travel(days=3): everybody's clock moves ahead, as it does on the demo's clock page."""

    def ahead(**by: float) -> None:
        travel_to(clock.utc_now() + timedelta(**by))

    return ahead


@pytest.fixture(scope="session")
def shared() -> Path:
    """The customer's real files; without them a test says so and is skipped."""
    if not SHARED.is_dir():
        pytest.skip("../shared is absent: this test reads the real files there")
    return SHARED


os.environ.setdefault("TZ", "UTC")
# A busy machine is no fault of a rule: examples are counted, not timed.
hypothesis.settings.register_profile(
    "on any machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("on any machine")
