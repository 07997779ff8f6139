"""The outbox: a message commits with the change that causes it, or not at all. Messages carry ids only."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, ClassVar, Self
from uuid import UUID

from sqlalchemy import Index, Select, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.errors import NotFound
from portal.gateways.queue import WorkQueue
from tenants.base import TenantOwned
from tenants.clock import utc_now
from tenants.database import wake_after_commit


@dataclass(frozen=True)
class Message:
    """Something that happened. Subclasses are frozen dataclasses of UUIDs, or tuples of them; their class name is
    the topic.
    """

    topics: ClassVar[dict[str, type["Message"]]] = {}

    def __init_subclass__(cls) -> None:
        Message.topics[cls.__name__] = cls

    @classmethod
    def from_ids(cls, ids: dict[str, Any]) -> Self:
        return cls(**{name: _from_json(value) for name, value in ids.items()})


def _from_json(ids: str | list[str]) -> UUID | tuple[UUID, ...]:
    return UUID(ids) if isinstance(ids, str) else tuple(map(UUID, ids))


def _to_json(ids: UUID | tuple[UUID, ...]) -> str | list[str]:
    return str(ids) if isinstance(ids, UUID) else list(map(str, ids))


class Envelope(TenantOwned):
    """A message on its way: drained in batches, handled once, parked with a reason after five tries."""

    __tablename__ = "envelopes"
    rules = (
        Index(
            "ix_envelopes_due", "tenant_id", "queue", "due_at", "id", postgresql_where="handled_at IS NULL"
        ),
    )
    topic: Mapped[str]
    ids: Mapped[dict[str, Any]]
    queue: Mapped[str] = mapped_column(default=WorkQueue.MESSAGES.value)
    due_at: Mapped[datetime] = mapped_column(default=utc_now)
    tries: Mapped[int] = mapped_column(default=0)
    handled_at: Mapped[datetime | None]
    parked_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(default="")

    def message(self) -> Message:
        return Message.topics[self.topic].from_ids(self.ids)


def publish(
    session: Session,
    message: Message,
    *,
    queue: WorkQueue = WorkQueue.MESSAGES,
    due_at: datetime | None = None,
) -> None:
    """Leave a message for the workers; they are woken once the change is committed."""
    ids = {each.name: _to_json(getattr(message, each.name)) for each in fields(message)}
    session.add(
        Envelope(topic=type(message).__name__, ids=ids, queue=queue.value, due_at=due_at or utc_now())
    )
    wake_after_commit(session, queue.value)


def parked_messages() -> Select[Envelope]:
    return select(Envelope).where(Envelope.parked_at.is_not(None), Envelope.handled_at.is_(None))


def count_parked(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(parked_messages().subquery())) or 0


def retry(session: Session, envelope_id: UUID) -> None:
    """Deliver at once because a person wants it, counting tries anew."""
    envelope = session.scalar(parked_messages().where(Envelope.id == envelope_id).with_for_update())
    if envelope is None:
        raise NotFound("This task doesn’t exist, or it has already been processed.")
    envelope.parked_at, envelope.tries, envelope.due_at = None, 0, utc_now()
    wake_after_commit(session, envelope.queue)
