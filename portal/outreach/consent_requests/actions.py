"""Asking people for a further consent: each once a year, whoever asks them for what."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, insert, literal, select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from portal.advocates.consent_texts import current_texts
from portal.advocates.models import Advocate, ConsentPurpose, ConsentText
from portal.errors import Conflict, NotFound
from portal.outbox import publish
from portal.outreach.consent_requests import emails, queries
from portal.outreach.consent_requests.models import ConsentRequest, ConsentRequestsOrdered
from tenants.database import tenant_of
from tenants.models import Membership

BATCH_SIZE = 1_000  # people in one transaction
MAX_IN_REQUEST = 500  # people; a worker asks more


def ask(session: Session, advocate_id: UUID, purpose: ConsentPurpose, *, by: Membership) -> None:
    """Ask one person. Raise Conflict where they may not be asked, or somebody was quicker."""
    text = current_texts(session).get(purpose)
    if text is None:
        raise NotFound("We couldn’t find this consent.")
    if not ask_people(session, text, [advocate_id], by, bulk=False):
        raise Conflict("This person can’t be asked for that now: the page shows why. No email was sent.")


def ask_everybody(session: Session, text: ConsentText, *, by: Membership) -> int | None:
    """Ask all who may be asked and return how many; None: they are very many, and a worker does it."""
    ids = _askable_ids(session, text)
    if len(ids) > MAX_IN_REQUEST:
        publish(session, ConsentRequestsOrdered(text.id, by.id))
        return None
    return ask_people(session, text, ids, by, bulk=True)


def ask_next_batch(session: Session, order: ConsentRequestsOrdered) -> None:
    """Ask until nobody is left; nobody, once the words were replaced."""
    text = session.get_one(ConsentText, (tenant_of(session), order.text_id))
    if current_texts(session)[text.purpose].id != text.id:
        return
    by = session.get_one(Membership, (tenant_of(session), order.by_id))
    ids = _askable_ids(session, text)
    ask_people(session, text, ids[:BATCH_SIZE], by, bulk=True)
    if len(ids) > BATCH_SIZE:
        publish(session, order)


def _askable_ids(session: Session, text: ConsentText) -> list[UUID]:
    return [one.id for one in queries.candidates(session) if one.can_be_asked_for(text.purpose)]


def ask_people(
    session: Session, text: ConsentText, ids: Collection[UUID], by: Membership, *, bulk: bool
) -> int:
    """Ask those of them who may be asked and return how many: who was asked at the same moment is left out."""
    _lock(session, ids)
    people = [one for one in queries.candidates(session, ids) if one.can_be_asked_for(text.purpose)]
    if not people:
        return 0
    requests = [
        {"id": uuid7(), "tenant_id": tenant_of(session), "advocate_id": one.id, "by_id": by.id}
        for one in people
    ]
    session.execute(insert(ConsentRequest).values(purpose=text.purpose, text_id=text.id), requests)
    asked = [(each["id"], one) for each, one in zip(requests, people, strict=True)]
    emails.send_consent_requests(session, text, asked, by, bulk=bulk)
    return len(people)


def _lock(session: Session, ids: Collection[UUID]) -> None:
    """In one order, so that two managers wait for one another and not in a circle."""
    mine = select(Advocate.id).where(Advocate.id == any_(literal([*ids], ARRAY(Uuid))))
    session.execute(mine.order_by(Advocate.id).with_for_update(key_share=True))
