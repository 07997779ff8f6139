"""Emails for the workers of these tests, and what became of them."""

from collections import Counter

from sqlalchemy import select
from uuid_utils.compat import uuid7

from portal.declarations.email_content import Recipient, SignedLink
from portal.gateways.queue import WorkQueue
from portal.outreach.emails import NEW_LINK
from portal.outreach.messages.compose import compose
from portal.outreach.models import Email
from portal.references.link_purposes import CallLinkPurpose
from tests.world import World


def write_emails(world: World, count: int = 1, queue: WorkQueue = WorkQueue.MAIL, what: str = "it") -> None:
    links = {"page": SignedLink(CallLinkPurpose.SLOT, uuid7())}
    with world.session() as session:
        for number in range(count):
            to = Recipient(f"reader{number}@example.com")
            compose(
                session,
                NEW_LINK,
                to,
                f"{uuid7()}",
                fields={"what": what},
                links=links,
                queue=queue,
            )


def emails(world: World) -> list[Email]:
    with world.session() as session:
        return list(session.scalars(select(Email).order_by(Email.id)))


def states(world: World) -> Counter[str]:
    return Counter(email.state.value for email in emails(world))
