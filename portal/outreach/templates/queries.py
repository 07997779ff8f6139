"""Templates and their texts."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session

from portal.errors import NotFound
from portal.outreach.kinds import LetterKind
from portal.outreach.models import Letter
from portal.outreach.sequences.models import Step
from portal.outreach.templates.defaults import Words, default
from portal.outreach.templates.models import Origin, Template, TemplateVersion


@dataclass(frozen=True)
class Current:
    """A letter as its page shows it. A letter of the product that never left has neither template nor version."""

    kind: LetterKind
    version: TemplateVersion | None = None
    template: Template | None = None  # of a letter of the workspace's own

    @property
    def is_own(self) -> bool:
        return self.template is not None

    @property
    def is_edited(self) -> bool:
        return self.version is not None and self.version.origin is Origin.PERSON

    @property
    def seen(self) -> int:
        """What an open page remembers: the number of somebody's words, 0 for Goodword's."""
        return self.version.number if self.version and self.is_edited else 0

    @property
    def words(self) -> Words:
        return words_of(self.version) if self.version and self.is_edited else default(self.kind)


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


def current(session: Session, kind: LetterKind, locale: str = "en") -> Current:
    """A letter of the product, by its kind."""
    return Current(kind, newest_of_kind(session, kind, locale))


def current_own(session: Session, template_id: UUID) -> Current:
    """A letter of the workspace's own."""
    template = session.scalar(own_letters().where(Template.id == template_id))
    if template is None:
        raise NotFound("There is no such letter.")
    return own(template, newest(session, template.id))


def own(template: Template, version: TemplateVersion) -> Current:
    return Current(LetterKind.OWN, version, template)


def own_letters() -> Select[Template]:
    return select(Template).where(Template.kind == LetterKind.OWN.value, Template.name != "")


def newest_of_product(session: Session, locale: str = "en") -> Mapping[LetterKind, TemplateVersion]:
    """Of every letter of the product that was written or edited already."""
    its = (Template.kind.in_([kind.value for kind in LetterKind]), Template.name == "")
    rows = session.execute(_newest_each().where(*its, Template.locale == locale))
    return {LetterKind(template.kind): version for template, version in rows}


def newest_of(session: Session, ids: Collection[UUID]) -> Mapping[UUID, TemplateVersion]:
    """The texts in use, by the template's id."""
    rows = session.execute(_newest_each().where(Template.id.in_(set(ids)))) if ids else ()
    return {template.id: version for template, version in rows}


def version(session: Session, template_id: UUID, number: int) -> TemplateVersion:
    its = (TemplateVersion.template_id == template_id, TemplateVersion.number == number)
    found = session.scalar(select(TemplateVersion).where(*its))
    if found is None:
        raise NotFound("There is no such version of this letter.")
    return found


def versions(template_id: UUID) -> Select[TemplateVersion]:
    return _versions().where(TemplateVersion.template_id == template_id)


def is_in_a_sequence(session: Session, template_id: UUID) -> bool:
    return bool(session.scalar(select(exists().where(Step.template_id == template_id))))


def has_letters(session: Session, template_id: UUID) -> bool:
    """Was a letter ever made from it? Looks at all of them."""
    texts = select(TemplateVersion.id).where(TemplateVersion.template_id == template_id)
    return bool(session.scalar(select(exists().where(Letter.template_id.in_(texts)))))


def _newest_each() -> Select[Template, TemplateVersion]:
    last = select(func.max(TemplateVersion.number)).where(TemplateVersion.template_id == Template.id)
    return select(Template, TemplateVersion).join(
        TemplateVersion,
        (TemplateVersion.template_id == Template.id)
        & (TemplateVersion.number == last.correlate(Template).scalar_subquery()),
    )


def _versions() -> Select[TemplateVersion]:
    return select(TemplateVersion).order_by(TemplateVersion.number.desc())
