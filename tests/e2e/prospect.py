"""The prospect: no account, one signed page to pick a time, one question afterwards."""

from icalendar import Calendar

from tests.e2e.people import Person


def picks_the_first_time(person: Person, workspace: str, *secret: str) -> Calendar:
    """The entry comes from the page; nothing of the other side's address does."""
    person.answers_email(f"Pick a time to talk to a customer of {workspace}", "Pick a time")
    person.never_reads(*secret)
    person.page.get_by_role("radio").first.check()
    person.presses("Confirm this time")
    person.reads("Confirmed:")
    person.never_reads(*secret)
    return person.takes_calendar_file(".ics file")
