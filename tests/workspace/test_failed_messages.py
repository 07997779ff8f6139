"""What admins see of messages that could not be handled, and what operators ask of the process."""

from sqlalchemy import select

from portal.outbox import Envelope
from tenants.clock import utc_now
from tests.client import Client
from tests.fixture_types import Jobs
from tests.present import present
from tests.world import World


def test_an_admin_looks_at_messages_that_failed_and_tries_again(
    acme: World, as_admin: Client, as_manager: Client, run_jobs: Jobs
) -> None:
    assert as_manager.get("/failed-messages").status_code == 403
    assert "No failed tasks" in as_admin.get("/failed-messages").text
    with acme.session() as session:
        lost = Envelope(
            topic="DealSaved", ids={}, parked_at=utc_now(), tries=5, last_error="RuntimeError: out of ink"
        )
        session.add(lost)
    assert "One background task failed" in as_admin.get("/emails").text
    assert "RuntimeError: out of ink" in as_admin.get("/failed-messages").text
    page = as_admin.follow(as_admin.post(f"/failed-messages/{lost.id}/retries"))
    assert "No failed tasks" in page.text
    assert as_admin.post(f"/failed-messages/{lost.id}/retries").status_code == 404
    with acme.session() as session:
        assert session.scalars(select(Envelope.tries)).one() == 0


def test_health_says_what_is_there(client: Client) -> None:
    assert client.get("/healthz", outside=True).json == {"process": "ok"}
    ready = client.get("/readyz", outside=True)
    assert ready.status_code == 200
    said = present(ready.json)
    assert (said["database"], said["wall"], said["migrations"]) == ("ok", "ok", "ok")
    assert said["redis"].startswith("away")
