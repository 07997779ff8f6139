"""Emails for a bad day: of two workspaces, each saying whose it is; some readers are suppressed meanwhile."""

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portal.advocates.models import Advocate, AdvocateState
from portal.app import create_app
from portal.declarations.email_content import PageLink, Recipient
from portal.outreach.emails import NEW_LINK, OWN_EMAIL
from portal.outreach.messages.compose import compose
from portal.outreach.models import Email, EmailState
from portal.outreach.suppressions.actions import suppress
from portal.outreach.suppressions.models import SuppressionReason
from portal.settings import Settings
from tenants.clock import utc_now
from tenants.database import tenant, tenant_session
from tests.chaos.scenario import Scenario
from tests.world import World

T = TypeVar("T")
MUCH_LATER = timedelta(days=1)  # it is made due by hand, once its reader is suppressed
A_TIME = 25  # emails in one transaction
PATIENCE = 60.0  # seconds for a database that restarts


@dataclass
class Load:
    day: Scenario
    worlds: list[World]
    suppressed: set[str] = field(default_factory=set)  # addresses
    written: dict[UUID, World] = field(default_factory=dict)  # email -> whose it is

    @classmethod
    def build(cls, settings: Settings, day: Scenario) -> "Load":
        app = create_app(settings)
        worlds = [World.build(app, name) for name in ("Acme", "Globex")]
        for world in worlds:
            world.set_outreach_policies(emails_per_day=2_000_000)
        return cls(day, worlds)

    def batches(self) -> Iterator[tuple[World, list[int]]]:
        until = self.day.emails - self.day.evening
        for first in range(0, until, A_TIME):
            world = self.worlds[first // A_TIME % len(self.worlds)]
            yield world, list(range(first, min(first + A_TIME, until)))

    def evening(self) -> Iterator[tuple[World, list[int]]]:
        for number in range(self.day.emails - self.day.evening, self.day.emails):
            yield self.worlds[number % len(self.worlds)], [number]

    def write(self, world: World, numbers: list[int]) -> None:
        """All of them, however often the database goes away meanwhile: an occasion has one email."""
        chosen = random.Random(f"{self.day.seed}{numbers[0]}")
        unlucky = {number for number in numbers if chosen.random() < self.day.suppressed}
        ids = stubbornly(
            lambda: in_a_unit(
                world,
                lambda session: [_email(session, number, waits=number in unlucky) for number in numbers],
            )
        )
        stubbornly(lambda: in_a_unit(world, lambda session: _suppress(session, unlucky)))
        self.suppressed |= {address(number) for number in unlucky}
        self.written |= dict.fromkeys(ids, world)


def address(number: int) -> str:
    return f"reader{number}@customer.example"


def in_a_unit(world: World, act: Callable[[Session], T]) -> T:
    with tenant_session(world.tenant_id) as session:
        return act(session)


def stubbornly(act: Callable[[], T]) -> T:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return act()
        except DBAPIError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def _email(session: Session, number: int, *, waits: bool) -> UUID:
    """Those whose reader is about to be suppressed wait for it, so that it happens after they were queued.

    Every other one is news of a program to somebody who agreed to it, and passes all the rules of governance.
    """
    when = utc_now() + MUCH_LATER if waits else None
    if number % 2:
        reader = _advocate(session, number)
        to = Recipient(reader.email, reader.name, advocate_id=reader.id)
        return compose(session, OWN_EMAIL, to, f"chaos:{number}", purpose="news", not_before=when).id
    to = Recipient(address(number), f"Reader {number}")
    return compose(
        session,
        NEW_LINK,
        to,
        f"chaos:{number}",
        fields={"what": tenant(session).name},
        links={"page": PageLink("my/asks")},
        not_before=when,
    ).id


def _advocate(session: Session, number: int) -> Advocate:
    """Written in the same unit of work as the email; there already when that unit is tried again."""
    known = session.scalar(select(Advocate).where(Advocate.email_norm == address(number)))
    if known is None:
        known = Advocate(
            email=address(number), email_norm=address(number), first_name="Reader", last_name=str(number)
        )
        known.state, known.enrolled_at, known.consents = AdvocateState.ENROLLED, utc_now(), ["news"]
        session.add(known)
        session.flush()
    return known


def _suppress(session: Session, numbers: set[int]) -> None:
    """And now their emails are due."""
    for number in numbers:
        suppress(session, address(number), SuppressionReason.BY_HAND)
    theirs = Email.recipient_norm.in_([address(number) for number in numbers])
    session.execute(update(Email).where(theirs, Email.state == EmailState.QUEUED).values(due_at=utc_now()))
