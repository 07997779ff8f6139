"""Adds new versions of email templates. A version never changes: emails keep the one they were made from."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Function, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal.declarations.email_kinds import EMAIL_KINDS, EmailKind
from portal.errors import Conflict, DomainError
from portal.i18n import mark
from portal.outreach.emails import OWN_EMAIL
from portal.outreach.templates import queries
from portal.outreach.templates.defaults import TemplateContent, default_content
from portal.outreach.templates.models import EmailTemplate, TemplateOrigin, TemplateVersion
from portal.outreach.templates.validation import TemplateProblem, find_problems
from tenants.database import tenant_of
from tenants.models import Membership

CACHE_KEY = "email texts in use"  # where a session keeps what it looked up


class InvalidTemplate(DomainError):
    """The text can't be used; `problems` say where and why."""

    def __init__(self, problems: Sequence[TemplateProblem]) -> None:
        super().__init__(mark("This text can’t be used yet."))
        self.problems = problems


def current_version_id(session: Session, kind: EmailKind, locale: str = "en") -> UUID | None:
    """Return the version new emails are made from; the default text becomes one at first use.

    It waits for nobody, since whoever writes an email may hold any lock. While somebody else writes a
    version, the one before it serves, or None, which stands for the default.
    """
    known: dict[tuple[EmailKind, str], UUID | None] = session.info.setdefault(CACHE_KEY, {})
    if (kind, locale) not in known:
        version = _find_or_try_version(session, kind, locale)
        known[kind, locale] = version.id if version else None
    return known[kind, locale]


def ensure_current_version(session: Session, kind: EmailKind, locale: str = "en") -> TemplateVersion:
    if version := _find_current(session, kind, locale):
        return version
    session.execute(select(func.pg_advisory_xact_lock(_first_use(session, kind, locale))))
    template = _lock_template(session, ensure_template(session, kind, locale))
    return _find_current(session, kind, locale) or _append_default(session, template.id, kind, locale)


def ensure_template(
    session: Session, kind: EmailKind, locale: str = "en", name: str = "", purpose: str = ""
) -> UUID:
    return _find_or_add_template(session, {"kind": kind.name, "name": name, "locale": locale}, purpose)


def add_version(
    session: Session, template_id: UUID, content: TemplateContent, *, shown_version: int, by: Membership
) -> TemplateVersion:
    """Add a version; `shown_version` is the one that was edited.

    Raise InvalidTemplate, or Conflict when it is old.
    """
    template = _lock_template(session, template_id)
    if problems := find_problems(EMAIL_KINDS.get(template.kind), content):
        raise InvalidTemplate(problems)
    _require_shown_version(session, template_id, shown_version)
    return _append_version(session, template_id, content, TemplateOrigin.PERSON, by)


def restore_version(session: Session, template_id: UUID, number: int, *, by: Membership) -> TemplateVersion:
    _lock_template(session, template_id)
    old = next((one for one in queries.version_history(session, template_id) if one.number == number), None)
    if old is None:
        raise DomainError("There is no version %(number)s of this email.", number=number)
    return _append_version(
        session, template_id, queries.content_of(old), TemplateOrigin.PERSON, by, restored_from=number
    )


def reset_to_default(session: Session, template_id: UUID, *, by: Membership) -> TemplateVersion:
    template = _lock_template(session, template_id)
    words = default_content(EMAIL_KINDS.get(template.kind), template.locale)
    return _append_version(session, template_id, words, TemplateOrigin.PRODUCT, by)


def create_own_template(
    session: Session, name: str, purpose: str, content: TemplateContent, *, by: Membership
) -> EmailTemplate:
    """Create an email for sequences. Raise InvalidTemplate, or Conflict when the name is taken."""
    if problems := find_problems(OWN_EMAIL, content):
        raise InvalidTemplate(problems)
    taken = select(EmailTemplate.id).where(EmailTemplate.kind == OWN_EMAIL.name, EmailTemplate.name == name)
    if session.scalar(taken):
        raise Conflict("There’s already a template called “%(name)s”. Please choose another name.", name=name)
    template_id = ensure_template(session, OWN_EMAIL, name=name, purpose=purpose)
    _append_version(session, template_id, content, TemplateOrigin.PERSON, by)
    return queries.get(session, template_id)


