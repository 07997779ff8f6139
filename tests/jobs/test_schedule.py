"""What happens by the clock: once, by whichever ticker comes first, and after a pause as well."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from jobs import schedule
from jobs.schedule import DAY, HOUR, Schedule
from portal.declarations.registry import DeclaredTwice
from portal.web.dispatch import Portal
from tenants.clock import utc_now
from tenants.database import system_session
from tenants.models import RateLimit, ScheduleRun, SignInRequest
from tests.world import World


def test_of_many_tickers_one_takes_a_slot(app: Portal) -> None:
    name, slot = f"sweep {uuid7()}", utc_now()
    with ThreadPoolExecutor(8) as tickers:
        assert sum(tickers.map(lambda _: schedule.claim_slot(name, slot), range(8))) == 1


def test_slots_are_the_same_for_everybody() -> None:
    hourly = Schedule("sweep", HOUR, lambda: None)
    early, late = datetime(2026, 11, 24, 10, 0, 1, tzinfo=UTC), datetime(2026, 11, 24, 10, 59, 59, tzinfo=UTC)
    assert hourly.slot(early) == hourly.slot(late) == datetime(2026, 11, 24, 10, tzinfo=UTC)


def test_two_schedules_of_one_name_stop_the_ticker() -> None:
    sweep = Schedule("sweep", HOUR, lambda: None)
    with pytest.raises(DeclaredTwice, match="two schedules called “sweep”"):
        schedule.named_once(sweep, Schedule("mop", HOUR, lambda: None), sweep)


def test_one_workspace_that_fails_does_not_stop_the_others(acme: World, globex: World) -> None:
    seen = []

    def act(session: Session) -> None:
        seen.append(session.info["tenant_id"])
        if session.info["tenant_id"] == acme.tenant_id:
            raise RuntimeError("this one is broken")

    schedule.in_each_tenant(lambda _: [acme.tenant_id, globex.tenant_id], act)()
    assert seen == [acme.tenant_id, globex.tenant_id]


def test_old_sign_in_requests_and_old_slots_are_deleted(app: Portal) -> None:
    with system_session() as session:
        for age in (timedelta(), 2 * DAY):
            session.add(SignInRequest(email_norm="forget@me.example", created_at=utc_now() - age))
            session.add(RateLimit(name=f"forget {age}", used_at=[], last_used_at=utc_now() - age))
        session.add(ScheduleRun(name="long ago", due_at=utc_now() - 8 * DAY))
    schedule.delete_old_sign_ins()
    schedule.delete_old_slots()
    with system_session() as session:
        mine = select(SignInRequest).where(SignInRequest.email_norm == "forget@me.example")
        assert len(session.scalars(mine).all()) == 1
        counted = select(RateLimit.name).where(RateLimit.name.startswith("forget"))
        assert session.scalars(counted).all() == ["forget 0:00:00"]
        assert session.scalars(select(ScheduleRun).where(ScheduleRun.name == "long ago")).all() == []
