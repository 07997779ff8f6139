"""Templates and their texts."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal.errors import NotFound
from portal.outreach.kinds import LetterKind
from portal.outreach.templates.defaults import Words, default
from portal.outreach.templates.models import Origin, Template, TemplateVersion


def words_of(version: TemplateVersion) -> Words:
    return Words(subject=version.subject, body=version.body, why=version.why, preheader=version.preheader)


def frozen(session: Session, ids: Collection[UUID]) -> Mapping[UUID, Words]:
    """The texts that letters were made from, by the version's id."""
    rows = session.scalars(select(TemplateVersion).where(TemplateVersion.id.in_(set(ids)))) if ids else ()
    return {version.id: words_of(version) for version in rows}


def newest(session: Session, template_id: UUID) -> TemplateVersion:
    found = session.scalar(_versions().where(TemplateVersion.template_id == template_id).limit(1))
    if found is None:
        raise NotFound("There is no such letter.")
    return found


def newest_of_kind(session: Session, kind: LetterKind, locale: str) -> TemplateVersion | None:
    its = (Template.kind == kind.value, Template.name == "", Template.locale == locale)
    return session.scalar(
        _versions().join(Template, Template.id == TemplateVersion.template_id).where(*its).limit(1)
    )


def is_outdated(version: TemplateVersion, kind: LetterKind, locale: str) -> bool:
    """Goodword's own words, from before an upgrade changed them."""
    return version.origin is Origin.PRODUCT and words_of(version) != default(kind, locale)


def history(session: Session, template_id: UUID) -> Sequence[TemplateVersion]:
    """Every text it ever had, newest first."""
    return session.scalars(_versions().where(TemplateVersion.template_id == template_id)).all()


def get(session: Session, template_id: UUID) -> Template:
    found = session.scalar(select(Template).where(Template.id == template_id))
    if found is None:
        raise NotFound("There is no such letter.")
    return found


def _versions() -> Select[TemplateVersion]:
    return select(TemplateVersion).order_by(TemplateVersion.number.desc())
