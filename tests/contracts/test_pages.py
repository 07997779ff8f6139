"""Whatever the program: it shows where people look for it, and more of its asks are no more queries."""

import re
from collections import Counter

import pytest

from portal.advocates.models import Advocate
from portal.asks import queries
from portal.asks.models import Ask
from portal.declarations.programs import Program
from tenants.models import Role
from tests.client import Client
from tests.contracts.cases import HAS_TODAY, MEASURED, NEEDS_OWNERS, NEEDS_REPS
from tests.contracts.program_world import ProgramWorld, text_of
from tests.fixture_types import Jobs, Travel
from tests.present import present
from tests.rules.query_counter import statements

NEEDS_YOU = re.compile(r'<ol class="gw-rows">.*?</ol>', re.DOTALL)
AGENDA = re.compile(r'<ol class="gw-agenda">.*?</ol>', re.DOTALL)
LINK = re.compile(r'href="([^"#]+)"')
MOST_QUERIES = 8
measured = pytest.mark.parametrize("case", MEASURED, indirect=True, ids=str)


def done(here: ProgramWorld, person: Advocate, travel: Travel) -> Ask:
    ask = here.ask(person)
    assert here.say_yes(ask).status_code == 303
    here.case.finish(here.world, here.manager, ask, travel)
    return ask


def test_the_timeline_of_a_person_tells_how_the_ask_stands(
    here: ProgramWorld, next_door: ProgramWorld, run_jobs: Jobs
) -> None:
    ada, twin = here.world.advocate(), next_door.world.advocate()
    asked = here.ask(ada)
    told = [here.timeline_text(asked)]
    assert told[0] in text_of(here.as_manager().get(f"/advocates/{ada.id}"))
    here.say_no(asked)
    run_jobs()
    told.append(here.timeline_text(asked))
    assert told[1] in text_of(here.as_manager().get(f"/advocates/{ada.id}"))
    assert told[0] != told[1]
    theirs = text_of(next_door.as_manager().get(f"/advocates/{twin.id}"))
    assert [words for words in told if words in theirs] == []


def test_what_it_led_to_is_told_to_whoever_helped_and_to_nobody_else(
    here: ProgramWorld, travel: Travel, run_jobs: Jobs
) -> None:
    ada, bo = here.world.signed_in_advocate(), here.world.signed_in_advocate()
    ask = done(here, ada.advocate, travel)
    run_jobs()
    with here.world.session() as session:
        now = queries.get(session, ask.id)
        entry = here.program.impact.entries(session, [now])[ask.id]
        headline = here.program.impact.headline(session, now.advocate)
    page = text_of(here.world.signed_in(as_member=ada.member).get("/my/impact"))
    for words in (entry.title, entry.text, headline.title, headline.sentence):
        assert str(words) in page
    theirs = text_of(here.world.signed_in(as_member=bo.member).get("/my/impact"))
    assert (str(entry.text) in theirs, "No impact yet" in theirs) == (False, True)


def stays(program: Program) -> bool:
    """What waits for people may stay although no new work begins."""
    return program.home.stays_when_off


def test_what_needs_a_manager_stands_at_home_while_the_program_is_on(
    here: ProgramWorld, next_door: ProgramWorld
) -> None:
    here.world.advocate()
    next_door.switch(on=False)
    words = here.case.needs_manager(here.world, here.manager)
    manager = here.as_manager()
    rows = "".join(NEEDS_YOU.findall(manager.get("/").text))
    assert words in rows
    opened = {link: manager.get(link, outside=True).status_code for link in LINK.findall(rows)}
    assert opened
    assert set(opened.values()) <= {200, 302, 303}, opened
    here.switch(on=False)
    assert (words in manager.get("/").text) is stays(here.program)
    assert words not in next_door.as_manager().get("/").text


@pytest.mark.parametrize("case", NEEDS_OWNERS, indirect=True, ids=str)
def test_what_needs_an_owner_stands_at_their_home_and_at_no_other_owners(
    here: ProgramWorld, next_door: ProgramWorld
) -> None:
    mika, other, far = (world.member(Role.OWNER) for world in (here.world, here.world, next_door.world))
    words = present(here.case.needs_owner)(here.world, mika)
    home = here.world.signed_in(as_member=mika).get("/").text
    assert words in home
    links = {link for rows in NEEDS_YOU.findall(home) for link in LINK.findall(rows)}
    assert {here.world.signed_in(as_member=mika).get(link, outside=True).status_code for link in links} == {
        200
    }
    assert words not in here.world.signed_in(as_member=other).get("/").text
    assert words not in next_door.world.signed_in(as_member=far).get("/").text
    here.switch(on=False)
    assert (words in here.world.signed_in(as_member=mika).get("/").text) is stays(here.program)


