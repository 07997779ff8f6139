"""Emails as they stand at some moment of their lives, for tests of what people see of them."""

from typing import Any

from sqlalchemy import update
from uuid_utils.compat import uuid7

from portal.declarations.email_content import Recipient, SignedLink
from portal.declarations.email_kinds import EmailKind
from portal.links import LinkPurpose
from portal.outreach.delivery_events.models import DeliveryEvent, DeliveryEventType
from portal.outreach.emails import NEW_LINK
from portal.outreach.messages.compose import compose
from portal.outreach.models import Email, EmailState, HoldReason
from portal.outreach.status_codes import StatusCode
from portal.references.link_purposes import CallLinkPurpose
from tenants.clock import utc_now
from tests.world import World

ROW = uuid7()


def email(world: World, kind: EmailKind = NEW_LINK, to: str = "ada@example.com", **facts: Any) -> Email:
    """Held without a reason given means: delivery unknown, for a person. `reply`: what the mail server said."""
    if reply := facts.pop("reply", ""):
        facts |= {"status_code": StatusCode.GATEWAY_REPLY, "status_params": {"text": reply}}
    if facts.get("state") is EmailState.HELD:
        facts = {"hold_reason": HoldReason.DELIVERY_UNKNOWN, "due_at": None} | facts
    with world.session() as session:
        links = {
            "page": SignedLink(CallLinkPurpose.SLOT, ROW),
            "sign_in": SignedLink(LinkPurpose.SIGN_IN, ROW),
        }
        made = compose(
            session, kind, Recipient(to, "Ada"), str(uuid7()), fields={"what": "your call"}, links=links
        )
        session.execute(update(Email).where(Email.id == made.id).values(**facts or {"due_at": utc_now()}))
    return made


def add_event(world: World, about: Email, happened: DeliveryEventType, **facts: Any) -> None:
    """What the provider said of it."""
    given = {"at": utc_now(), "external_id": str(uuid7())} | facts
    with world.session() as session:
        session.add(DeliveryEvent(email_id=about.id, event_type=happened, **given))
