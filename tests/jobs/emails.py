"""Letters for the workers of these tests, and what became of them."""

from collections import Counter
from typing import Any

from sqlalchemy import select
from uuid_utils.compat import uuid7

from portal.gateways.queue import WorkQueue
from portal.links import LinkPurpose
from portal.outreach.email_content import Recipient, SignedLink
from portal.outreach.email_kinds import LetterKind
from portal.outreach.messages.compose import compose
from portal.outreach.models import Letter


def write_letters(world: Any, count: int = 1, queue: WorkQueue = WorkQueue.MAIL, what: str = "it") -> None:
    links = {"page": SignedLink(LinkPurpose.SLOT, uuid7())}
    with world.session() as session:
        for number in range(count):
            to = Recipient(f"reader{number}@example.com")
            compose(
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
