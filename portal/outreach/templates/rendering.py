"""From an email's row and its text to what leaves: HTML compiled once, blanks filled for each reader.

Whatever people typed is escaped and never read as a template: `{{7*7}}` in a name stays text.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from portal.calendar_file import fill_blanks
from portal.declarations.email_kinds import EMAIL_KINDS, EmailKind
from portal.declarations.merge_fields import MissingValue
from portal.errors import DomainError
from portal.gateways.mail import AddressedEmail, MessageTemplate, substitute
from portal.outreach.templates import personalization
from portal.outreach.templates.compiler import TOO_LARGE, CompiledTemplate, EmailBrand, compile_template
from portal.outreach.templates.defaults import TemplateContent
from portal.outreach.templates.link_urls import LinkUrls
from portal.outreach.templates.merge_context import EmailMergeContext
from tenants.models import Tenant

MISSING_DATA = (MissingValue, LookupError, TypeError, ValueError, AttributeError)


class RenderingError(DomainError):
    """The email lacks something its text needs. It fails alone, the others go on."""


@dataclass(frozen=True)
class RenderedEmail:
    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class TemplateSet:
    """Where emails of one workspace are written. `live` puts true links in: for sending only."""

    workspace: Tenant
    public_url: str
    live: bool = False

    @cached_property
    def brand(self) -> EmailBrand:
        return brand_of(self.workspace, self.public_url)

    def message_template(self, kind: EmailKind, locale: str, text: TemplateContent) -> MessageTemplate:
        return compile_template(kind, text, self.brand, locale).message_template

    @cached_property
    def link_urls(self) -> LinkUrls:
        return LinkUrls(self.public_url.rstrip("/"), self.workspace, self.live)

    @cached_property
    def compiled_templates(self) -> dict[tuple[str, str, TemplateContent], CompiledTemplate]:
        return {}

    def compiled_template(self, email: Any, text: TemplateContent) -> CompiledTemplate:
        """Compile a text once: a campaign asks for the same template a thousand times."""
        key = (email.kind, email.locale, text)
        if key not in self.compiled_templates:
            kind = EMAIL_KINDS.get(email.kind)
            self.compiled_templates[key] = compile_template(kind, text, self.brand, email.locale)
        return self.compiled_templates[key]

    def merge_data(self, email: Any) -> EmailMergeContext:
        return EmailMergeContext(email, self.workspace.name, self.workspace.time_zone, self.link_urls)

    def personalization(self, email: Any, text: TemplateContent) -> AddressedEmail:
        """Return one reader's part of a bundle. Raise RenderingError."""
        known = self.merge_data(email)
        try:
            compiled = self.compiled_template(email, text)
            blanks = personalization.merge_values(compiled, known, self.brand)
        except MISSING_DATA as lacking:
            raise _rendering_error(lacking) from lacking
        if compiled.is_too_large(blanks):
            raise RenderingError(TOO_LARGE, size=compiled.size_for(blanks) // 1000)
        return AddressedEmail(
            id=email.id,
            recipient=email.recipient,
            recipient_name=known.recipient_name,
            substitutions=blanks,
            unsubscribe=known.unsubscribe,
            calendar=_calendar_content(email, known),
            calendar_method=(email.calendar or {}).get("method", ""),
        )

    def render(self, email: Any, text: TemplateContent) -> RenderedEmail:
        try:
            compiled = self.compiled_template(email, text)
            blanks = personalization.merge_values(compiled, self.merge_data(email), self.brand)
        except MISSING_DATA as lacking:
            raise _rendering_error(lacking) from lacking
        return RenderedEmail(
            *(
                substitute(part, blanks)
                for part in (
                    compiled.message_template.subject,
                    compiled.message_template.text,
                    compiled.message_template.html,
                )
            )
        )

    def subject(self, email: Any, text: TemplateContent) -> str:
        try:
            return personalization.merged_subject(self.compiled_template(email, text), self.merge_data(email))
        except MISSING_DATA as lacking:
            raise _rendering_error(lacking) from lacking


def _calendar_content(email: Any, known: EmailMergeContext) -> str:
    """Signed links are put in here, as into the text: what is stored holds none."""
    content = str((email.calendar or {}).get("content", ""))
    return fill_blanks(content, {name: known.link(name) for name in email.links}) if content else ""


def brand_of(workspace: Tenant, public_url: str) -> EmailBrand:
    base = public_url.rstrip("/")
    logo = f"{base}/brand/{workspace.slug}/logo/{workspace.logo_id}" if workspace.logo_id else ""
    return EmailBrand(workspace.name, workspace.accent, logo, _postal_address(workspace))


def _rendering_error(lacking: Exception) -> RenderingError:
    return RenderingError("This email couldn’t be created: %(why)s.", why=lacking)


def _postal_address(workspace: Tenant) -> str:
    lines = [line.strip().rstrip(",") for line in workspace.postal_address.splitlines()]
    postal = ", ".join(line for line in lines if line)
    return postal if workspace.name in postal else ", ".join(filter(None, (workspace.name, postal)))
