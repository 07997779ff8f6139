"""Many emails at once: tried again, asked about, given up, and what is said when nothing came of it."""

import pytest

from portal.outreach.models import EmailState, HoldReason
from tests.client import Client
from tests.fixture_types import Jobs
from tests.mailbox import Mailbox
from tests.outreach.messages.stored_emails import email
from tests.outreach.messages.test_views import FAILED, FAR
from tests.world import World


def test_picked_emails_are_tried_again_together(
    acme: World, as_manager: Client, mailbox: Mailbox, run_jobs: Jobs
) -> None:
    failed = [email(acme, to=f"reader{number}@example.com", **FAILED) for number in range(3)]
    sent = email(acme, state=EmailState.ACCEPTED)
    picked = {"picked": [str(one.id) for one in [*failed, sent]]}
    page = as_manager.follow(as_manager.post("/emails/retries", picked))
    assert "3 emails will be sent again. One more couldn’t be changed." in page.text
    run_jobs()
    assert len(mailbox.all()) == 3
    again = as_manager.follow(as_manager.post("/emails/retries", picked))
    assert "Nothing was changed" in again.text


def test_of_picked_emails_those_that_may_arrive_twice_are_asked_for_first(
    acme: World, as_manager: Client
) -> None:
    plain = email(acme, to="eve@example.com", **FAILED)
    unknown = email(acme, state=EmailState.HELD, outcome_unknown=True, reply="Silence.")
    picked = {"picked": [str(plain.id), str(unknown.id)]}
    question = as_manager.follow(as_manager.post("/emails/retries", picked))
    assert "This email may already have arrived" in question.text
    assert "Send only the other one" in question.text
    assert acme.reload(plain).state is EmailState.FAILED, "nothing is done before the answer"
    as_manager.post("/emails/retries", {"picked": [str(plain.id)]})
    assert acme.reload(unknown).state is EmailState.HELD
    as_manager.post("/emails/retries", picked | {"sure": "y"})
    assert [acme.reload(one).state for one in (plain, unknown)] == [EmailState.QUEUED] * 2


def test_whoever_tries_what_waits_by_itself_reads_that_it_changes_nothing(
    acme: World, as_manager: Client
) -> None:
    waits = email(acme, state=EmailState.HELD, hold_reason=HoldReason.FREQUENCY_CAP, due_at=FAR)
    over = email(acme, state=EmailState.HELD, hold_reason=HoldReason.OBSOLETE)
    both = {"picked": [str(waits.id), str(over.id)]}
    said = as_manager.follow(as_manager.post("/emails/retries", both)).text
    assert "The selected emails are on hold for now or no longer needed" in said
    assert "Select emails in the list" not in said
    sent = email(acme, state=EmailState.ACCEPTED)
    mixed = {"picked": [str(waits.id), str(sent.id)]}
    assert (
        "have changed in the meantime or can’t"
        in as_manager.follow(as_manager.post("/emails/retries", mixed)).text
    )
    nobody = as_manager.follow(as_manager.post("/emails/retries", {}))
    assert "Nothing was changed. Select emails in the list" in nobody.text


def test_picked_emails_are_given_up_together(acme: World, as_manager: Client) -> None:
    failed = [email(acme, **FAILED) for _ in range(2)]
    as_manager.post("/emails/ends", {"picked": [str(one.id) for one in failed] + ["nonsense"]})
    assert all(acme.reload(one).given_up_at for one in failed)


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
