"""Whatever the program: who is asked and who is not, what the ledger writes, what reaches the person."""

import re
from datetime import timedelta

import pytest
from markupsafe import escape

from portal import history
from portal.accounts.models import Health
from portal.advocates.models import Advocate, AdvocateState, ConsentPurpose
from portal.asks import actions, queries
from portal.asks.models import Ask, AskState
from portal.declarations.program_switches import ProgramIsOff
from portal.errors import Conflict
from tenants.clock import utc_now
from tenants.models import Role
from tests.client import Client
from tests.contracts.cases import BY_EMAIL
from tests.contracts.program_world import ProgramWorld, text_of
from tests.fixture_types import Jobs

MENUS = re.compile(r'<nav class="(?:gw-menu-main|gw-bottom).*?</nav>', re.DOTALL)
by_email = pytest.mark.parametrize("case", BY_EMAIL, indirect=True, ids=str)


def test_who_is_asked_has_one_ask_that_says_who_asked_and_by_when(here: ProgramWorld, run_jobs: Jobs) -> None:
    ada = here.world.advocate()
    here.ask(ada)
    run_jobs()
    (ask,) = here.asks_of(ada)
    assert (ask.state, ask.kind, ask.answered_at) == (AskState.SENT, here.case.kind, None)
    assert (ask.account_id, ask.sent_by_id) == (ada.account_id, here.manager.id)
    assert ask.attention_minutes > 0
    assert here.world.reload(ada).last_ask_at == ask.sent_at
    assert ask.due_on > utc_now().date()
    with here.world.session() as session:
        assert [line.action for line in history.entries_about(session, ask)] == ["sent"]


def test_the_workspace_next_door_hears_nothing_of_it(
    here: ProgramWorld, next_door: ProgramWorld, run_jobs: Jobs
) -> None:
    ada = here.world.signed_in_advocate()
    twin = next_door.world.signed_in_advocate(email=ada.advocate.email)
    ask = here.ask(ada.advocate)
    run_jobs()
    assert (next_door.asks_of(twin.advocate), next_door.emails(twin.advocate)) == ([], [])
    words = here.summary(ask).question
    assert (words in text_of(ada.get("/my/asks")), words in text_of(twin.get("/my/asks"))) == (True, False)


@by_email
def test_one_email_asks_and_its_link_opens_the_question(here: ProgramWorld, run_jobs: Jobs) -> None:
    ada = here.world.advocate()
    ask = here.ask(ada)
    run_jobs()
    found = here.links(ada)
    assert len(here.emails(ada)) == 1
    assert {link.partition("?")[0] for link in found} == {here.address(ask)}
    for link in found:
        page = here.holder.get(link, outside=True)
        assert (page.status_code, here.summary(ask).question in text_of(page)) == (200, True)
    assert here.world.reload(ask).emailed_at is not None


@by_email
def test_nobody_is_asked_by_an_email_that_had_not_left_when_the_ask_was_taken_back(
    here: ProgramWorld, run_jobs: Jobs
) -> None:
    ada = here.world.advocate()
    ask = here.ask(ada)
    here.withdraw(ask)
    run_jobs()
    assert here.links(ada) == []


def propose_again(here: ProgramWorld, ask: Ask, person: Advocate) -> None:
    """For the same record, past the feature."""
    with here.world.session() as session:
        record = session.get_one(here.program.subject, (here.world.id, ask.subject_id))
        actions.propose(session, ask.kind, person, record, ask.due_on)


def test_nobody_is_asked_for_the_same_while_they_are_asked(here: ProgramWorld) -> None:
    ada = here.world.advocate()
    ask = here.ask(ada)
    with pytest.raises(Conflict, match="is already being asked for this"):
        propose_again(here, ask, ada)
    assert len(here.asks_of(ada)) == 1


def test_whoever_pauses_is_not_asked(here: ProgramWorld, run_jobs: Jobs) -> None:
    until = (utc_now() + timedelta(days=30)).date()
    ada = here.world.advocate(state=AdvocateState.PAUSED, paused_at=utc_now(), paused_until=until)
    assert not here.is_asked(ada)
    run_jobs()
    assert here.emails(ada) == []


def test_whoever_did_not_agree_to_its_purpose_is_not_asked(here: ProgramWorld, run_jobs: Jobs) -> None:
    others = [purpose.value for purpose in ConsentPurpose if purpose is not here.case.kind.purpose]
    ada = here.world.advocate(consents=others)
    assert not here.is_asked(ada)
    run_jobs()
    assert here.emails(ada) == []


def test_whoever_is_not_willing_is_asked_only_what_needs_no_willingness(here: ProgramWorld) -> None:
    ada = here.world.advocate(accepted_ask_kinds=[])
    assert here.is_asked(ada) is not here.case.kind.row.needs_willingness


def test_an_unhappy_company_is_spared_favors_and_nothing_else(here: ProgramWorld) -> None:
    """Reviews, surveys, events and boards are never left out by health."""
    ada = here.world.advocate(account=here.world.account(health=Health.RED))
    assert here.is_asked(ada) is not here.case.kind.row.pauses_with_account


def menus(*readers: Client) -> str:
    pages = (
        reader.get("/my/asks" if reader.member.has_role(Role.ADVOCATE) else "/deals") for reader in readers
    )
    return "".join(menu for page in pages for menu in MENUS.findall(page.text))


def test_switched_off_it_asks_nobody_and_leaves_the_menus_but_links_that_were_sent_still_work(
    here: ProgramWorld,
) -> None:
    ada, bo = here.world.signed_in_advocate(), here.world.advocate()
    ask = here.ask(ada.advocate)
    entries = [f"{escape(one.label)}<" for one in (*here.program.menu, *here.program.advocate_menu)]
    shown = menus(here.as_manager(), ada)
    assert all(entry in shown for entry in entries)
    here.switch(on=False)
    shown = menus(here.as_manager(), ada)
    assert not any(entry in shown for entry in entries)
    assert not here.is_asked(bo)
    with pytest.raises(ProgramIsOff):
        propose_again(here, ask, bo)
    assert here.say_yes(ask).status_code == 303


def test_what_was_written_before_it_was_switched_off_is_not_sent(here: ProgramWorld) -> None:
    ada, bo = here.world.advocate(), here.world.advocate()
    asked = here.ask(ada)
    propose_again(here, asked, bo)
    here.switch(on=False)
    (written,) = here.asks_of(bo)
    with pytest.raises(ProgramIsOff), here.world.session() as session:
        actions.send(session, queries.get(session, written.id), here.manager)
    assert here.world.reload(written).state is AskState.PROPOSED
