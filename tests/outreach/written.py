"""Letters as they stand at some moment of their lives, for tests of what people see of them."""

from typing import Any

from sqlalchemy import update
from uuid_utils.compat import uuid7

from portal.links import Purpose
from portal.outreach.actions import write
from portal.outreach.events.models import Happened, LetterEvent
from portal.outreach.kinds import LetterKind
from portal.outreach.letters import Link, Recipient
from portal.outreach.models import Hold, Letter, LetterState
from tenants.clock import utc_now

ROW = uuid7()


def letter(
    world: Any, kind: LetterKind = LetterKind.NEW_LINK, to: str = "ada@example.com", **facts: Any
) -> Letter:
    """Held without a reason given means: in doubt, for a person."""
    if facts.get("state") is LetterState.HELD:
        facts = {"held_for": Hold.DOUBT, "due_at": None} | facts
    with world.session() as session:
        links = {"page": Link(Purpose.SLOT, ROW), "sign_in": Link(Purpose.SIGN_IN, ROW)}
        made = write(
            session, kind, Recipient(to, "Ada"), str(uuid7()), fields={"what": "your call"}, links=links
        )
        session.execute(update(Letter).where(Letter.id == made.id).values(**facts or {"due_at": utc_now()}))
    return made


def told(world: Any, about: Letter, happened: Happened, **facts: Any) -> None:
    """What the provider said of it."""
    given = {"at": utc_now(), "external_id": str(uuid7())} | facts
    with world.session() as session:
        session.add(LetterEvent(letter_id=about.id, happened=happened, **given))
