"""Letters for the workers of these tests, and what became of them."""

from collections import Counter
from typing import Any

from sqlalchemy import select
from uuid_utils.compat import uuid7

from portal.gateways.bell import Worker
from portal.links import Purpose
from portal.outreach.actions import write
from portal.outreach.kinds import LetterKind
from portal.outreach.letters import Link, Recipient
from portal.outreach.models import Letter


def write_letters(world: Any, count: int = 1, queue: Worker = Worker.MAIL, what: str = "it") -> None:
    links = {"page": Link(Purpose.SLOT, uuid7())}
    with world.session() as session:
        for number in range(count):
            to = Recipient(f"reader{number}@example.com")
            write(
                session,
                LetterKind.NEW_LINK,
                to,
                f"{uuid7()}",
                fields={"what": what},
                links=links,
                queue=queue,
            )


def letters(world: Any) -> list[Letter]:
    with world.session() as session:
        return list(session.scalars(select(Letter).order_by(Letter.id)))


def states(world: Any) -> Counter[str]:
    return Counter(letter.state.value for letter in letters(world))
