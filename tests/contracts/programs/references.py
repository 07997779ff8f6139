"""The reference desk, twice: a call with a prospect, and a reference in writing."""

from datetime import datetime, timedelta
from functools import partial

from portal.advocates import queries as people
from portal.advocates.models import Advocate
from portal.asks.models import Ask, AskKind
from portal.references import queries
from portal.references.asking import actions
from portal.references.feedback.actions import record_call_outcome
from portal.references.meetings.picking_time import pick_time
from portal.references.models import MeetingState
from portal.references.program import PROGRAM
from tenants.clock import utc_now
from tenants.models import Membership
from tests.contracts.program_case import ProgramCase
from tests.fixture_types import Travel
from tests.present import present
from tests.references.steps import PETER
from tests.world import World

PROSPECT = {"name": "Peter Gibbons", "email": PETER, "time_zone": "America/Chicago"}


def ask(world: World, by: Membership, person: Advocate, kind: AskKind) -> None:
    request = world.request(kind=kind)
    with world.session() as session:
        actions.ask(session, request.id, people.get(session, person.id), by=by)


def times(world: World, ask: Ask) -> dict[str, object]:
    noon = utc_now().replace(hour=12, minute=0, second=0, microsecond=0)
    return {"slot": [(noon + timedelta(days=days)).isoformat() for days in (3, 4, 5)]}


def hold_call(world: World, by: Membership, ask: Ask, travel: Travel) -> None:
    with world.session() as session:
        call = present(queries.meeting_of(session, ask))
        at: datetime = queries.slots(session, call)[0].starts_at
        pick_time(session, call.id, at, **PROSPECT)
    travel(seconds=(at + timedelta(hours=3) - utc_now()).total_seconds())
    with world.session() as session:
        record_call_outcome(session, call.id, MeetingState.HELD, "", by=by)


def record_delivery(world: World, by: Membership, ask: Ask, travel: Travel) -> None:
    with world.session() as session:
        actions.record_delivery(session, ask.subject_id, ask.id, "", by=by)


def new_request(world: World, by: Membership) -> str:
    world.request(prospect="Hooli")
    return "Hooli needs a first response"


CASES = (
    ProgramCase(
        program=PROGRAM,
        variant="call",
        kind=AskKind.CALL,
        ask=partial(ask, kind=AskKind.CALL),
        yes=times,
        finish=hold_call,
        needs_manager=new_request,
    ),
    ProgramCase(
        program=PROGRAM,
        variant="in writing",
        kind=AskKind.WRITTEN,
        ask=partial(ask, kind=AskKind.WRITTEN),
        yes=lambda world, ask: {"note": "We closed in five days."},
        finish=record_delivery,
        needs_manager=new_request,
    ),
)
