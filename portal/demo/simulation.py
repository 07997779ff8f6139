"""Telling half a year in a minute: what happens is an agenda, and the clock jumps from one line to the next.

Nothing is written past the product: each line calls the product's own actions in a unit of work of its own, at its own
time, and the product's own workers do what follows.
"""

import heapq
import itertools
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.declarations.email_kinds import EmailKind
from portal.errors import DomainError
from portal.outreach.models import Email, EmailState
from tenants import clock
from tenants.database import tenant_session

Action = Callable[[Session], object]
ZONE = ZoneInfo("Europe/Berlin")
WAITING_STATES = (EmailState.QUEUED, EmailState.HELD)


class Simulation:
    """`work` does what workers and ticker would do at that moment; `say` reports progress."""

    def __init__(self, tenant_id: UUID, *, seed: int, work: Callable[[], None]) -> None:
        self.tenant_id, self.work = tenant_id, work
        self.random = random.Random(seed)
        self.schedule: list[tuple[datetime, int, Action]] = []
        self.order = itertools.count()
        self.refusals: list[str] = []  # what the product said no to, and when

    def at(self, when: datetime, act: Action) -> None:
        heapq.heappush(self.schedule, (when, next(self.order), act))

    def later(self, act: Action, **by: float) -> None:
        self.at(office_hour(clock.utc_now() + timedelta(**by)), act)

    def after_email(self, kind: EmailKind, subject_id: UUID, act: Action, **by: float) -> None:
        def look(session: Session) -> None:
            its = (Email.kind == kind.name, Email.subject_id == subject_id)
            if session.scalar(select(Email.id).where(*its, Email.state.in_(WAITING_STATES))):
                self.later(look, hours=2)
            else:
                act(session)

        self.later(look, **by)

    def skip_until(self, until: datetime) -> None:
        self.schedule = [line for line in self.schedule if line[0] > until]
        heapq.heapify(self.schedule)
        self.random.seed(until.isoformat())

    def run(
        self,
        until: datetime,
        say: Callable[[datetime], None],
        keep: Callable[[datetime], object] = lambda _: None,
    ) -> None:
        """Play all lines up to a moment; those after it are left for the visitor."""
        while self.schedule and self.schedule[0][0] <= until:
            when, _, act = heapq.heappop(self.schedule)
            clock.set_time(when)
            self.perform(act)
            self.work()
            keep(when)
            say(when)
        clock.set_offset(timedelta())

    def perform(self, act: Action) -> None:
        try:
            with tenant_session(self.tenant_id) as session:
                act(session)
        except DomainError as refused:
            self.refusals.append(f"{clock.utc_now():%d %B %H:%M}: {refused}")


def office_hour(when: datetime) -> datetime:
    local = when.astimezone(ZONE)
    if local.hour >= 18:
        local = (local + timedelta(days=1)).replace(hour=9)
    if local.hour < 9:
        local = local.replace(hour=9)
    while local.weekday() > 4:
        local += timedelta(days=1)
    return local.astimezone(UTC)
