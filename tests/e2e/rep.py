"""The rep: files a request in under a minute, reads who could help, follows it to its end."""

import re

from playwright.sync_api import expect

from tests.e2e.files import Customer, Row
from tests.e2e.people import Person

QUESTIONS = "How long did it take?\nWhat would you do again?"


def files_request(rep: Person, deal: Row, prospect: Person) -> None:
    rep.follows("Requests")
    rep.follows("Ask for a reference")
    rep.field("Start from a deal").press_sequentially(deal["Prospect"][:6])
    rep.follows(deal["Prospect"])
    is_filled_from(rep, deal)
    rep.unfolds("Details that help us find the right person")
    rep.fills("What they want to ask", QUESTIONS)
    rep.unfolds("Who at the prospect will join")
    rep.fills("Who will join: name", prospect.name)
    rep.fills("Email", prospect.email)
    rep.chooses("Time zone", "America/New_York")
    rep.presses("Send request")
    rep.reads("Sent. You’ll hear from us within one working day")


def is_filled_from(rep: Person, deal: Row) -> None:
    given = {
        "Prospect company": deal["Prospect"],
        "What they want": "call",
        "Product": deal["Product"],
        "Industry": deal["Industry"],
        "Region": deal["Region"],
    }
    for label, value in given.items():
        expect(rep.field(label)).to_have_value(value)
    expect(rep.field("Needed by")).not_to_have_value("")


def sees_candidates_without_names(rep: Person, *customers: Customer) -> None:
    candidates = rep.page.get_by_role("region", name=re.compile("could|fit|candidate"))
    expect(candidates.get_by_role("article")).to_have_count(len(customers))
    rep.never_reads(*(one.name for one in customers), *(one.email for one in customers))


def reads_email(rep: Person, subject: str, button: str = "Open the request") -> None:
    rep.answers_email(subject, button)


def sees_how_it_ended(rep: Person, prospect: str, customer: Customer) -> None:
    """After the yes the name is theirs to know; the address never is, nor the line that the desk alone reads."""
    rep.follows("Requests")
    rep.follows("Ended")
    rep.follows(prospect)
    rep.reads("Won", customer.name, "Prospect: 5 of 5")
    rep.never_reads(customer.email, "Just what we needed")
