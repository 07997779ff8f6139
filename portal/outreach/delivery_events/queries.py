"""Reads provider events."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Select, Text, Uuid, any_, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.inbox import ReceivedEvent
from portal.outreach.delivery_events.models import DeliveryEvent, DeliveryEventType
from portal.outreach.models import Email

SOURCE = "sendgrid"


def unhandled_events(limit: int) -> Select[ReceivedEvent]:
    unhandled = (ReceivedEvent.source == SOURCE, ReceivedEvent.handled_at.is_(None))
    return select(ReceivedEvent).where(*unhandled).order_by(ReceivedEvent.id).limit(limit)


def known_event_ids(session: Session, external_ids: Collection[str]) -> frozenset[str]:
    same = DeliveryEvent.external_id == any_(literal(list(external_ids), ARRAY(Text)))
    return frozenset(session.scalars(select(DeliveryEvent.external_id).where(same)))


def emails_by_id(ids: Collection[UUID]) -> Select[Email]:
    return select(Email).where(_is_one_of(Email.id, ids)).order_by(Email.id)


def event_types_by_email(session: Session, ids: Collection[UUID]) -> Mapping[UUID, set[DeliveryEventType]]:
    rows = select(DeliveryEvent.email_id, DeliveryEvent.event_type).where(
        _is_one_of(DeliveryEvent.email_id, ids)
    )
    found: dict[UUID, set[DeliveryEventType]] = defaultdict(set)
    for email_id, happened in session.execute(rows.distinct()):
        found[email_id].add(happened)
    return found


def events_of_emails(
    session: Session, ids: Collection[UUID], *event_types: DeliveryEventType
) -> Sequence[DeliveryEvent]:
    rows = select(DeliveryEvent).where(
        _is_one_of(DeliveryEvent.email_id, ids), DeliveryEvent.event_type.in_(event_types)
    )
    return session.scalars(rows).all()


def _is_one_of(column: InstrumentedAttribute[UUID], ids: Collection[UUID]) -> ColumnElement[bool]:
    return column == any_(literal(list(ids), ARRAY(Uuid)))
