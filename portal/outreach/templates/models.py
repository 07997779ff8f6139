"""A letter's words: one template for each kind and language, and a row for every text it ever had."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tenants.base import TenantOwned, same_tenant


class TemplateOrigin(StrEnum):
    PRODUCT = "product"  # what Goodword brings; followed by a new version when the product's words change
    PERSON = "person"


class EmailTemplate(TenantOwned):
    """One of the product's kinds, or a letter of the workspace's own (kind `own`, with a name)."""

    __tablename__ = "letter_templates"
    rules = (UniqueConstraint("tenant_id", "kind", "name", "locale"),)
    kind: Mapped[str]  # a LetterKind
    name: Mapped[str] = mapped_column(default="")  # of a letter of the workspace's own
    locale: Mapped[str] = mapped_column(default="en")
    purpose: Mapped[str] = mapped_column(default="")  # of an own letter: the consent it stands on


class TemplateVersion(TenantOwned):
    """A text that letters were made from. Never changed, only followed by a new one."""

    __tablename__ = "letter_template_versions"
    rules = (
        UniqueConstraint("tenant_id", "template_id", "number"),
        same_tenant("template_id", "letter_templates"),
        same_tenant("by_id", "memberships"),
    )
    template_id: Mapped[UUID]
    number: Mapped[int]  # 1, 2, 3 … within the template; the highest is the one in use
    origin: Mapped[TemplateOrigin]
    subject: Mapped[str]
    preheader: Mapped[str] = mapped_column(default="")  # what mail apps show beside the subject
    body: Mapped[str]  # Markdown with merge fields
    reason: Mapped[str]  # the footer's "You get this because …"
    by_id: Mapped[UUID | None]
    by_name: Mapped[str] = mapped_column(default="")
    restored_from: Mapped[int | None]  # the number of the version it brought back