def save_template(
    session: Session,
    current: queries.CurrentTemplate,
    content: TemplateContent,
    *,
    shown_version: int,
    by: Membership,
) -> TemplateVersion | None:
    """Save an open page's text; None when it is the one in use. Raise InvalidTemplate or Conflict."""
    if content.has_same_text_as(current.content):
        return None
    now = (
        queries.latest_version(session, current.template.id)
        if current.template
        else ensure_current_version(session, current.kind)
    )
    expected = (
        now.number if shown_version == (now.number if now.origin is TemplateOrigin.PERSON else 0) else -1
    )
    return add_version(session, now.template_id, content, shown_version=expected, by=by)


def add_test_version(
    session: Session, kind: EmailKind, content: TemplateContent, *, by: Membership
) -> TemplateVersion:
    template_id = _find_or_add_template(session, {"kind": f"test {kind.name}", "name": "", "locale": "en"})
    _lock_template(session, template_id)
    return _append_version(session, template_id, content, TemplateOrigin.PERSON, by)


def remove_own_template(session: Session, current: queries.CurrentTemplate) -> None:
    """Remove an email that nobody got and no sequence counts on. Raise Conflict."""
    if current.template is None:
        raise DomainError("A built-in template can’t be removed.")
    template = _lock_template(session, current.template.id)
    if queries.is_used_by_sequence(session, template.id):
        raise Conflict("A sequence uses this template. Remove it there first.")
    if queries.has_emails(session, template.id):
        raise Conflict("Emails were created from this template, so it can’t be removed.")
    session.execute(delete(TemplateVersion).where(TemplateVersion.template_id == template.id))
    session.execute(delete(EmailTemplate).where(EmailTemplate.id == template.id))


def _find_current(session: Session, kind: EmailKind, locale: str) -> TemplateVersion | None:
    version = queries.latest_version_of_kind(session, kind, locale)
    return None if version is None or queries.is_outdated(version, kind, locale) else version


def _find_or_try_version(session: Session, kind: EmailKind, locale: str) -> TemplateVersion | None:
    if version := _find_current(session, kind, locale):
        return version
    if session.scalar(select(func.pg_try_advisory_xact_lock(_first_use(session, kind, locale)))):
        template_id = ensure_template(session, kind, locale)
        template = select(EmailTemplate.id).where(EmailTemplate.id == template_id)
        if session.scalar(template.with_for_update(skip_locked=True)):
            return _find_current(session, kind, locale) or _append_default(session, template_id, kind, locale)
    return queries.latest_version_of_kind(session, kind, locale)


def _first_use(session: Session, kind: EmailKind, locale: str) -> Function[int]:
    """The advisory lock of whoever makes a version of Goodword's own text."""
    return func.hashtextextended(f"email text {tenant_of(session)} {kind.name} {locale}", 0)


def _append_default(session: Session, template_id: UUID, kind: EmailKind, locale: str) -> TemplateVersion:
    return _append_version(session, template_id, default_content(kind, locale), TemplateOrigin.PRODUCT, None)


def _find_or_add_template(session: Session, key: Mapping[str, str], purpose: str = "") -> UUID:
    new = insert(EmailTemplate).values(tenant_id=tenant_of(session), purpose=purpose, **key)
    session.execute(new.on_conflict_do_nothing())
    return session.scalars(select(EmailTemplate.id).filter_by(**key)).one()


def _append_version(
    session: Session,
    template_id: UUID,
    content: TemplateContent,
    origin: TemplateOrigin,
    by: Membership | None,
    **more: Any,
) -> TemplateVersion:
    numbers = select(func.coalesce(func.max(TemplateVersion.number), 0))
    last = session.scalar(numbers.where(TemplateVersion.template_id == template_id)) or 0
    version = TemplateVersion(template_id=template_id, number=last + 1, origin=origin, **more)
    version.subject, version.preheader, version.body, version.reason = (
        content.subject,
        content.preheader,
        content.body,
        content.reason,
    )
    version.by_id, version.by_name = (by.id, by.name) if by else (None, "")
    session.add(version)
    session.flush()
    session.info.pop(CACHE_KEY, None)
    return version


def _require_shown_version(session: Session, template_id: UUID, shown_version: int) -> None:
    now = queries.latest_version(session, template_id)
    if now.number != shown_version:
        raise Conflict(
            "%(who)s saved another version in the meantime. Yours wasn’t saved: copy your text and open "
            "the template again.",
            who=now.by_name or "Goodword",
        )


def _lock_template(session: Session, template_id: UUID) -> EmailTemplate:
    template = session.scalar(select(EmailTemplate).where(EmailTemplate.id == template_id).with_for_update())
    return template or queries.get(session, template_id)
