"""Templates and their texts."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session

from portal.declarations.email_kinds import EMAIL_KINDS, EmailKind
from portal.errors import NotFound
from portal.outreach.emails import OWN_EMAIL
from portal.outreach.models import Email
from portal.outreach.sequence_tables import steps
from portal.outreach.templates.defaults import TemplateContent, default_content
from portal.outreach.templates.models import EmailTemplate, TemplateOrigin, TemplateVersion


@dataclass(frozen=True)
class CurrentTemplate:
    """An email as its page shows it. An email of the product that never left has neither template nor version."""

    kind: EmailKind
    version: TemplateVersion | None = None
    template: EmailTemplate | None = None  # of an email of the workspace's own

    @property
    def is_own(self) -> bool:
        return self.template is not None

    @property
    def is_edited(self) -> bool:
        return self.version is not None and self.version.origin is TemplateOrigin.PERSON

    @property
    def shown_version(self) -> int:
        return self.version.number if self.version and self.is_edited else 0

    @property
    def content(self) -> TemplateContent:
        return content_of(self.version) if self.version and self.is_edited else default_content(self.kind)


def content_of(version: TemplateVersion) -> TemplateContent:
    return TemplateContent(
        subject=version.subject, body=version.body, reason=version.reason, preheader=version.preheader
    )


def contents_by_version(session: Session, ids: Collection[UUID]) -> Mapping[UUID, TemplateContent]:
    rows = session.scalars(select(TemplateVersion).where(TemplateVersion.id.in_(set(ids)))) if ids else ()
    return {version.id: content_of(version) for version in rows}


def latest_version(session: Session, template_id: UUID) -> TemplateVersion:
    version = session.scalar(_versions().where(TemplateVersion.template_id == template_id).limit(1))
    if version is None:
        raise NotFound("We couldn’t find this email.")
    return version


def latest_version_of_kind(session: Session, kind: EmailKind, locale: str) -> TemplateVersion | None:
    its = (EmailTemplate.kind == kind.name, EmailTemplate.name == "", EmailTemplate.locale == locale)
    return session.scalar(
        _versions().join(EmailTemplate, EmailTemplate.id == TemplateVersion.template_id).where(*its).limit(1)
    )


def is_outdated(version: TemplateVersion, kind: EmailKind, locale: str) -> bool:
    """Tell whether it is a default text from before an upgrade changed it."""
    return version.origin is TemplateOrigin.PRODUCT and content_of(version) != default_content(kind, locale)


def version_history(session: Session, template_id: UUID) -> Sequence[TemplateVersion]:
    return session.scalars(_versions().where(TemplateVersion.template_id == template_id)).all()


def get(session: Session, template_id: UUID) -> EmailTemplate:
    template = session.scalar(select(EmailTemplate).where(EmailTemplate.id == template_id))
    if template is None:
        raise NotFound("We couldn’t find this email.")
    return template


def current_template(session: Session, kind: EmailKind, locale: str = "en") -> CurrentTemplate:
    return CurrentTemplate(kind, latest_version_of_kind(session, kind, locale))


def current_own_template(session: Session, template_id: UUID) -> CurrentTemplate:
    template = session.scalar(own_templates().where(EmailTemplate.id == template_id))
    if template is None:
        raise NotFound("We couldn’t find this email.")
    return as_own_template(template, latest_version(session, template.id))


def as_own_template(template: EmailTemplate, version: TemplateVersion) -> CurrentTemplate:
    return CurrentTemplate(OWN_EMAIL, version, template)


def own_templates() -> Select[EmailTemplate]:
    return select(EmailTemplate).where(EmailTemplate.kind == OWN_EMAIL.name, EmailTemplate.name != "")


def latest_product_versions(session: Session, locale: str = "en") -> Mapping[EmailKind, TemplateVersion]:
    its = (EmailTemplate.kind.in_([kind.name for kind in EMAIL_KINDS]), EmailTemplate.name == "")
    rows = session.execute(_latest_version_each().where(*its, EmailTemplate.locale == locale))
    return {EMAIL_KINDS.get(template.kind): version for template, version in rows}


def latest_versions(session: Session, ids: Collection[UUID]) -> Mapping[UUID, TemplateVersion]:
    rows = session.execute(_latest_version_each().where(EmailTemplate.id.in_(set(ids)))) if ids else ()
    return {template.id: version for template, version in rows}


def get_version(session: Session, template_id: UUID, number: int) -> TemplateVersion:
    key = (TemplateVersion.template_id == template_id, TemplateVersion.number == number)
    version = session.scalar(select(TemplateVersion).where(*key))
    if version is None:
        raise NotFound("We couldn’t find this version of the email.")
    return version


def versions(template_id: UUID) -> Select[TemplateVersion]:
    return _versions().where(TemplateVersion.template_id == template_id)


def is_used_by_sequence(session: Session, template_id: UUID) -> bool:
    return bool(session.scalar(select(exists().where(steps.c.template_id == template_id))))


def has_emails(session: Session, template_id: UUID) -> bool:
    texts = select(TemplateVersion.id).where(TemplateVersion.template_id == template_id)
    return bool(session.scalar(select(exists().where(Email.template_id.in_(texts)))))


def _latest_version_each() -> Select[EmailTemplate, TemplateVersion]:
    last = select(func.max(TemplateVersion.number)).where(TemplateVersion.template_id == EmailTemplate.id)
    return select(EmailTemplate, TemplateVersion).join(
        TemplateVersion,
        (TemplateVersion.template_id == EmailTemplate.id)
        & (TemplateVersion.number == last.correlate(EmailTemplate).scalar_subquery()),
    )


def _versions() -> Select[TemplateVersion]:
    return select(TemplateVersion).order_by(TemplateVersion.number.desc())
