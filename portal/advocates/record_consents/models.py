"""What somebody agreed to about one record: photos at an event, being seen by peers on a board, being its contact."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.advocates.models import Advocate, ConsentSource
from tenants.base import TenantOwned, same_tenant

ONE_HOLDER = "num_nonnulls(advocate_id, contact_id) = 1"


class RecordConsentText(TenantOwned):
    """The exact words shown for a kind of such a consent. Never changed, only followed by a new version."""

    __tablename__ = "record_consent_texts"
    rules = (UniqueConstraint("tenant_id", "kind", "version"),)
    kind: Mapped[str]  # as the program calls it, e.g. "event_photos"
    version: Mapped[int]
    title: Mapped[str]
    text: Mapped[str]


class RecordConsent(TenantOwned):
    """One line: append-only, one hash chain per holder, over all records.

    As in the record of purposes the hash covers a salted digest of the personal fields, which erasure drops.
    """

    __tablename__ = "record_consents"
    rules = (
        UniqueConstraint("tenant_id", "advocate_id", "number"),
        UniqueConstraint("tenant_id", "contact_id", "number"),
        same_tenant("advocate_id", "advocates"),
        same_tenant("text_id", "record_consent_texts"),
        Index("ix_record_consents_subject", "tenant_id", "subject_type", "subject_id"),
        CheckConstraint(ONE_HOLDER, name="one_holder"),
    )
    advocate_id: Mapped[UUID | None]
    contact_id: Mapped[UUID | None]  # of the record alone: somebody who is in no list of people
    number: Mapped[int]  # 1, 2, 3 … within the holder
    subject_type: Mapped[str]
    subject_id: Mapped[UUID]
    granted: Mapped[bool]
    text_id: Mapped[UUID]
    at: Mapped[datetime]
    source: Mapped[ConsentSource]
    personal: Mapped[dict[str, Any] | None]  # email and network address; dropped by erasure
    salt: Mapped[str | None]  # dropped by erasure
    digest: Mapped[str]  # sha256 over salt and personal fields
    previous: Mapped[str] = mapped_column(default="")
    hash: Mapped[str]

    @property
    def holder_id(self) -> UUID | None:
        return self.advocate_id or self.contact_id


class RecordConsentAnchor(TenantOwned):
    """How long a holder's chain was on a day, and the hash it ended with."""

    __tablename__ = "record_consent_anchors"
    rules = (
        UniqueConstraint("tenant_id", "advocate_id", "length"),
        UniqueConstraint("tenant_id", "contact_id", "length"),
        same_tenant("advocate_id", "advocates"),
        CheckConstraint(ONE_HOLDER, name="one_holder"),
        CheckConstraint("length > 0", name="length_positive"),
    )
    advocate_id: Mapped[UUID | None]
    contact_id: Mapped[UUID | None]
    length: Mapped[int]
    last_hash: Mapped[str]


@dataclass(frozen=True)
class ConsentHolder:
    """Who agrees: somebody the program knows, or a contact of one record. Exactly one of the ids is given."""

    email: str
    advocate_id: UUID | None = None
    contact_id: UUID | None = None

    def __post_init__(self) -> None:
        if (self.advocate_id is None) == (self.contact_id is None):
            raise ValueError("A consent has one holder: a person of the program or a contact.")

    @classmethod
    def of(cls, advocate: Advocate) -> Self:
        return cls(advocate.email, advocate_id=advocate.id)

    @property
    def columns(self) -> dict[str, UUID | None]:
        return {"advocate_id": self.advocate_id, "contact_id": self.contact_id}
