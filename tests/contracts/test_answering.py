"""Whatever the program: the answer page opens, takes an answer once, and keeps what was promised beside the buttons."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import history
from portal.advocates.models import AdvocateState
from portal.asks.answer_codes import DeclineReason
from portal.asks.models import Ask, AskState
from portal.outreach.models import Email
from tenants.clock import utc_now
from tests.contracts.cases import (
    ALONE,
    CAN_HIDE,
    CANNOT_HIDE,
    WITH_EXTRA_ANSWERS,
)
from tests.contracts.program_case import ProgramCase
from tests.contracts.program_world import ProgramWorld, text_of
from tests.fixture_types import Jobs, Travel
from tests.mailbox import Mailbox
from tests.present import present

YES = {AskState.ACCEPTED, AskState.COMPLETED}
NONSENSE = ("\x00", "-1", "9" * 400, "", "🦜" * 3000)


def some(cases: tuple[ProgramCase, ...]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", cases, indirect=True, ids=str)


def lines(here: ProgramWorld, ask: Ask) -> list[str]:
    """The history of an ask, oldest first."""
    with here.world.session() as session:
        return [line.action for line in reversed(history.entries_about(session, ask))]


def test_it_stands_on_the_list_of_whoever_is_asked_and_opens_from_there(here: ProgramWorld) -> None:
    ada, colleague = here.world.signed_in_advocate(), here.world.signed_in_advocate()
    ask = here.ask(ada.advocate)
    summary, mine = here.summary(ask), text_of(ada.get("/my/asks"))
    for words in (summary.question, summary.length, "Dana Okafor", f'href="{here.address(ask)}"'):
        assert words in mine
    page = here.open(ask)
    assert (page.status_code, summary.question in text_of(page)) == (200, True)
    assert summary.question not in text_of(colleague.get("/my/asks"))


def test_to_open_it_answers_nothing(here: ProgramWorld, run_jobs: Jobs) -> None:
    """Scanners of mail open every link, some of them three times."""
    ada = here.world.advocate()
    ask = here.ask(ada)
    run_jobs()
    before, emails = here.world.reload(ask).version, len(here.emails(ada))
    for _ in range(3):
        for path in ("", "/not-now", "/question"):
            assert here.holder.get(here.address(ask) + path, outside=True).status_code == 200
    run_jobs()
    assert (here.world.reload(ask).version, len(here.emails(ada))) == (before, emails)


def test_a_link_opens_no_ask_of_the_workspace_next_door(here: ProgramWorld, next_door: ProgramWorld) -> None:
    theirs = next_door.ask(next_door.world.advocate())
    for path in ("", "/not-now", "/dismissal"):
        fields = {"reason": "too_busy"} | here.case.yes(next_door.world, theirs)
        assert here.post(theirs, path, fields).status_code == 404
    assert here.open(theirs).status_code == 404
    assert next_door.world.reload(theirs).state is AskState.SENT


def test_a_yes_pressed_twice_is_one_yes(here: ProgramWorld, next_door: ProgramWorld, run_jobs: Jobs) -> None:
    ada = here.world.advocate()
    ask, theirs = here.ask(ada), next_door.ask(next_door.world.advocate(email=ada.email))
    fields = here.case.yes(here.world, ask)
    assert here.post(ask, fields=fields).status_code == 303
    run_jobs()
    once, told, emails = here.world.reload(ask), lines(here, ask), len(here.emails(ada))
    assert (once.state in YES, once.answered_at is not None) == (True, True)
    assert here.post(ask, fields=fields).status_code == (303 if here.case.may_change else 409)
    run_jobs()
    twice = here.world.reload(ask)
    assert (twice.state, twice.answered_at, twice.completed_at) == (
        once.state,
        once.answered_at,
        once.completed_at,
    )
    assert (lines(here, ask), len(here.emails(ada))) == (told, emails)
    assert (here.open(ask).status_code, next_door.world.reload(theirs).state) == (200, AskState.SENT)


def test_nonsense_is_refused_or_taken_and_never_an_error(here: ProgramWorld) -> None:
    ask = here.ask(here.world.advocate())
    for nonsense in NONSENSE:
        before = here.world.reload(ask)
        given = here.post(ask, fields=dict.fromkeys(here.case.yes(here.world, ask), nonsense)).status_code
        after = here.world.reload(ask)
        assert given in {303, 400, 409, 422}, nonsense
        assert given == 303 or (after.state, after.version) == (before.state, before.version), nonsense


def test_not_now_is_one_tap_and_no_question_any_more(
    here: ProgramWorld, next_door: ProgramWorld, run_jobs: Jobs
) -> None:
    ada = here.world.signed_in_advocate()
    ask, theirs = here.ask(ada.advocate), next_door.ask(next_door.world.advocate())
    assert here.say_no(ask).status_code == 303
    run_jobs()
    stands = here.world.reload(ask)
    assert (stands.state, stands.decline_reason) == (AskState.DECLINED, DeclineReason.TOO_BUSY)
    assert stands.answered_at is not None
    page = ada.get("/my/asks").text
    assert ("You said not now" in page, here.address(ask) in page) == (True, False)
    assert (here.open(ask).status_code, next_door.world.reload(theirs).state) == (200, AskState.SENT)


def test_a_pause_is_a_no_and_a_rest(here: ProgramWorld, run_jobs: Jobs) -> None:
    ada = here.world.advocate()
    ask = here.ask(ada)
    assert here.post(ask, "/not-now", {"pause": "30"}).status_code == 303
    run_jobs()
    rests = here.world.reload(ada)
    assert (here.world.reload(ask).state, rests.state) == (AskState.DECLINED, AdvocateState.PAUSED)
    assert present(rests.paused_until) > utc_now().date() + timedelta(days=28)


def test_only_a_reason_that_the_page_offers_is_taken(here: ProgramWorld) -> None:
    ask = here.ask(here.world.advocate())
    page = here.holder.get(f"{here.address(ask)}/not-now", outside=True).text
    offered = set(re.findall(r'name="reason" value="(\w+)"', page))
    assert {"not_now", "too_busy"} <= offered
    for reason in {*DeclineReason} - offered:
        assert here.post(ask, "/not-now", {"reason": reason}).status_code == 422, reason
    assert here.world.reload(ask).state is AskState.SENT


@some(ALONE)
def test_what_nobody_else_can_do_takes_no_colleague(here: ProgramWorld) -> None:
    ask = here.ask(here.world.advocate())
    path = f"{here.address(ask)}/colleague"
    assert "/colleague" not in here.open(ask).text
    assert here.holder.get(path, outside=True).status_code == 409
    assert here.post(ask, "/colleague", {"colleague_name": "Bo Ek"}).status_code == 409
    stands = here.world.reload(ask)
    assert (stands.state, stands.version) == (AskState.SENT, ask.version)


@some(WITH_EXTRA_ANSWERS)
def test_another_answer_is_written_down_and_an_unknown_one_is_not(here: ProgramWorld) -> None:
    assert here.post(here.ask(here.world.advocate()), "/other-answer", {"answer": "?"}).status_code == 404
    for extra in here.program.answer.extra:
        ask = here.ask(here.world.advocate())
        assert extra.label in text_of(here.open(ask))
        assert here.post(ask, "/other-answer", {"answer": extra.name}).status_code == 303
        assert here.world.reload(ask).answered_at is not None


def test_a_question_can_come_first_and_what_may_be_hidden_says_so(here: ProgramWorld) -> None:
    page = here.open(here.ask(here.world.advocate())).text
    assert ("/not-now" in page, "/question" in page) == (True, True)
    assert ("Hide for 30 days" in page) is here.program.answer.can_dismiss


@some(CAN_HIDE)
def test_hidden_it_leaves_the_list_for_thirty_days_and_nothing_else_changes(
    here: ProgramWorld, travel: Travel
) -> None:
    ada = here.world.signed_in_advocate()
    ask = here.ask(ada.advocate)
    assert [here.post(ask, "/dismissal").status_code for _ in range(2)] == [303, 303]
    hidden = here.world.reload(ask)
    assert (hidden.state, hidden.due_on, hidden.answered_at) == (AskState.SENT, ask.due_on, None)
    assert here.address(ask) not in ada.get("/my/asks").text
    travel(days=31)
    later = here.world.signed_in(as_member=ada.member)
    assert here.address(ask) in later.get("/my/asks").text


@some(CANNOT_HIDE)
def test_what_cannot_be_hidden_offers_no_button_for_it(here: ProgramWorld) -> None:
    ada = here.world.signed_in_advocate()
    ask = here.ask(ada.advocate)
    assert here.post(ask, "/dismissal").status_code == 409
    page = ada.get("/my/asks").text
    assert (here.address(ask) in page, "/dismissal" in page, "/dismissal" in here.open(ask).text) == (
        True,
        False,
        False,
    )


def test_a_question_reaches_whoever_asked_and_leads_to_the_record(here: ProgramWorld, run_jobs: Jobs) -> None:
    ask = here.ask(here.world.advocate())
    assert here.post(ask, "/question", {"question": "Who else knows of it?"}).status_code == 200
    run_jobs()
    assert "Who else knows of it?" in Mailbox(here.world).last(here.manager.email).text
    assert here.world.reload(ask).state is AskState.SENT
    with here.world.session() as session:
        email = session.scalars(select(Email).where(Email.kind == "ask_question")).one()
        record = present(here.program.email_subjects[ask.subject_type](session, ask.subject_id))
    manager = here.as_manager()
    page = text_of(manager.get(f"/emails/{email.id}"))
    (linked,) = {part for part in page.split('"') if part.endswith(f"/{ask.subject_id}")}
    assert (record.label in page, manager.get(linked, outside=True).status_code) == (True, 200)
