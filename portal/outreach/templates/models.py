"""An email's words: one template for each kind and language, and a row for every text it ever had."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tenants.base import TenantOwned, same_tenant


class TemplateOrigin(StrEnum):
    PRODUCT = "product"  # what Goodword brings; followed by a new version when the product's words change
    PERSON = "person"


class EmailTemplate(TenantOwned):
    """One of the product's kinds, or an email of the workspace's own (kind `own`, with a name)."""

    __tablename__ = "email_templates"
    rules = (UniqueConstraint("tenant_id", "kind", "name", "locale"),)
    kind: Mapped[str]  # the name of an email kind
    name: Mapped[str] = mapped_column(default="")  # of an email of the workspace's own
    locale: Mapped[str] = mapped_column(default="en")
    purpose: Mapped[str] = mapped_column(default="")  # of an own email: the consent it stands on


class TemplateVersion(TenantOwned):
    """A text that emails were made from. Never changed, only followed by a new one."""

    __tablename__ = "email_template_versions"
    rules = (
        UniqueConstraint("tenant_id", "template_id", "number"),
        same_tenant("template_id", "email_templates"),
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
