"""New texts for letters. A text is never changed, only followed: letters keep the version they were made from."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal.errors import Conflict, DomainError
from portal.outreach.kinds import LetterKind
from portal.outreach.templates import queries
from portal.outreach.templates.defaults import Words, default
from portal.outreach.templates.models import Origin, Template, TemplateVersion
from portal.outreach.templates.parsing import Problem, problems
from tenants.database import tenant_of
from tenants.models import Membership

IN_USE = "letter texts in use"  # where a session keeps what it looked up


class BadWords(DomainError):
    """The text can't be used; `problems` say where and why."""

    def __init__(self, found: Sequence[Problem]) -> None:
        super().__init__("This text cannot be used yet.")
        self.problems = found


def in_use(session: Session, kind: LetterKind, locale: str = "en") -> TemplateVersion:
    """The text new letters of this kind are made from. Goodword's own becomes a version the first time it is used."""
    known: dict[tuple[LetterKind, str], TemplateVersion] = session.info.setdefault(IN_USE, {})
    if (kind, locale) not in known:
        known[kind, locale] = _looked_up(session, kind, locale)
    return known[kind, locale]


def template_of(
    session: Session, kind: LetterKind, locale: str = "en", name: str = "", purpose: str = ""
) -> UUID:
    """The template's id; two who make it at once make one."""
    return _template(session, {"kind": kind.value, "name": name, "locale": locale}, purpose)


def change(
    session: Session, template_id: UUID, words: Words, *, seen: int, by: Membership
) -> TemplateVersion:
    """A new version. `seen`: the number of the version that was edited. Raises BadWords, or Conflict when it is old."""
    template = _locked(session, template_id)
    if found := problems(LetterKind(template.kind), words):
        raise BadWords(found)
    _insist_on_seen(session, template_id, seen)
    return _append(session, template_id, words, Origin.PERSON, by)


def restore(session: Session, template_id: UUID, number: int, *, by: Membership) -> TemplateVersion:
    """The text of an older version, as a new one."""
    _locked(session, template_id)
    old = next((one for one in queries.history(session, template_id) if one.number == number), None)
    if old is None:
        raise DomainError("There is no version %(number)s of this letter.", number=number)
    return _append(session, template_id, queries.words_of(old), Origin.PERSON, by, restored_from=number)


def back_to_default(session: Session, template_id: UUID, *, by: Membership) -> TemplateVersion:
    """Goodword's own words again, now and after every upgrade."""
    template = _locked(session, template_id)
    words = default(LetterKind(template.kind), template.locale)
    return _append(session, template_id, words, Origin.PRODUCT, by)


def create_own(session: Session, name: str, purpose: str, words: Words, *, by: Membership) -> Template:
    """A letter of the workspace's own, for sequences. Raises BadWords, or Conflict when the name is taken."""
    if found := problems(LetterKind.OWN, words):
        raise BadWords(found)
    taken = select(Template.id).where(Template.kind == LetterKind.OWN.value, Template.name == name)
    if session.scalar(taken):
        raise Conflict("There is a letter called “%(name)s” already. Please choose another name.", name=name)
    template_id = template_of(session, LetterKind.OWN, name=name, purpose=purpose)
    _append(session, template_id, words, Origin.PERSON, by)
    return queries.get(session, template_id)


def save(
    session: Session, letter: queries.Current, words: Words, *, seen: int, by: Membership
) -> TemplateVersion | None:
    """New words for an open page's letter; `seen` as the page remembered it. None: they are the ones in use.

    Raises BadWords or Conflict.
    """
    if words.reads_like(letter.words):
        return None
    now = queries.newest(session, letter.template.id) if letter.template else in_use(session, letter.kind)
    expected = now.number if seen == (now.number if now.origin is Origin.PERSON else 0) else -1
    return change(session, now.template_id, words, seen=expected, by=by)


def draft(session: Session, kind: LetterKind, words: Words, *, by: Membership) -> TemplateVersion:
    """A text that is not in use, for a letter to oneself."""
    template_id = _template(session, {"kind": f"test {kind.value}", "name": "", "locale": "en"})
    _locked(session, template_id)
    return _append(session, template_id, words, Origin.PERSON, by)


def remove_own(session: Session, letter: queries.Current) -> None:
    """A letter that nobody ever got and no sequence counts on. Raises Conflict."""
    if letter.template is None:
        raise DomainError("A letter of the product cannot be removed.")
    template = _locked(session, letter.template.id)
    if queries.is_in_a_sequence(session, template.id):
        raise Conflict("A sequence sends this letter. Take it out there first.")
    if queries.has_letters(session, template.id):
        raise Conflict("Letters were made from this text, so it stays with them.")
    session.execute(delete(TemplateVersion).where(TemplateVersion.template_id == template.id))
    session.execute(delete(Template).where(Template.id == template.id))


def _looked_up(session: Session, kind: LetterKind, locale: str) -> TemplateVersion:
    found = queries.newest_of_kind(session, kind, locale)
    if found is not None and not queries.is_outdated(found, kind, locale):
        return found
    template_id = template_of(session, kind, locale)
    _locked(session, template_id)
    found = queries.newest_of_kind(session, kind, locale)  # somebody may have been quicker
    if found is not None and not queries.is_outdated(found, kind, locale):
        return found
    return _append(session, template_id, default(kind, locale), Origin.PRODUCT, None)


def _template(session: Session, its: Mapping[str, str], purpose: str = "") -> UUID:
    new = insert(Template).values(tenant_id=tenant_of(session), purpose=purpose, **its)
    session.execute(new.on_conflict_do_nothing())
    return session.scalars(select(Template.id).filter_by(**its)).one()


def _append(
    session: Session, template_id: UUID, words: Words, origin: Origin, by: Membership | None, **more: Any
) -> TemplateVersion:
    numbers = select(func.coalesce(func.max(TemplateVersion.number), 0))
    last = session.scalar(numbers.where(TemplateVersion.template_id == template_id)) or 0
    version = TemplateVersion(template_id=template_id, number=last + 1, origin=origin, **more)
    version.subject, version.preheader, version.body, version.why = (
        words.subject,
        words.preheader,
        words.body,
        words.why,
    )
    version.by_id, version.by_name = (by.id, by.name) if by else (None, "")
    session.add(version)
    session.flush()
    session.info.pop(IN_USE, None)
    return version


def _insist_on_seen(session: Session, template_id: UUID, seen: int) -> None:
    now = queries.newest(session, template_id)
    if now.number != seen:
        raise Conflict(
            "%(who)s saved another version meanwhile. Yours was not saved; copy your words and open the letter again.",
            who=now.by_name or "Goodword",
        )


def _locked(session: Session, template_id: UUID) -> Template:
    found = session.scalar(select(Template).where(Template.id == template_id).with_for_update())
    return found or queries.get(session, template_id)
