"""A provider that tells this installation of its emails."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from werkzeug.test import TestResponse

from jobs import delivery_events
from portal.gateways import email_ids
from portal.inbox import ReceivedEvent
from portal.outreach.delivery_events.models import DeliveryEvent
from portal.outreach.governance.models import DailyMailStats
from portal.outreach.models import Email
from portal.web.dispatch import Portal
from tests.fakes.sendgrid_events import Event, Signer, event
from tests.world import World


class Provider:
    """`tell` posts signed events as SendGrid does: no cookie, no secret of a form."""

    def __init__(self, app: Portal) -> None:
        self.signer, self.client = Signer(), app.test_client()

    def tell(self, *events: Event, path: str = "/hooks/sendgrid") -> TestResponse:
        return self.post(json.dumps(events).encode(), path=path)

    def post(self, body: bytes, path: str = "/hooks/sendgrid", **headers: str) -> TestResponse:
        signed = headers or self.signer.headers(body)
        return self.client.open(path, method="POST", data=body, headers=signed)


@contextmanager
def provider_of(app: Portal) -> Iterator[Provider]:
    """The installation knows its key."""
    before, provider = app.config["SETTINGS"], Provider(app)
    app.config["SETTINGS"] = replace(before, sendgrid_webhook_key=provider.signer.public_key)
    yield provider
    app.config["SETTINGS"] = before


def about(email: Email, kind: str, **more: Any) -> Event:
    return event(kind, email_ids.encode(email.tenant_id, email.id), email.recipient, **more)


def take_in(world: World) -> int:
    """What waits, by the worker's own code; returns how many events that were."""
    return delivery_events.handle_some(world.tenant_id)


def kept(world: World) -> list[ReceivedEvent]:
    with world.session() as session:
        return list(session.scalars(select(ReceivedEvent).order_by(ReceivedEvent.id)))


def lines(world: World) -> list[DeliveryEvent]:
    with world.session() as session:
        return list(session.scalars(select(DeliveryEvent).order_by(DeliveryEvent.at, DeliveryEvent.id)))


def days(world: World) -> dict[str, int]:
    """What the workspace's days counted, without what they never counted."""
    names = ("accepted", "delivered", "bounced", "complained")
    with world.session() as session:
        found = session.scalars(select(DailyMailStats)).all()
    counted = {name: sum(getattr(day, name) for day in found) for name in names}
    return {name: number for name, number in counted.items() if number}