@pytest.mark.parametrize("case", NEEDS_REPS, indirect=True, ids=str)
def test_a_rep_finds_the_own_work_at_home_and_nobody_elses(
    here: ProgramWorld, next_door: ProgramWorld
) -> None:
    noor, other, far = (world.member(Role.REP) for world in (here.world, here.world, next_door.world))
    words = present(here.case.needs_rep)(here.world, noor)
    assert words in here.world.signed_in(as_member=noor).get("/").text
    assert words not in here.world.signed_in(as_member=other).get("/").text
    assert words not in next_door.world.signed_in(as_member=far).get("/").text
    here.switch(on=False)
    assert words not in here.world.signed_in(as_member=noor).get("/").text


@pytest.mark.parametrize("case", HAS_TODAY, indirect=True, ids=str)
def test_what_is_on_today_stands_at_home_while_the_program_is_on(
    here: ProgramWorld, next_door: ProgramWorld
) -> None:
    here.world.advocate()
    words = present(here.case.on_today)(here.world, here.manager)
    page = AGENDA.search(here.as_manager().get("/").text)
    assert words in present(page)[0]
    here.switch(on=False)
    assert words not in here.as_manager().get("/").text
    assert words not in next_door.as_manager().get("/").text


@measured
def test_a_favor_stands_among_the_rows_of_every_metric_of_its_program(
    here: ProgramWorld, next_door: ProgramWorld, travel: Travel, run_jobs: Jobs
) -> None:
    ada = here.world.advocate(first_name="Adelheid")
    ask = done(here, ada, travel)
    run_jobs()
    rows, theirs = metric_rows(here, here.as_manager()), metric_rows(next_door, next_door.as_manager())
    named = {name for name, page in rows.items() if names_favor(page, ada, ask)}
    assert set(rows) == named == set(here.case.metrics)
    assert [name for name, page in theirs.items() if names_favor(page, ada, ask)] == []


def names_favor(page: str, person: Advocate, ask: Ask) -> bool:
    """By the person, or by whom it helps."""
    return any(name in page for name in (person.name, ask.helps_name) if name)


@measured
def test_switched_off_its_metrics_are_gone(here: ProgramWorld, travel: Travel) -> None:
    done(here, here.world.advocate(), travel)
    assert set(metric_rows(here, here.as_manager())) == set(here.case.metrics)
    here.switch(on=False)
    assert metric_rows(here, here.as_manager()) == {}


def metric_rows(here: ProgramWorld, manager: Client) -> dict[str, str]:
    """The page of rows that the number of each of its metrics leads to, by name."""
    links: dict[str, str] = {}
    for link in LINK.findall(text_of(manager.get("/metrics?period=12-months"))):
        links.setdefault(link.split("?")[0].rpartition("/metrics/")[2], link)
    pages = {name: manager.get(links[name], outside=True) for name in here.case.metrics if name in links}
    assert {page.status_code for page in pages.values()} <= {200}
    return {name: text_of(page) for name, page in pages.items()}


def test_more_asks_are_no_more_queries(here: ProgramWorld, travel: Travel) -> None:
    """Lists, timeline and impact ask each program once for all of its asks."""
    few, many = here.world.signed_in_advocate(), here.world.signed_in_advocate()
    for number in range(2):
        travel(days=100)  # windows have room again
        done(here, many.advocate, travel)
        if not number:
            done(here, few.advocate, travel)
    for number in range(3):
        travel(days=100)
        here.ask(many.advocate)
        if not number:
            here.ask(few.advocate)
    assert counted(here, few) == counted(here, many)


def counted(here: ProgramWorld, person: Client) -> Counter[str]:
    """Page -> queries."""
    own, manager = here.world.signed_in(as_member=person.member), here.as_manager()
    pages = {
        "list": (own, "/my/asks"),
        "impact": (own, "/my/impact"),
        "timeline": (manager, f"/advocates/{person.advocate.id}"),
    }
    found: Counter[str] = Counter()
    for name, (reader, path) in pages.items():
        assert reader.get(path).status_code == 200  # the first time a process reads the clock, too
        with statements() as sent:
            reader.get(path)
        found[name] = len(sent)
    assert max(found.values()) <= MOST_QUERIES, found
    return found
