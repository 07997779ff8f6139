"""Answers to emails of a workspace's own come to people's mailboxes: a manager says who has answered."""

import re
from uuid import uuid4

from sqlalchemy import select

from jobs import sequences
from portal.outreach.messages.queries import EmailFilters, EmailOutcome
from portal.outreach.messages.queries import emails as found
from portal.outreach.models import Email, EmailState
from portal.outreach.sequences.models import EmailSequence, SequenceRun, SequenceState
from tenants.models import Role
from tests.client import Client
from tests.fixture_types import Jobs, Travel
from tests.mailbox import Mailbox
from tests.outreach.sequences.factory import emails
from tests.outreach.sequences.test_views import LIST, made, main_of
from tests.world import World


def started(world: World, manager: Client, travel: Travel, *people: str, **more: str) -> EmailSequence:
    for name in people:
        world.advocate(first_name=name, last_name="", email=f"{name.lower()}@x.example")
    sequence = made(world, manager, **more)
    manager.post(f"{LIST}/{sequence.id}/start")
    travel(seconds=2)
    return sequence


def ways(world: World, sequence: EmailSequence) -> dict[str, str]:
    its = select(SequenceRun).where(SequenceRun.sequence_id == sequence.id)
    with world.session() as session:
        return {run.recipient_name: str(run.stop_reason or run.state) for run in session.scalars(its)}


def ids(world: World, *names: str) -> list[str]:
    with world.session() as session:
        return [
            str(session.scalars(select(SequenceRun.id).where(SequenceRun.recipient_name == name)).one())
            for name in names
        ]


def marked(manager: Client, sequence: EmailSequence, *picked: str) -> str:
    said = manager.post(f"{LIST}/{sequence.id}/answers", {"picked": [*picked]})
    return main_of(manager.follow(said).text)


def test_whoever_wrote_back_gets_no_later_email(
    acme: World, as_manager: Client, mailbox: Mailbox, run_jobs: Jobs, travel: Travel
) -> None:
    sequence = started(acme, as_manager, travel, "Ada", "Bo")
    run_jobs()
    page = as_manager.get(f"{LIST}/{sequence.id}").text
    assert "Goodword doesn’t read your inbox" in page
    (ada,) = ids(acme, "Ada")
    assert re.search(rf'name="picked" value="{ada}">Mark as replied', page)
    after = marked(as_manager, sequence, ada)
    assert "All 2 In progress 1 Replied 1" in after
    assert "1 person marked as replied" in after
    travel(days=8)
    run_jobs()
    assert [len(mailbox.to(who)) for who in ("ada@x.example", "bo@x.example")] == [1, 2]
    assert ways(acme, sequence) == {"Ada": "answered", "Bo": "done"}


def test_what_is_written_and_has_not_left_stays_and_other_sequences_go_on(
    acme: World, as_manager: Client, run_jobs: Jobs, travel: Travel
) -> None:
    first = started(acme, as_manager, travel, "Ada")
    sequences.run_due()
    marked(as_manager, first, *ids(acme, "Ada"))
    run_jobs()
    assert [f"{one.state} {one.hold_reason}" for one in emails(acme, first)] == ["held obsolete"]
    assert acme.reload(first).state is SequenceState.FINISHED


def test_many_are_marked_at_once_and_each_counts_once(
    acme: World, as_manager: Client, run_jobs: Jobs, travel: Travel
) -> None:
    sequence = started(acme, as_manager, travel, "Ada", "Bo", "Cy", max_answers="2")
    assert "Stops after 2 replies" in main_of(as_manager.get(f"{LIST}/{sequence.id}").text)
    run_jobs()
    picked = ids(acme, "Ada")
    assert "Nothing was changed for one more" in toasts(as_manager, sequence, *picked, str(uuid4()))
    assert "No one was marked" in toasts(as_manager, sequence, *picked, "nonsense")
    assert acme.reload(sequence).state is SequenceState.RUNNING
    assert "2 people marked as replied" not in main_of(as_manager.get(f"{LIST}/{sequence.id}").text)
    assert "Bo is marked as replied" in toasts(as_manager, sequence, *ids(acme, "Bo"))
    assert ways(acme, sequence) == {"Ada": "answered", "Bo": "answered", "Cy": "limit"}
    assert acme.reload(sequence).state is SequenceState.FINISHED


def toasts(manager: Client, sequence: EmailSequence, *picked: str) -> str:
    page = manager.follow(manager.post(f"{LIST}/{sequence.id}/answers", {"picked": [*picked]}))
    return page.text[page.text.index('id="toasts"') :]


def test_an_answer_to_the_last_email_is_told_after_the_end_as_well(
    acme: World, as_manager: Client, run_jobs: Jobs, travel: Travel
) -> None:
    sequence = started(acme, as_manager, travel, "Ada", "Bo", template_2="")
    run_jobs()
    travel(minutes=11)
    run_jobs()
    assert acme.reload(sequence).state is SequenceState.FINISHED
    assert "2 people marked as replied" in toasts(as_manager, sequence, *ids(acme, "Ada", "Bo"))
    assert ways(acme, sequence) == {"Ada": "answered", "Bo": "answered"}


def test_reminders_have_answers_of_their_own_and_other_workspaces_none_of_ours(
    acme: World, globex: World, as_manager: Client, as_rep: Client, travel: Travel
) -> None:
    with acme.session() as session:
        asks = session.scalars(select(EmailSequence).where(EmailSequence.program == "asks")).one()
    assert as_manager.post(f"{LIST}/{asks.id}/answers", {"picked": ["x"]}).status_code == 404
    sequence = started(acme, as_manager, travel, "Ada")
    assert as_rep.post(f"{LIST}/{sequence.id}/answers").status_code == 403
    theirs = globex.signed_in(Role.MANAGER)
    assert theirs.post(f"{LIST}/{sequence.id}/answers", {"picked": ids(acme, "Ada")}).status_code == 404
    assert ways(acme, sequence) == {"Ada": "waiting"}


def test_a_draft_keeps_after_how_many_answers_it_stops(acme: World, as_manager: Client) -> None:
    sequence = made(acme, as_manager, max_emails="500", max_answers="20")
    assert re.search(r'name="max_answers"[^>]*value="20"', as_manager.get(f"{LIST}/{sequence.id}/plan").text)
    assert "Stops after 500 emails or 20 replies" in main_of(as_manager.get(f"{LIST}/{sequence.id}").text)


def test_the_list_counts_emails_as_the_sequences_own_page_does(
    acme: World, as_manager: Client, run_jobs: Jobs, travel: Travel
) -> None:
    sequence = started(acme, as_manager, travel, "Ada", "Bo", "Cy")
    run_jobs()
    with acme.session() as session:
        became = zip(emails(acme, sequence), (EmailState.BOUNCED, EmailState.FAILED), strict=False)
        for email, state in became:
            session.get_one(Email, (email.tenant_id, email.id)).state = state
    with acme.session() as session:
        mine = (
            EmailFilters(sequence_id=sequence.id),
            EmailFilters(sequence_id=sequence.id, outcome=EmailOutcome.ACCEPTED),
        )
        written, sent = (len(session.scalars(found(each)).all()) for each in mine)
    assert (written, sent) == (3, 2)
    assert f"Running {written} {sent} 3" in main_of(as_manager.get(LIST).text)
    assert f"{written} created, {sent} sent" in main_of(as_manager.get(f"{LIST}/{sequence.id}").text)
