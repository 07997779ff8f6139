"""Months that are over: requests, references and acts on days of our choosing, entered on these days."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from portal.advocates.models import Advocate
from portal.asks.models import Ask, AskKind, AskState
from portal.references.models import DealOutcome, ReferenceRequest, RequestState, UnfulfilledReason
from tests.world import World

BERLIN = ZoneInfo("Europe/Berlin")
NEEDED: dict[RequestState, dict[str, Any]] = {
    RequestState.CLOSED: {"outcome": DealOutcome.WON},
    RequestState.UNFULFILLED: {"unfulfilled_reason": UnfulfilledReason.NO_MATCH},
}


def at(year: int, month: int, day: int, hour: int = 12) -> datetime:
    return datetime(year, month, day, hour, tzinfo=BERLIN)


def asked(world: World, sent: datetime, state: RequestState, **facts: Any) -> ReferenceRequest:
    delivered = (
        {"delivered_at": sent + timedelta(days=5)}
        if state in {RequestState.DELIVERED, RequestState.CLOSED}
        else {}
    )
    given: dict[str, Any] = {"submitted_at": sent, "created_at": sent, "state": state}
    return world.request(**given | NEEDED.get(state, {}) | delivered | facts)


def act(world: World, person: Advocate, done: datetime, **facts: Any) -> Ask:
    """A completed reference."""
    given = {
        "kind": AskKind.CALL, "minutes": 20, "state": AskState.COMPLETED, "due_on": done.date(),
        "helps_name": "Initech", "subject_type": ReferenceRequest.__tablename__, "subject_id": uuid4(),
        "advocate_id": person.id,
        "account_id": person.account_id, "sent_at": done, "answered_at": done, "completed_at": done,
        "created_at": done,
    } | facts  # fmt: skip
    with world.session() as session:
        session.add(ask := Ask(**given))
    return ask
