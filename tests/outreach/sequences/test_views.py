"""A manager's own sequence: written, tried dry, started, watched, ended; and the times of the reminders."""

import re
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from portal.advocates.models import AdvocateState
from portal.outreach.models import Email
from portal.outreach.sequences import queries
from portal.outreach.sequences.models import EmailSequence, SequenceRun, SequenceState
from portal.outreach.sequences.timing import DAY, HOUR
from portal.outreach.suppressions.actions import suppress
from portal.outreach.suppressions.models import SuppressionReason
from tenants.clock import utc_now
from tenants.models import Role
from tests.client import Client
from tests.fixture_types import Jobs, Travel
from tests.outreach.sequences.factory import emails, own_email
from tests.world import World

LIST = "/emails/sequences"


def made(world: World, manager: Client, **more: Any) -> EmailSequence:
    """A draft of two emails, a week apart."""
    first, second = own_email(world, "Hello"), own_email(world, "Goodbye")
    form = {"name": "May", "purpose": "news", "template_1": first.id, "template_2": second.id, "day_2": "7"}
    manager.follow(manager.post(f"{LIST}/new", form | more))
    with world.session() as session:
        return session.scalars(select(EmailSequence).where(EmailSequence.program == "own")).one()


def test_while_an_email_waits_for_its_hour_it_can_be_paused_and_ended(
    acme: World, as_manager: Client, run_jobs: Jobs, travel: Travel
) -> None:
    acme.advocate()
    sequence = made(acme, as_manager, template_2="")
    as_manager.post(f"{LIST}/{sequence.id}/start")
    hour = utc_now().astimezone(ZoneInfo("Europe/Stockholm")).hour
    acme.set_outreach_policies(
        send_from_hour=(hour + 2) % 23, send_until_hour=(hour + 2) % 23 + 1, weekdays_only=0
    )
    travel(seconds=2)
    for _ in range(2):
        run_jobs()
    assert [f"{one.state} {one.hold_reason}" for one in emails(acme, sequence)] == ["held quiet_hours"]
    page = main_of(as_manager.get(f"{LIST}/{sequence.id}").text)
    assert "All emails have been created. It ends once the waiting ones are sent." in page
    assert "Email 1 : On hold: outside working hours. Until" in page
    assert "Pause…" in page
    as_manager.post(f"{LIST}/{sequence.id}/end")
    assert acme.reload(sequence).state is SequenceState.FINISHED
    assert [f"{one.state} {one.hold_reason}" for one in emails(acme, sequence)] == ["held obsolete"]
    (over,) = emails(acme, sequence)
    as_manager.post(f"/emails/{over.id}/end")
    assert as_manager.post(f"/emails/{over.id}/retries").status_code == 409, "nobody gets another email of it"
    run_jobs()
    assert [one.state for one in emails(acme, sequence)] == ["failed"]


def main_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page[page.index("<main") :]).split())


def version_on(page: str) -> str:
    found = re.search(r'name="seen"[^>]*value="(\d+)"', page)
    assert found
    return found[1]


def test_from_a_draft_to_the_last_email(
    acme: World, as_manager: Client, run_jobs: Jobs, travel: Travel
) -> None:
    acme.advocate(first_name="Ada", last_name="Lindqvist")
    acme.advocate(first_name="Bo", last_name="Berg", consents=["calls"])
    acme.advocate(first_name="Cy", last_name="Clark", state=AdvocateState.CANDIDATE)
    sequence = made(acme, as_manager)
    page = main_of(as_manager.get(f"{LIST}/{sequence.id}/dry-run").text)
    assert "1 person would receive it" in page
    assert "1 person gets the first email, starting" in page
    assert "won’t receive it: no consent" in page
    assert "Bo Berg" in main_of(as_manager.get(f"{LIST}/{sequence.id}/dry-run?who=not").text)
    assert "Cy Clark" not in page
    as_manager.follow(as_manager.post(f"{LIST}/{sequence.id}/start"))
    assert as_manager.post(f"{LIST}/{sequence.id}/start").status_code == 409
    for moment in (0, 8):
        travel(days=moment, seconds=2)
        run_jobs()
    assert [(one.recipient_name, one.sequence_step, one.state) for one in emails(acme, sequence)] == [
        ("Ada Lindqvist", 1, "accepted"),
        ("Ada Lindqvist", 2, "accepted"),
    ]
    travel(minutes=11)
    run_jobs()
    assert acme.reload(sequence).state is SequenceState.FINISHED


