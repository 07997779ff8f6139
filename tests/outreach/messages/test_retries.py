"""A manager tries an email again that did not go out, or gives it up."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from portal.outreach.models import EmailState, HoldReason
from tests.client import Client
from tests.fixture_types import Jobs
from tests.mailbox import Mailbox
from tests.outreach.messages.stored_emails import email
from tests.world import World

FAILED: dict[str, Any] = {"state": EmailState.FAILED, "due_at": None}
FAR = datetime(2032, 11, 24, 16, tzinfo=ZoneInfo("UTC"))  # a Wednesday, long after every test


def test_an_email_is_tried_again_and_arrives(
    acme: World, as_manager: Client, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    failed = email(acme, **FAILED, reply="The mail server said: 550 no such mailbox", tries=1)
    assert "550 no such mailbox" in as_manager.get(f"/emails/{failed.id}").text
    as_manager.follow(as_manager.post(f"/emails/{failed.id}/retries"))
    assert as_manager.post(f"/emails/{failed.id}/retries").status_code == 409
    run_jobs()
    assert len(mailbox.to("ada@example.com")) == 1
    assert "Tried again" in as_manager.get(f"/emails/{failed.id}").text


@pytest.mark.parametrize("hold", [HoldReason.OBSOLETE, HoldReason.PAUSED, HoldReason.QUIET_HOURS], ids=str)
def test_what_is_over_or_waits_by_itself_is_not_tried_again(
    acme: World, as_manager: Client, hold: HoldReason
) -> None:
    waits = email(
        acme, state=EmailState.HELD, hold_reason=hold, due_at=FAR if hold is HoldReason.QUIET_HOURS else None
    )
    assert f"/emails/{waits.id}/retries" not in as_manager.get(f"/emails/{waits.id}").text
    assert as_manager.post(f"/emails/{waits.id}/retries").status_code == 409
    assert as_manager.post(f"/emails/{waits.id}/end").status_code == 303


def test_an_email_in_doubt_warns_before_it_is_sent_twice(acme: World, as_manager: Client) -> None:
    doubtful = email(acme, state=EmailState.HELD, outcome_unknown=True, reply="It may have arrived.")
    assert "ada@example.com may get it twice" in as_manager.get(f"/emails/{doubtful.id}").text


def test_whoever_gives_an_email_up_is_asked_first(acme: World, as_manager: Client) -> None:
    failed = email(acme, **FAILED, reply="no")
    page = as_manager.get(f"/emails/{failed.id}").text
    question = page.split('<dialog class="gw-dialog" id="give-up"')[1].split("</dialog>")[0]
    assert "Cancel this email?" in question
    assert f"/emails/{failed.id}/end" in question
    assert page.count(f"/emails/{failed.id}/end") == 1, "no other button gives it up"


def test_an_email_given_up_asks_for_nobody_any_more(acme: World, as_manager: Client) -> None:
    failed = email(acme, **FAILED, reply="no")
    as_manager.follow(as_manager.post(f"/emails/{failed.id}/end"))
    assert "Nothing needs your attention" in as_manager.get("/emails").text
    assert "Canceled" in as_manager.get("/emails?view=not-sent").text


def test_whoever_gives_an_email_up_stays_where_they_were(acme: World, as_manager: Client) -> None:
    failed = email(acme, **FAILED, reply="no")
    here = f"/{acme.slug}/emails/{failed.id}"
    done = as_manager.post(f"{here}/end", headers={"Referer": f"http://localhost{here}"})
    assert done.location == here
    assert "This email won’t be sent unless you try it again" in as_manager.follow(done).text
