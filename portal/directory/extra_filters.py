"""The filters of lists of accounts and people by tag and by custom fields, as segments go by them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    Text,
    cast,
    exists,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from portal.custom_fields.attributes import TYPES, attribute_name, has_value
from portal.custom_fields.models import CustomField, CustomFieldType, CustomFieldValue, FieldSubject
from portal.custom_fields.queries import subject_column
from portal.custom_fields.values import FIELD_PREFIX
from portal.declarations.attributes import Origin, attributes_of
from portal.declarations.filter_values import FilterKind
from portal.declarations.lists import ListFilter, ListReader, OwnFilters
from portal.declarations.origins import NOBODY_KNOWS, inherited_from
from portal.declarations.typed_filters import typed_filter
from portal.directory.extra_facts import SUBJECT_IDS
from portal.tags.models import Tag
from portal.tags.queries import account_has_tag, person_has_tag

TAG = "tag"
HAS_TAG = {FieldSubject.ACCOUNT: account_has_tag, FieldSubject.PERSON: person_has_tag}
PREFIXES = {  # an address says of which type the field is, so that it is read without asking for the field
    CustomFieldType.CHOICE: FIELD_PREFIX,
    CustomFieldType.TEXT: "text_",
    CustomFieldType.NUMBER: "number_",
    CustomFieldType.DATE: "date_",
}
CACHE_KEY = "extra_filters"


def own_filters(about: FieldSubject) -> OwnFilters:
    return OwnFilters(
        find=lambda name: _filter(about, name), offered=lambda reader: extra_filters(reader.session, about)
    )


def extra_filters(session: Session, about: FieldSubject) -> Sequence[ListFilter]:
    """Return a filter by tag, and one for each field, in one statement; none without anything to choose."""
    cached: dict[FieldSubject, list[ListFilter]] = session.info.setdefault(CACHE_KEY, {})
    if about not in cached:
        found = _read_filters(session, about)
        cached[about] = [each for each in found if each.words or each.kind is not FilterKind.CHOICE]
    return cached[about]


def tag_choices(session: Session, about: FieldSubject) -> Mapping[str, str]:
    """The tags that may be put on somebody, by their ids."""
    return next((each.words or {} for each in extra_filters(session, about) if each.name == TAG), {})


def _read_filters(session: Session, about: FieldSubject) -> Iterator[ListFilter]:
    tag = select(
        literal(0).label("place"),
        Tag.id,
        Tag.name.label("name"),
        cast(null(), Text).label("type"),
        cast(null(), ARRAY(Text)),
    )
    field = select(
        literal(1), CustomField.id, CustomField.name, cast(CustomField.type, Text), CustomField.choices
    ).where(CustomField.about == about, CustomField.retired_at.is_(None))
    parts: list[Select[*tuple[Any, ...]]] = [tag.where(Tag.retired_at.is_(None)), field]
    rows: Sequence[Any] = session.execute(union_all(*parts).order_by("place", "name")).all()
    tags = {row.id.hex: row.name for row in rows if row.place == 0}
    yield _filter_by_tag(about, _("Tag"), tags)
    for row in rows:
        if row.place:
            kind = CustomFieldType(row.type)
            words = {each: each for each in row[4]} if kind is CustomFieldType.CHOICE else None
            yield _filter_by_field(about, kind, row.id, row.name, words)


def _filter(about: FieldSubject, name: str) -> ListFilter | None:
    """From the argument of an address alone; its label and words come with those that are offered."""
    if name == TAG:
        return _filter_by_tag(about, _l("Tag"))
    for kind, prefix in PREFIXES.items():
        if name.startswith(prefix) and (field_id := _id(name.removeprefix(prefix))):
            return _filter_by_field(about, kind, field_id, _l("Field"))
    return None


def _filter_by_tag(about: FieldSubject, label: Any, words: Mapping[str, str] | None = None) -> ListFilter:
    return ListFilter(
        name=TAG,
        label=label,
        condition=_has_tag(about),
        words=words,
        origin=lambda reader, text: _inherited(reader, f"{about.value}.tag", str(_id(text))),
    )


def _filter_by_field(
    about: FieldSubject,
    kind: CustomFieldType,
    field_id: UUID,
    label: Any,
    words: Mapping[str, str] | None = None,
) -> ListFilter:
    name = f"{PREFIXES[kind]}{field_id.hex}"
    predicate = partial(has_value, field_id, about, TYPES[kind])

    def origin(reader: ListReader, text: str) -> Origin:
        return _inherited(reader, attribute_name(field_id), text)

    if kind is CustomFieldType.CHOICE:
        condition = _has_choice(about, field_id)
        return ListFilter(name=name, label=label, condition=condition, words=words, origin=origin)
    return typed_filter(name, label, TYPES[kind], predicate, origin)


def _inherited(reader: ListReader, name: str, value: str) -> Origin:
    attribute = attributes_of(reader.session).get(name)
    return inherited_from(attribute, [value]) if attribute else NOBODY_KNOWS


def _has_tag(about: FieldSubject) -> Callable[[str], ColumnElement[bool] | None]:
    return lambda text: HAS_TAG[about](tag_id) if (tag_id := _id(text)) else None


def _has_choice(about: FieldSubject, field_id: UUID) -> Callable[[str], ColumnElement[bool]]:
    own = subject_column(about) == SUBJECT_IDS[about]
    is_field = CustomFieldValue.field_id == field_id
    return lambda choice: exists().where(own, is_field, CustomFieldValue.text_value == choice)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