def test_the_numbers_of_the_page_are_those_of_the_rows(
    acme: World, as_manager: Client, run_jobs: Jobs, travel: Travel
) -> None:
    for _ in range(3):
        acme.advocate()
    sequence = made(acme, as_manager, max_emails="5")
    as_manager.post(f"{LIST}/{sequence.id}/start")
    travel(seconds=2)
    run_jobs()
    with acme.session() as session:
        run = session.scalars(select(SequenceRun).order_by(SequenceRun.id)).first()
        assert run
    as_manager.follow(as_manager.post(f"{LIST}/{sequence.id}/runs/{run.id}/end"))
    assert as_manager.post(f"{LIST}/{sequence.id}/runs/{run.id}/end").status_code == 409
    page = main_of(as_manager.get(f"{LIST}/{sequence.id}").text)
    assert "3 created , 3 sent" in page
    assert "All 3 In progress 2 Replied 0 Done 0 Stopped 1" in page
    with acme.session() as session:
        counted = session.scalars(select(Email).where(Email.sequence_id == sequence.id)).all()
    assert len(counted) == 3
    row = main_of(as_manager.get(LIST).text)
    assert "May At the start, 7 days after the start Running 3 3 2 0 1" in row


def test_only_the_audience_is_put_on_the_way(acme: World, as_manager: Client) -> None:
    bank = acme.account(industry="Banking", region="EMEA")
    ada = acme.advocate(account=bank, products=["Ledger Pro"])
    acme.advocate(account=bank, products=["Other"])
    acme.advocate(products=["Ledger Pro"])
    chosen = {"account.industry": "Banking", "account.region": "EMEA", "person.products": "Ledger Pro"}
    fields = {f"row-{n}": n for n in range(3)} | {f"operator-{n}": "any_of" for n in range(3)}
    fields |= {f"attribute-{n}": name for n, name in enumerate(chosen)}
    fields |= {f"value-{n}": value for n, value in enumerate(chosen.values())}
    sequence = made(acme, as_manager, **fields)
    page = main_of(as_manager.get(f"{LIST}/{sequence.id}").text)
    assert "Industry is any of Banking and Region is any of" in page
    assert "One person now" in page
    as_manager.post(f"{LIST}/{sequence.id}/start")
    with acme.session() as session:
        assert session.scalars(select(SequenceRun.advocate_id)).all() == [ada.id]


def test_whoever_is_never_written_to_is_not_put_on_the_way(acme: World, as_manager: Client) -> None:
    acme.advocate()
    silent = acme.advocate()
    with acme.session() as session:
        suppress(session, silent.email, SuppressionReason.BY_HAND)
    sequence = made(acme, as_manager)
    page = as_manager.follow(as_manager.post(f"{LIST}/{sequence.id}/start")).text
    assert "Started for 1 person." in page
    with acme.session() as session:
        assert silent.id not in session.scalars(select(SequenceRun.advocate_id)).all()


def test_a_sequence_for_nobody_is_not_started(acme: World, as_manager: Client) -> None:
    sequence = made(acme, as_manager)
    assert "No one would receive it" in as_manager.get(f"{LIST}/{sequence.id}/dry-run").text
    assert as_manager.post(f"{LIST}/{sequence.id}/start").status_code == 409
    assert acme.reload(sequence).state is SequenceState.DRAFT


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": ""}, "Please enter a name"),
        ({"template_1": "", "template_2": ""}, "at least one email"),
        ({"day_2": "0"}, "Two emails would be sent at the same time"),
        ({"day_2": "-1"}, "Please choose a number"),
        ({"day_2": ""}, "Please enter how many days after the start."),
        ({"template_1": "00000000-0000-0000-0000-000000000000"}, "Please choose an option from the list"),
        ({"purpose": "calls"}, "relies on a different consent"),
        ({"first_hour": "10"}, "both hours"),
        ({"first_hour": "12", "last_hour": "10"}, "an hour after the first"),
        ({"max_emails": "many"}, "Please enter a whole number"),
        ({"segment": "00000000-0000-0000-0000-000000000000"}, "was deleted, so nobody is in"),
    ],
)
def test_what_cannot_be_is_said_beside_the_form_and_nothing_is_lost(
    acme: World, as_manager: Client, wrong: dict[str, str], words: str
) -> None:
    first, second = own_email(acme, "Hello"), own_email(acme, "Goodbye")
    form = {"name": "May", "purpose": "news", "template_1": first.id, "template_2": second.id, "day_2": "7"}
    answer = as_manager.post(f"{LIST}/new", form | wrong)
    assert answer.status_code == 422
    assert words in main_of(answer.text)
    assert 'value="May"' in answer.text or "name" in wrong
    with acme.session() as session:
        assert not session.scalars(select(EmailSequence).where(EmailSequence.program == "own")).all()


