"""An email of any kind as one reader gets it, without a workspace or a database."""

from typing import Any
from uuid import UUID

import pytest

from portal.declarations.email_content import SignedLink
from portal.declarations.email_kinds import EMAIL_KINDS, EmailKind
from portal.declarations.sample_emails import SAMPLE_ID
from portal.links import LinkPurpose
from portal.outreach.email_content import dump_fields, dump_links
from portal.outreach.models import Email
from portal.outreach.templates.defaults import TemplateContent, default_content
from portal.outreach.templates.rendering import RenderedEmail, TemplateSet
from portal.outreach.templates.sample_emails import sample_email
from tenants.models import Tenant

every_kind = pytest.mark.parametrize("kind", EMAIL_KINDS, ids=[kind.name for kind in EMAIL_KINDS])
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
        kind=kind.name,
        email_class=kind.email_class,
        advocate_id=SAMPLE_ID,
        recipient="ada@nordbank.example",
        recipient_name=name,
        time_zone="",
        locale="en",
        fields=dump_fields({**its.fields, **changes}),
        links=dump_links({**its.links, **preferences}),
    )


def rendered(
    kind: EmailKind, /, *, live: bool = True, words: TemplateContent | None = None, **changes: Any
) -> RenderedEmail:
    return template_set(live=live).render(email(kind, **changes), words or default_content(kind))
