"""Who works at the demo's workspace. The owners and reps bear the addresses that the customer files name."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.declarations import program_switches
from portal.declarations.programs import PROGRAMS
from portal.signin import memberships
from portal.workspace import actions as workspace
from portal.workspace.brand_actions import BrandSettings, change_settings
from portal.workspace.provisioning import add_defaults, create_workspace
from tenants.models import Membership, Role, Tenant

SLUG, NAME = "ledgerworks", "Ledgerworks"
BRAND = BrandSettings(
    name=NAME,
    accent="#2f4fc4",
    time_zone="Europe/Berlin",
    currency="USD",
    postal_address="Ledgerworks GmbH, Torstraße 140, 10119 Berlin, Germany",
)


@dataclass(frozen=True)
class Person:
    name: str
    email: str
    roles: tuple[Role, ...]


ADMIN = Person("Ines Albrecht", "ines@goodword.example", (Role.ADMIN,))
MANAGER = Person("Dana Okafor", "dana@goodword.example", (Role.MANAGER,))
REPS = (
    Person("Noor Haddad", "rep1@goodword.example", (Role.REP,)),
    Person("Marco Bellini", "rep2@goodword.example", (Role.REP,)),
    Person("Priya Nair", "rep3@goodword.example", (Role.REP,)),
    Person("Jonas Reuter", "rep4@goodword.example", (Role.REP,)),
)
OWNERS = (
    Person("Sam Whitfield", "sam@goodword.example", (Role.OWNER,)),
    Person("Lee Tanaka", "lee@goodword.example", (Role.OWNER,)),
)
PERSON_OF_ROLE = {Role.MANAGER: MANAGER, Role.REP: REPS[0], Role.ADMIN: ADMIN, Role.OWNER: OWNERS[0]}
"""Who the one-click sign-in of a role signs in; the advocate is the one with most to look at."""


def make_workspace(session: Session) -> Tenant:
    return create_workspace(session, SLUG, NAME)[0]


def add_members(session: Session) -> None:
    add_defaults(session)
    admin = _add_member(session, ADMIN, None)
    change_settings(session, BRAND, by=admin)
    for person in (MANAGER, *REPS, *OWNERS):
        _add_member(session, person, admin)
    for program in PROGRAMS:
        program_switches.switch(session, program, on=True, by=admin)


def has_members(session: Session) -> bool:
    return memberships.by_email(session, MANAGER.email) is not None


def _add_member(session: Session, person: Person, by: Membership | None) -> Membership:
    member = workspace.invite(session, person.email, person.name, person.roles, by=by)
    memberships.join(session, member)
    return member


def member(session: Session, person: Person) -> Membership:
    found = memberships.by_email(session, person.email)
    if found is None:
        raise LookupError(f"{person.name} was never hired")
    return found
