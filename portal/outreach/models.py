"""Letters: one row per mail, unique per occasion and recipient."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.lifecycle import Lifecycle
from tenants.base import TenantOwned, same_tenant


class LetterState(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    HELD = "held"
    FAILED = "failed"
    UNKNOWN = "unknown"


class LetterClass(StrEnum):
    """What may hold a letter back (domain.md 3.6)."""

    TRANSACTIONAL = "transactional"
    INVITATION = "invitation"
    PROGRAMME = "programme"


class Move(StrEnum):
    """What a person may do; the other moves belong to the workers (jobs/mail.py)."""

    TRY_AGAIN = "try_again"
    GIVE_UP = "give_up"


S = LetterState
LIFECYCLE: Lifecycle[LetterState, Move] = Lifecycle(
    "letter",
    {
        Move.TRY_AGAIN: ({S.HELD, S.FAILED, S.UNKNOWN}, S.QUEUED),
        Move.GIVE_UP: ({S.HELD, S.UNKNOWN, S.FAILED}, S.FAILED),
    },
)


NEEDS_A_PERSON = "state IN ('held', 'failed', 'unknown') AND given_up_at IS NULL"


class Letter(TenantOwned):
    """No row holds a secret: links are (purpose, row, version) and become addresses only while sending."""

    __tablename__ = "letters"
    rules = (
        UniqueConstraint("tenant_id", "occasion", "recipient_norm"),
        same_tenant("advocate_id", "advocates"),
        Index(
            "ix_letters_due",
            "tenant_id",
            "queue",
            "due_at",
            "id",
            postgresql_where="state IN ('queued', 'sending', 'unknown')",
        ),
        Index("ix_letters_recipient", "tenant_id", "recipient_norm", "created_at"),
        Index("ix_letters_about", "tenant_id", "about_kind", "about_id"),
        Index("ix_letters_state", "tenant_id", "state", "id"),
        Index("ix_letters_needs_a_person", "tenant_id", "id", postgresql_where=NEEDS_A_PERSON),
        CheckConstraint("(state = 'sending') = (lease_until IS NOT NULL)", name="sending_has_a_lease"),
    )
    kind: Mapped[str]
    letter_class: Mapped[LetterClass]
    queue: Mapped[str] = mapped_column(default="mail")
    occasion: Mapped[str]  # what it is for, e.g. "ask:<id>:sent"
    recipient: Mapped[str]
    recipient_norm: Mapped[str]
    recipient_name: Mapped[str] = mapped_column(default="")
    locale: Mapped[str] = mapped_column(default="en")
    purpose: Mapped[str] = mapped_column(default="")  # the consent a programme letter stands on
    user_id: Mapped[UUID | None]
    advocate_id: Mapped[UUID | None]
    about_kind: Mapped[str] = mapped_column(default="")
    about_id: Mapped[UUID | None]
    template_version: Mapped[int] = mapped_column(default=1)
    fields: Mapped[dict[str, Any]] = mapped_column(default=dict)
    links: Mapped[dict[str, Any]] = mapped_column(default=dict)
    calendar: Mapped[dict[str, Any] | None]  # method and content of the .ics; it holds no secret
    state: Mapped[LetterState] = mapped_column(default=LetterState.QUEUED)
    due_at: Mapped[datetime]  # not before
    lease_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]  # accepted by the provider
    in_doubt: Mapped[bool] = mapped_column(default=False)  # an earlier try may have arrived
    given_up_at: Mapped[datetime | None]  # failed, and a person has seen it
    provider_id: Mapped[str] = mapped_column(default="")
    why: Mapped[str] = mapped_column(default="")  # why held, failed or unknown, in words

    @property
    def moves(self) -> list[Move]:
        """What a person may still do about it."""
        return LIFECYCLE.moves_from(self.state) if self.given_up_at is None else [Move.TRY_AGAIN]
