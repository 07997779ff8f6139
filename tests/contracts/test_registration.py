"""Whoever lists a program is held to the contracts: one without a case fails here, a wrong one stops the start."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from portal import bootstrap, programs
from portal.declarations.email_kinds import EMAIL_KINDS
from portal.declarations.home import nothing_for_owner, nothing_for_role
from portal.declarations.programs import PROGRAMS, Program
from portal.declarations.registry import DeclaredTwice
from portal.references.program import PROGRAM
from portal.settings import Settings
from tests.asks.dinners import DINNERS, declared
from tests.contracts.cases import CASES, without_case
from tests.contracts.later import LATER, LaterContract


def test_every_program_that_is_listed_is_held_to_the_contracts() -> None:
    assert without_case(PROGRAMS, CASES) == []


def test_a_program_without_a_case_is_told_what_to_add() -> None:
    own = [case for case in CASES if case.program is not DINNERS]
    (said,) = without_case([*PROGRAMS, DINNERS], own)
    assert "“dinners”" in said
    assert "add tests/contracts/programs/dinners.py" in said


def test_a_program_declares_what_its_cases_ask_for() -> None:
    assert [str(case) for case in CASES if case.kind not in case.program.ask_kinds] == []


def test_a_program_that_shows_something_to_owners_or_reps_has_a_case_for_it() -> None:
    for program in PROGRAMS:
        own = [case for case in CASES if case.program is program]
        assert any(case.needs_owner for case in own) is (program.home.for_owners is not nothing_for_owner)
        assert any(case.needs_rep for case in own) is (program.home.for_reps is not nothing_for_role)


def test_no_two_cases_have_one_name() -> None:
    assert len({str(case) for case in CASES}) == len(CASES)


@pytest.mark.parametrize("later", LATER, ids=str)
def test_what_cannot_happen_yet_is_no_contract_yet(later: LaterContract) -> None:
    assert not later.has_come(), (
        f"“{later.name}” can happen now. Write tests/contracts/test_{later.name}.py, for every program: "
        f"{later.promise} Then take the entry off tests/contracts/later.py."
    )


MAYBE = DINNERS.answer.extra[0]
WRONG: dict[str, tuple[Callable[[Program], Program], str]] = {
    "no name": (lambda one: replace(one, name=" "), "its name is missing."),
    "no label": (lambda one: replace(one, label=""), "its label is missing."),
    "no description": (lambda one: replace(one, description="\n"), "its description is missing."),
    "the record of another": (
        lambda one: replace(one, subject=PROGRAM.subject, email_subjects=PROGRAM.email_subjects),
        "Two programs declare records in the table “reference_requests”.",
    ),
    "nothing it asks for": (lambda one: replace(one, ask_kinds=()), "it asks for nothing."),
    "one slot for two": (
        lambda one: replace(one, due_work=PROGRAM.due_work[:1] * 2),
        "what it does by the clock is called “calls that took place” twice",
    ),
    "emails about the record of another": (
        lambda one: replace(one, email_subjects={**one.email_subjects, **PROGRAM.email_subjects}),
        "Two programs declare the page of emails about “meetings”.",
    ),
    "settings of another": (
        lambda one: replace(one, policy_groups=PROGRAM.policy_groups),
        "Two programs declare the group of settings “matching”.",
    ),
    "no page for its record": (
        lambda one: replace(one, email_subjects={}),
        "emails about deals lead to no page.",
    ),
    "no template for the question": (
        lambda one: replace(one, answer=replace(one.answer, template="dinners/ask.html")),
        "its template templates/dinners/ask.html is missing.",
    ),
    "no template for the answer": (
        lambda one: replace(one, answer=replace(one.answer, answered_template="dinners/done.html")),
        "its template templates/dinners/done.html is missing.",
    ),
    "a menu entry of another": (
        lambda one: replace(one, menu=PROGRAM.menu),
        "Two programs declare the menu entry “requests”.",
    ),
    "an entry for advocates twice": (
        lambda one: replace(one, advocate_menu=(one.menu[0], one.menu[0])),
        "Two programs declare the entry for advocates “dinners”.",
    ),
    "a metric of another": (
        lambda one: replace(one, metrics=PROGRAM.metrics[:1]),
        "Two programs declare the metric “fulfillment”.",
    ),
    "no words on a menu entry": (
        lambda one: replace(one, menu=(replace(one.menu[0], label=""),)),
        "its menu entry “dinners” has no words.",
    ),
    "no words on a button": (
        lambda one: replace(one, answer=replace(one.answer, extra=(replace(MAYBE, label=""),))),
        "its answer “maybe” has no words.",
    ),
    "an answer twice": (
        lambda one: replace(one, answer=replace(one.answer, extra=(MAYBE, MAYBE))),
        "two of its answers have one name.",
    ),
    "a link of another": (
        lambda one: replace(one, link_paths=dict.fromkeys([*PROGRAM.link_paths][:1], "seat")),
        "Two programs declare links for the purpose",
    ),
    "a link of every program": (
        lambda one: replace(one, link_paths={"answer": "seat"}),
        "the link purpose “answer” belongs to every program.",
    ),
    "a link to somewhere else": (
        lambda one: replace(one, link_paths={"seat": "/seat"}),
        "the path of the link “seat” is missing or begins with a slash.",
    ),
    "a link that leads nowhere": (
        lambda one: replace(one, link_paths={"seat": ""}),
        "the path of the link “seat” is missing",
    ),
}


@pytest.mark.parametrize(("plant", "said"), WRONG.values(), ids=WRONG)
def test_a_wrong_program_stops_web_workers_and_ticker(
    settings: Settings, plant: Callable[[Program], Program], said: str
) -> None:
    bootstrap.check_declarations()
    with declared(plant(DINNERS)), pytest.raises(SystemExit, match=re.escape(said)):
        bootstrap.connect_services(settings)
    bootstrap.check_declarations()


def test_one_that_is_whole_starts_and_one_that_is_there_twice_does_not() -> None:
    with declared(DINNERS):
        programs.check_declarations()
        with pytest.raises(DeclaredTwice, match="two programs called “dinners”"):
            PROGRAMS.add(DINNERS)
    assert DINNERS.name not in PROGRAMS


def test_an_email_of_a_program_that_is_not_whole_stops_the_start() -> None:
    unnamed = replace(PROGRAM.email_kinds[0], name="dinner", label="", sent_when="")
    EMAIL_KINDS.add(unnamed)
    try:
        with pytest.raises(SystemExit) as stopped:
            bootstrap.check_declarations()
    finally:
        del EMAIL_KINDS._declared["dinner"]
    assert [line.partition("“dinner”: ")[2] for line in str(stopped.value).splitlines()[1:]] == [
        "its label is missing.",
        "its sent_when is missing.",
        "its default text templates/emails/dinner.md is missing.",
    ]
