"""An email of any kind as one reader gets it, without a workspace or a database."""

from typing import Any
from uuid import UUID

from portal.links import LinkPurpose
from portal.outreach.email_content import SignedLink, dump_fields, dump_links
from portal.outreach.email_kinds import EmailKind
from portal.outreach.models import Email
from portal.outreach.templates.defaults import TemplateContent, default_content
from portal.outreach.templates.rendering import RenderedEmail, TemplateSet
from portal.outreach.templates.sample_data import SAMPLE_ID, sample_email
from tenants.models import Tenant

LEDGERWORKS = Tenant(
    id=UUID(int=1),
    slug="ledgerworks",
    name="Ledgerworks",
    accent="#2f4fc4",
    time_zone="Europe/Berlin",
    postal_address="Ledgerworks GmbH\nTorstr. 140\n10119 Berlin",
)


def template_set(*, live: bool = True) -> TemplateSet:
    return TemplateSet(LEDGERWORKS, "http://goodword.example", live)


def email(kind: EmailKind, /, name: str = "Ada Lindqvist", **changes: Any) -> Email:
    its = sample_email(kind)
    preferences = {"preferences": SignedLink(LinkPurpose.PREFERENCES, SAMPLE_ID)}
    return Email(
        id=SAMPLE_ID,
        kind=kind.value,
        email_class=kind.rule.email_class,
        advocate_id=SAMPLE_ID,
        recipient="ada@nordbank.example",
        recipient_name=name,
        time_zone="",
        locale="en",
        fields=dump_fields(its.fields | changes),
        links=dump_links(its.links | preferences),
    )


def rendered(
    kind: EmailKind, /, *, live: bool = True, words: TemplateContent | None = None, **changes: Any
) -> RenderedEmail:
    return template_set(live=live).render(email(kind, **changes), words or default_content(kind))
