"""The figures at the end of the story: each with its formula, its n, its target, and the rows behind it."""

import re

from playwright.sync_api import expect

from tests.e2e.people import Person

FIGURES = {  # the number, its n, its target
    "Reference fulfillment": ("100%", "1 of 1", "(80%)"),
    "Advocate activation": ("50%", "1 of 2", "(45%)"),
    "Reference volume": ("1", "1", "more by"),
    "Advocate count": ("1", "1", "below target (50)"),
}


def opens(person: Person) -> None:
    """A year back, so that no end of a quarter can fall between the wish and the talk."""
    person.follows("Metrics")
    person.unfolds("Period")
    person.follows(re.compile("^Twelve months"))
    expect(person.page.locator("summary", has_text="Twelve months")).to_be_visible()


def reads_figures(person: Person) -> None:
    for name, (number, n, target) in FIGURES.items():
        figure = person.page.get_by_role("region", name=name, exact=True)
        for words in (f"{name}{number}", "Formula", f"n{n}", target):
            expect(figure).to_contain_text(words)
        expect(figure.get_by_role("table")).to_be_visible()
    for name in ("Review velocity", "Not measured yet"):
        expect(person.page.get_by_role("region", name=name)).to_contain_text(
            re.compile("No (reviews|boards) yet")
        )
    for name in ("Event attendance", "NPS"):  # of programs that are switched off
        expect(person.page.get_by_role("region", name=name, exact=True)).to_have_count(0)


def opens_the_rows(person: Person, name: str, row: str) -> None:
    person.follows(re.compile(f"^See the (requests|people) of {name}$"))
    expect(person.page.get_by_role("row").filter(has_text=row)).to_have_count(1)
