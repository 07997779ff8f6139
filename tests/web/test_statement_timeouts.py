"""No page keeps its process, and nobody else, waiting for long: a statement has seconds, and then a page says so."""

from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import text

from portal.outreach.suppressions import queries
from portal.web.dispatch import Portal
from tenants.database import TransactionLimits, tenant_session
from tenants.models import Role
from tests.client import Client
from tests.web.test_expired_form import FORM, OURS, TYPED, kept_in
from tests.world import World


@pytest.fixture
def impatient(app: Portal) -> Iterator[None]:
    """Half a second for a statement."""
    usual = app.limits
    app.limits = TransactionLimits(timedelta(seconds=0.5), timedelta(minutes=1))
    yield
    app.limits = usual


def test_a_page_that_looks_too_long_says_so_and_what_to_do(
    as_manager: Client, superuser: psycopg.Connection, impatient: None
) -> None:
    superuser.execute("LOCK TABLE advocates IN ACCESS EXCLUSIVE MODE")
    for path in ("/advocates", "/advocates/export"):
        slow = as_manager.get(path)
        assert (slow.status_code, slow.headers["Retry-After"]) == (503, "30")
        assert "This took too long" in slow.text
        assert "Narrow it down with a filter" in slow.text
    superuser.rollback()
    assert as_manager.get("/advocates").status_code == 200


def test_what_was_typed_stays_and_is_sent_again(
    acme: World, superuser: psycopg.Connection, impatient: None
) -> None:
    client = acme.signed_in(Role.MANAGER)
    superuser.execute("LOCK TABLE suppressions IN ACCESS EXCLUSIVE MODE")
    slow = client.post(FORM, TYPED, headers=OURS)
    superuser.rollback()
    assert slow.status_code == 503
    assert "Nothing was changed" in slow.text
    assert kept_in(slow.text) == TYPED
    assert client.post(FORM, kept_in(slow.text), headers=OURS).status_code == 303
    with acme.session() as session:
        assert queries.suppressions_of(session, TYPED["address"])


def test_a_bare_button_that_waits_too_long_may_be_pressed_again(
    as_manager: Client, superuser: psycopg.Connection, impatient: None
) -> None:
    superuser.execute("LOCK TABLE advocates IN ACCESS EXCLUSIVE MODE")
    slow = as_manager.post("/advocates/export", headers=OURS)
    superuser.rollback()
    assert slow.status_code == 503
    assert "Wait a moment and try again" in slow.text


def test_pages_have_five_seconds_and_workers_what_they_need(app: Portal, acme: World) -> None:
    assert app.limits == TransactionLimits(timedelta(seconds=5), timedelta(minutes=1))
    asked = text("SELECT current_setting(:name)")
    names = ("statement_timeout", "idle_in_transaction_session_timeout", "transaction_read_only")
    with tenant_session(acme.tenant_id, read_only=True, limits=app.limits) as session:
        assert [session.scalar(asked, {"name": name}) for name in names] == ["5s", "1min", "on"]
    with tenant_session(acme.tenant_id) as session:
        assert [session.scalar(asked, {"name": name}) for name in names] == ["0", "0", "off"]


def test_nobody_waits_for_a_statement_to_be_compiled(acme: World) -> None:
    with acme.session() as session:
        assert session.scalar(text("SHOW jit")) == "off"
