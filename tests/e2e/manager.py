"""The manager: brings the customers in, invites some of them, asks the right one, looks at the figures."""

import re

from playwright.sync_api import expect

from portal.imports.models import ImportKind
from tests.e2e.day import Day
from tests.e2e.files import Customer, Files
from tests.e2e.people import Person


def uploads(manager: Person, files: Files, kind: ImportKind) -> None:
    """From the file to the button that starts it."""
    manager.follows("Imports")
    manager.follows(re.compile("Import (a|another) file"))
    manager.field("File").set_input_files(files.paths[kind])
    manager.presses("Upload and continue")
    manager.sees("Match the columns")
    manager.presses("Check the file")
    manager.reads("Nothing is imported yet.")


def starts(manager: Person) -> None:
    manager.presses(re.compile(r"^Import [\d,]+ rows$"))


def imports(manager: Person, files: Files, kind: ImportKind, outcome: str) -> None:
    uploads(manager, files, kind)
    starts(manager)
    manager.sees(outcome)


def imports_people(manager: Person, files: Files, day: Day) -> None:
    uploads(manager, files, ImportKind.PEOPLE)
    with day.the_merge():
        starts(manager)
        manager.reads("You can leave this page; the import continues.")
    manager.sees(f"{files.counts.people:,} people imported")


def reads_what_became_of_people(manager: Person, files: Files) -> None:
    counts = files.counts
    manager.reads(f"Also: {counts.people_besides}.")
    lines = manager.page.get_by_role("navigation", name="Rows by result")
    for words in (f"New{counts.people:,}", f"Not part of the table{counts.skipped}"):
        expect(lines).to_contain_text(words)


def looks_around(manager: Person, files: Files, customer: Customer) -> None:
    """Companies, people and deals are there."""
    counts = files.counts
    manager.follows("Deals")
    expect(manager.page.get_by_role("row")).to_have_count(26)
    manager.follows("Accounts")
    manager.fills("Find a company", customer.company)
    expect(manager.row(customer.company)).to_contain_text("known")
    manager.follows("Advocates")
    manager.follows(re.compile("^Candidates"))
    manager.reads(f"25 of {counts.people:,} shown")
    finds(manager, customer)
    manager.follows(customer.name)
    manager.reads(customer.title, customer.company, "Not invited yet.")


def finds(manager: Person, customer: Customer) -> None:
    manager.fills("Find a person", customer.name)
    expect(manager.page.get_by_role("table").get_by_role("link", name=customer.name)).to_have_count(1)


def invites(manager: Person, *customers: Customer) -> None:
    for customer in customers:
        manager.follows("Advocates")
        manager.follows(re.compile("^Candidates"))
        finds(manager, customer)
        manager.ticks(f"Select {customer.name}")
        manager.presses("Invite…")
        manager.presses("Send 1 invitation")
        manager.reads("1 invitation is on its way.")


def invites_a_page_of_candidates(manager: Person) -> None:
    manager.follows("Advocates")
    manager.follows(re.compile("^Candidates"))
    manager.ticks("Select all")
    manager.presses("Invite…")
    manager.presses("Send 25 invitations")
    manager.reads("25 invitations are on their way.")


def sees_nobody_enrolled(manager: Person) -> None:
    manager.follows("Advocates")
    manager.sees("Advocates")
    expect(manager.page.get_by_role("list", name="From known to active")).to_contain_text("0Enrolled")


def sees_enrolled(manager: Person, customer: Customer, *consents: str) -> None:
    manager.follows("Advocates")
    finds(manager, customer)
    manager.follows(customer.name)
    manager.reads("Consent record intact", *consents)


def opens_request(manager: Person, prospect: str, *, among: str = "All open") -> None:
    manager.follows("Requests")
    manager.follows(re.compile(f"^{among}"))
    manager.follows(prospect)
    manager.sees(re.compile(re.escape(prospect)))


def asks(manager: Person, customer: Customer) -> None:
    """The best candidate's button is the page's own, the others' stand beside them."""
    best = manager.page.get_by_role("button", name=f"Ask {customer.name}", exact=True)
    other = manager.page.get_by_role("article").filter(has_text=customer.name).get_by_role("button")
    best.or_(other).click()
    manager.presses("Send request")
    manager.reads(customer.name, "Asked ")


def records_outcome(manager: Person) -> None:
    manager.reads("Prospect: 5 of 5, “Just what we needed to hear.”")
    manager.presses("Record outcome")
    dialog = manager.page.get_by_role("dialog")
    dialog.get_by_label("Won").check()
    dialog.get_by_role("button", name="Record outcome").click()
    manager.reads("Won")
