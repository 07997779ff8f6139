"""A customer with a phone: joins, answers an ask, tells how the call went."""

import re

from icalendar import Calendar
from playwright.sync_api import expect

from tests.e2e.files import Customer
from tests.e2e.people import Person


def asks_to_join(person: Person, slug: str, customer: Customer) -> None:
    """The public page: what it costs and brings, then consent for each purpose, wishes and limits."""
    person.goes_to(f"/join/{slug}")
    person.reads("What it costs you", "What you get out of it")
    person.fills("Full name", customer.name)
    person.fills("Work email", customer.email)
    person.fills("Company", customer.company)
    person.fills("Job title", customer.title)
    person.ticks("Reference calls", "My name in writing")
    sets_limits(person)
    expect(person.field("My time zone")).to_have_value("Europe/Stockholm")
    person.presses("Send me the confirmation email")
    person.sees("We’ve sent you an email")


def sets_limits(person: Person) -> None:
    person.unfolds("Your limits, topics and languages")
    person.ticks("A reference call, 20 minutes", "English")
    person.chooses("Maximum time for favors", "40 minutes in 90 days")
    person.chooses("Maximum calls", "Two calls in 90 days")


def confirms(person: Person, workspace: str) -> None:
    person.answers_email(f"Please confirm that you’re joining {workspace}", "Confirm and join")
    person.sees("One tap to confirm")
    person.presses("Yes, that was me")
    person.sees(f"You’re in, {person.first}")


def accepts_invitation(person: Person, workspace: str, customer: Customer) -> None:
    person.answers_email(
        f"Would you talk to people considering {workspace} now and then?", "See what’s involved"
    )
    expect(person.field("Company")).to_have_value(customer.company)
    person.ticks("Reference calls", "Reviews")
    sets_limits(person)
    person.presses("Join")
    person.sees(f"You’re in, {person.first}")


def opens_the_ask(person: Person, prospect: str) -> None:
    person.answers_email(f"Could you talk to {prospect} for 20 minutes?", "See the request and answer")
    person.sees(re.compile(re.escape(prospect)))


def says_not_now(person: Person) -> None:
    person.follows("Not now")
    person.presses(re.compile("^No time before"))
    person.sees("Noted: not this time")


def says_yes_with_three_times(person: Person) -> None:
    """Before that, two are refused: the other side wants a choice."""
    times = person.page.get_by_role("checkbox")
    for place in (0, 1):
        times.nth(place).check()
    person.presses("Yes, these 2 times")
    person.reads("Please pick at least 3 times")
    times.nth(2).check()
    person.presses("Yes, these 3 times")
    person.sees("Thank you, you said yes")
    expect(
        person.page.get_by_role("region", name="The times you offered").get_by_role("listitem")
    ).to_have_count(3)


def finds_the_call(person: Person, other: str) -> Calendar:
    """The calendar file that came with the email."""
    person.finds_email(re.compile(f"^Confirmed: .* with {re.escape(other)}"))
    return person.takes_calendar_file("Calendar file")


def tells_how_it_was(person: Person, other: str, words: str) -> None:
    person.answers_email(re.compile(f"^How was your call with {re.escape(other)}"), "Answer")
    person.ticks("It took place")
    person.page.get_by_role("radio", name="5").check()
    person.fills("A comment", words)
    person.presses("Send my answer")
    person.sees("Thank you for your answer")
