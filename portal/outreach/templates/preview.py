"""Previews a template: filled for a real person of the workspace, the rest an example, links that lead nowhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from portal.advocates.models import Advocate, AdvocateState
from portal.advocates.queries import by_address, with_account
from portal.declarations.email_content import SignedLink
from portal.declarations.email_kinds import EmailKind
from portal.errors import DomainError
from portal.links import LinkPurpose
from portal.name_search import is_named
from portal.outreach.email_content import dump_fields, dump_links
from portal.outreach.models import Email
from portal.outreach.templates.compiler import MAX_EMAIL_BYTES, TOO_LARGE
from portal.outreach.templates.defaults import TemplateContent
from portal.outreach.templates.rendering import RenderedEmail, RenderingError, TemplateSet
from portal.outreach.templates.sample_emails import SampleSigner, sample_email
from portal.outreach.templates.validation import TemplateProblem, find_problems
from tenants.models import Membership

MAX_RESULTS = 20


@dataclass(frozen=True)
class PreviewRecipient:
    """The person as whom an email is previewed."""

    name: str
    email: str
    time_zone: str = ""
    company: str = ""
    advocate_id: UUID | None = None

    @property
    def label(self) -> str:
        return f"{self.name}, {self.email}" if self.name != self.email else self.email


EXAMPLE_RECIPIENT = PreviewRecipient("Ada Lindqvist", "ada@nordbank.example", company="Nordbank")


def suggested_recipients(session: Session, kind: EmailKind, me: Membership) -> Sequence[PreviewRecipient]:
    if kind.is_to_members:
        return [PreviewRecipient(me.name or me.email, me.email)]
    return search_recipients(session, "") or [EXAMPLE_RECIPIENT]


def find_recipient(session: Session, kind: EmailKind, query: str, me: Membership) -> PreviewRecipient | None:
    """Find by label, address or name, else somebody who fits; None: nobody is called so."""
    if kind.is_to_members or query.strip() in {"", EXAMPLE_RECIPIENT.label}:
        return suggested_recipients(session, kind, me)[0]
    word = query.rsplit(maxsplit=1)[-1]
    person = by_address(session, word) if "@" in word else None
    if person is not None and person.state is not AdvocateState.ERASED:
        return _recipient_of(person)
    return next(iter(search_recipients(session, query, 1)), None)


def search_recipients(session: Session, query: str, limit: int = MAX_RESULTS) -> Sequence[PreviewRecipient]:
    its_name = is_named(Advocate, query)
    for those in (Advocate.state == AdvocateState.ENROLLED, Advocate.state != AdvocateState.ERASED):
        people = session.scalars(_by_name(with_account().where(those, its_name)).limit(limit)).all()
        if people:
            return [_recipient_of(person) for person in people]
    return []


def preview_email(
    templates: TemplateSet, kind: EmailKind, content: TemplateContent, to: PreviewRecipient, me: Membership
) -> RenderedEmail:
    """Render as if `me` had sent it. Raise RenderingError, or KeyError for an unknown field."""
    return templates.render(_sample_email(kind, to, _as_signer(templates, me)), content)


def preview_subject(templates: TemplateSet, kind: EmailKind, content: TemplateContent, me: Membership) -> str:
    try:
        return templates.subject(_sample_email(kind, EXAMPLE_RECIPIENT, _as_signer(templates, me)), content)
    except DomainError:
        return content.subject


def preview_problems(
    templates: TemplateSet, kind: EmailKind, content: TemplateContent, me: Membership
) -> list[TemplateProblem]:
    if problems := find_problems(kind, content):
        return problems
    try:
        size = len(preview_email(templates, kind, content, EXAMPLE_RECIPIENT, me).html.encode())
    except RenderingError as lacking:
        return [TemplateProblem("body", 0, lacking.message, lacking.params)]
    except DomainError as refusal:
        return [TemplateProblem("subject", 0, refusal.message, refusal.params)]
    return [TemplateProblem("body", 0, TOO_LARGE, {"size": size // 1000})] if size > MAX_EMAIL_BYTES else []


def _as_signer(templates: TemplateSet, me: Membership) -> SampleSigner:
    return SampleSigner(me.name or me.email, templates.workspace.name)


def _sample_email(kind: EmailKind, to: PreviewRecipient, by: SampleSigner) -> Email:
    """A row that is never kept."""
    sample = sample_email(kind, by)
    company = {"company": to.company} if "company" in sample.fields else {}
    preferences = (
        {"preferences": SignedLink(LinkPurpose.PREFERENCES, to.advocate_id)} if to.advocate_id else {}
    )
    return Email(
        id=uuid7(),
        kind=kind.name,
        email_class=kind.email_class,
        locale="en",
        recipient=to.email,
        recipient_name=to.name,
        time_zone=to.time_zone,
        advocate_id=to.advocate_id,
        fields=dump_fields({**sample.fields, **company}),
        links=dump_links({**sample.links, **preferences}),
    )


def _by_name(people: Select[Advocate]) -> Select[Advocate]:
    return people.order_by(Advocate.name_sort, Advocate.id)


def _recipient_of(person: Advocate) -> PreviewRecipient:
    company = person.account.name if person.account else person.company
    return PreviewRecipient(person.name, person.email, person.time_zone, company, person.id)
