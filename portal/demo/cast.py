"""Who works at the demo's workspace. The owners and reps bear the addresses that the customer files name."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.signin import members
from portal.workspace import actions as workspace
from portal.workspace.brand import Brand, change
from portal.workspace.making import furnish, make
from tenants.models import Membership, Role, Tenant

SLUG, NAME = "ledgerworks", "Ledgerworks"
BRAND = Brand(
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
SHOWN = {Role.MANAGER: MANAGER, Role.REP: REPS[0], Role.ADMIN: ADMIN, Role.OWNER: OWNERS[0]}
"""Whom the one-click sign-in of a role stands for; the advocate is the one with most to look at."""


def make_workspace(session: Session) -> Tenant:
    return make(session, SLUG, NAME)[0]


def hire(session: Session) -> None:
    """Everybody is invited and comes in, the admin first."""
    furnish(session)
    admin = _join(session, ADMIN, None)
    change(session, BRAND, by=admin)
    for person in (MANAGER, *REPS, *OWNERS):
        _join(session, person, admin)


def is_hired(session: Session) -> bool:
    """All of them or nobody: they come in one unit of work."""
    return members.by_address(session, MANAGER.email) is not None


def _join(session: Session, person: Person, by: Membership | None) -> Membership:
    member = workspace.invite(session, person.email, person.name, person.roles, by=by)
    members.join(session, member)
    return member


def member(session: Session, person: Person) -> Membership:
    found = members.by_address(session, person.email)
    if found is None:
        raise LookupError(f"{person.name} was never hired")
    return found
