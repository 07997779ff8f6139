"""The admin: comes in by the first email, says where the workspace is, invites colleagues."""

import re

from playwright.sync_api import expect

from tests.e2e.people import Person

ROLES = {"manager": "Program manager", "rep": "Sales rep"}


def joins(person: Person, workspace: str) -> None:
    """By the email that invites them, whoever wrote it."""
    person.answers_email(f"invites you to {workspace}", "Accept the invitation")
    person.presses(f"Join {workspace}")
    expect(person.page).to_have_url(re.compile("/$"))


def says_where_we_are(admin: Person, slug: str) -> None:
    admin.goes_to(f"/{slug}/settings/brand")
    admin.chooses("Time zone", "Europe/Berlin")
    admin.fills("Postal address", "Torstraße 140, 10119 Berlin, Germany")
    admin.presses("Save")
    admin.reads("Torstraße 140")


def invites(admin: Person, colleague: Person, role: str) -> None:
    admin.follows("Settings")
    admin.follows("People and roles")
    admin.follows("Invite a colleague")
    admin.fills("Name", colleague.name)
    admin.fills("Work email", colleague.email)
    admin.ticks(ROLES[role])
    admin.presses("Send invitation")
    admin.reads(f"{colleague.name} has been invited.")
