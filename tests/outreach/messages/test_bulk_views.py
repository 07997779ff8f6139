"""Many emails at once: tried again, canceled, and who is left out and why."""

import re
from collections.abc import Sequence

import pytest

from portal.lists.actions import MAX_IN_REQUEST
from portal.outreach.models import Email, EmailState, HoldReason
from tests.client import Client
from tests.fixture_types import Jobs
from tests.mailbox import Mailbox
from tests.outreach.messages.stored_emails import email
from tests.outreach.messages.test_views import FAILED, FAR
from tests.world import World


def preview(client: Client, act: str, emails: Sequence[Email] = (), **given: str) -> str:
    """Its address."""
    picked = {"picked": [str(one.id) for one in emails]} if emails else {"all": "y"}
    return str(client.post(f"/lists/emails/acts/{act}", {**picked, **given}).location)


def left_out(page: str) -> dict[str, int]:
    return {why: int(number) for number, why in re.findall(r"<li><b>(\d+)</b><span>([^<]+)", page)}


def test_picked_emails_are_tried_again_together(
    acme: World, as_manager: Client, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    failed = [email(acme, to=f"reader{number}@example.com", **FAILED) for number in range(3)]
    sent = email(acme, state=EmailState.ACCEPTED)
    address = preview(as_manager, "try-again", [*failed, sent], option="certain")
    page = as_manager.get(address, outside=True).text
    assert "Send 3 emails again?" in page
    assert left_out(page) == {"Sent, canceled, or waiting for something that ends by itself": 1}
    assert acme.reload(failed[0]).state is EmailState.FAILED, "nothing is done before the answer"
    answer = as_manager.post(f"{address}/start", outside=True)
    assert "3 emails will be sent again." in as_manager.follow(answer).text
    run_jobs()
    assert len(mailbox.all()) == 3
    assert as_manager.post(f"{address}/start", outside=True).status_code == 409


def test_what_may_arrive_twice_is_left_out_unless_somebody_chooses_it(
    acme: World, as_manager: Client
) -> None:
    plain = email(acme, to="eve@example.com", **FAILED)
    unknown = email(acme, state=EmailState.HELD, outcome_unknown=True, reply="Silence.")
    address = preview(as_manager, "try-again", [plain, unknown], option="certain")
    assert left_out(as_manager.get(address, outside=True).text) == {
        "May have arrived already: they would arrive twice": 1
    }
    as_manager.post(f"{address}/start", outside=True)
    assert acme.reload(unknown).state is EmailState.HELD
    address = preview(as_manager, "try-again", [plain, unknown], option="all")
    as_manager.post(f"{address}/start", outside=True)
    assert [acme.reload(one).state for one in (plain, unknown)] == [EmailState.QUEUED] * 2
    assert as_manager.post("/lists/emails/acts/try-again", {"all": "y", "option": "wat"}).status_code == 409


def test_what_waits_by_itself_or_is_over_is_not_tried(acme: World, as_manager: Client) -> None:
    waits = email(acme, state=EmailState.HELD, hold_reason=HoldReason.FREQUENCY_CAP, due_at=FAR)
    over = email(acme, state=EmailState.HELD, hold_reason=HoldReason.OBSOLETE)
    page = as_manager.get(preview(as_manager, "try-again", [waits, over], option="all"), outside=True).text
    assert "None of these emails can be sent again now" in page
    assert left_out(page) == {"Sent, canceled, or waiting for something that ends by itself": 2}


def test_all_emails_that_match_are_canceled_by_a_worker_and_none_that_left(
    acme: World, as_manager: Client, run_jobs: Jobs
) -> None:
    many = MAX_IN_REQUEST + 20
    failed = [email(acme, to=f"reader{number}@example.com", **FAILED) for number in range(many)]
    sent = email(acme, state=EmailState.ACCEPTED)
    assert "All that match" in as_manager.get("/emails?view=all").text
    address = preview(as_manager, "cancel", arguments="view=all")
    page = as_manager.get(address, outside=True).text
    assert f"Cancel {many} emails?" in page
    assert left_out(page) == {}, "those that left are not spoken of"
    newcomer = email(acme, to="late@example.com", **FAILED)
    as_manager.post(f"{address}/start", outside=True)
    run_jobs()
    assert f"{many} emails are canceled" in as_manager.get(address, outside=True).text
    assert all(acme.reload(one).given_up_at for one in (failed[0], failed[-1]))
    assert acme.reload(sent).state is EmailState.ACCEPTED
    assert acme.reload(newcomer).given_up_at is None


def test_many_that_failed_for_one_reason_have_one_button(acme: World, as_manager: Client) -> None:
    alike = [email(acme, **FAILED, reply="The key was refused.") for _ in range(3)]
    other = email(acme, **FAILED, reply="No such mailbox.")
    twice = email(acme, **FAILED, reply="The key was refused.", outcome_unknown=True)
    assert "Try these 3 emails again" in as_manager.get("/emails").text
    fields = {"code": "gateway_reply", "params": '{"text": "The key was refused."}'}
    page = as_manager.follow(as_manager.post("/emails/failures/retries", fields))
    assert "3 emails will be sent again." in page.text
    assert all(acme.reload(one).state is EmailState.QUEUED for one in alike)
    assert all(acme.reload(one).state is EmailState.FAILED for one in (other, twice))


@pytest.mark.parametrize("params", ["", "7", "[", '{"text": "Something else."}', "null"])
def test_a_reason_nobody_has_tries_no_email(acme: World, as_manager: Client, params: str) -> None:
    failed = email(acme, **FAILED, reply="The key was refused.")
    for code in ("gateway_reply", "", "x"):
        as_manager.post("/emails/failures/retries", {"code": code, "params": params})
    assert acme.reload(failed).state is EmailState.FAILED