def test_a_draft_is_changed_by_one_manager_at_a_time_and_not_after_its_start(
    acme: World, as_manager: Client
) -> None:
    acme.advocate()
    sequence = made(acme, as_manager)
    page = as_manager.get(f"{LIST}/{sequence.id}/plan").text
    form = {
        "name": "June",
        "purpose": "news",
        "template_1": own_email(acme, "Third").id,
        "seen": version_on(page),
    }
    as_manager.follow(as_manager.post(f"{LIST}/{sequence.id}/plan", form))
    assert acme.reload(sequence).name == "June"
    late = as_manager.post(f"{LIST}/{sequence.id}/plan", form)
    assert (late.status_code, "Someone else changed" in late.text) == (422, True)
    as_manager.post(f"{LIST}/{sequence.id}/start")
    now = {"seen": str(acme.reload(sequence).version)}
    assert as_manager.post(f"{LIST}/{sequence.id}/plan", form | now).status_code == 422


def test_a_sequence_is_copied_and_a_draft_removed(acme: World, as_manager: Client) -> None:
    acme.advocate()
    sequence = made(acme, as_manager, first_hour="9", last_hour="17", max_emails="3")
    as_manager.post(f"{LIST}/{sequence.id}/start")
    page = as_manager.follow(as_manager.post(f"{LIST}/{sequence.id}/copies")).text
    assert 'value="May (2)"' in page
    with acme.session() as session:
        copied = session.scalars(select(EmailSequence).where(EmailSequence.name == "May (2)")).one()
        steps = queries.steps(session, copied.id)
    assert (copied.state, copied.max_emails, copied.window_from) == (SequenceState.DRAFT, 3, 9)
    assert [step.minutes for step in steps] == [0, 7 * DAY]
    gone = as_manager.follow(as_manager.post(f"{LIST}/{copied.id}/removal")).text
    assert "The draft “May (2)” was removed." in gone
    assert as_manager.get(f"{LIST}/{copied.id}").status_code == 404
    assert as_manager.post(f"{LIST}/{sequence.id}/removal").status_code == 409, "it has started"


def test_the_times_of_reminders_are_changed_within_reason(acme: World, as_manager: Client) -> None:
    with acme.session() as session:
        calls = session.scalars(select(EmailSequence).where(EmailSequence.program == "meetings")).one()
    page = as_manager.get(f"{LIST}/{calls.id}/delays").text
    form = {
        "seen": version_on(page),
        "number_1": "2",
        "unit_1": str(DAY),
        "number_2": "3",
        "unit_2": str(HOUR),
    }
    far = as_manager.post(f"{LIST}/{calls.id}/delays", form | {"number_1": "90"})
    assert (far.status_code, "Please choose times" in far.text) == (422, True)
    assert as_manager.post(f"{LIST}/{calls.id}/delays", form | {"unit_1": "x"}).status_code == 422
    as_manager.follow(as_manager.post(f"{LIST}/{calls.id}/delays", form))
    shown = main_of(as_manager.get(f"{LIST}/{calls.id}").text)
    assert "2 days before the call" in shown
    assert "3 hours before the call" in shown
    assert as_manager.post(f"{LIST}/{calls.id}/end").status_code == 409
    as_manager.follow(as_manager.post(f"{LIST}/{calls.id}/pause"))
    as_manager.follow(as_manager.post(f"{LIST}/{calls.id}/resumption"))
    assert acme.reload(calls).state is SequenceState.RUNNING


def test_managers_and_admins_alone_write_to_many(acme: World, as_rep: Client, globex: World) -> None:
    assert as_rep.get(LIST).status_code == 403
    theirs = globex.signed_in(Role.MANAGER)
    sequence = made(globex, theirs)
    ours = acme.signed_in(Role.ADMIN)
    assert ours.get(LIST).status_code == 200
    for path in ("", "/plan", "/dry-run", "/delays"):
        assert ours.get(f"{LIST}/{sequence.id}{path}").status_code == 404
    assert ours.post(f"{LIST}/{sequence.id}/start").status_code == 404
    first = own_email(globex, "Theirs")
    own_email(acme, "Ours")
    stolen = ours.post(f"{LIST}/new", {"name": "Spy", "purpose": "news", "template_1": first.id})
    assert stolen.status_code == 422
