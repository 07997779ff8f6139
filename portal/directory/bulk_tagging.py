"""Tags put on many people or companies at once, and taken off them."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from functools import partial
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.custom_fields.models import FieldSubject
from portal.declarations.bulk_acts import (
    NEW,
    BulkAct,
    BulkOptions,
    InvalidName,
    ListReader,
    NewChoice,
    Refusals,
    RowIds,
)
from portal.directory.extra_facts import SUBJECT_IDS, TAGGED
from portal.directory.extra_filters import tag_choices
from portal.tags import actions, queries
from portal.tags.actions import InvalidTag
from portal.tags.models import BY_HAND
from portal.tags.queries import subject_column
from portal.tags.tagging_actions import tag_many, untag_many
from portal.web.filters import number
from tenants.models import Membership

Choices = Callable[[ListReader], Mapping[str, Any]]


class NotTagged(StrEnum):
    TAGGED = "tagged"


class NotUntagged(StrEnum):
    UNTAGGED = "untagged"


def _tagged(about: FieldSubject, session: Session, ids: RowIds, options: BulkOptions) -> Sequence[UUID]:
    column = subject_column(TAGGED[about])
    has_it = select(column).where(TAGGED[about].tag_id == UUID(options.choice), column.in_(ids))
    return session.scalars(has_it).all()


def _not_tagged(about: FieldSubject, session: Session, ids: RowIds, options: BulkOptions) -> Refusals:
    found = () if options.choice == NEW else _tagged(about, session, ids, options)
    return dict.fromkeys(found, NotTagged.TAGGED)


def _tag(about: FieldSubject, session: Session, ids: Sequence[UUID], options: BulkOptions) -> None:
    """The tag inherits what they were found by, and that somebody picked them."""
    filled_by = [*sorted(options.origin.attributes), *([] if options.origin.is_known else [BY_HAND])]
    tag = queries.get(session, UUID(options.choice))
    tag_many(session, tag, TAGGED[about], ids, by=options.by, filled_by=filled_by)


def _not_untagged(about: FieldSubject, session: Session, ids: RowIds, options: BulkOptions) -> Refusals:
    key = SUBJECT_IDS[about]
    every, have_it = session.scalars(select(key).where(key.in_(ids))), _tagged(about, session, ids, options)
    return dict.fromkeys({*every} - {*have_it}, NotUntagged.UNTAGGED)


def _untag(about: FieldSubject, session: Session, ids: Sequence[UUID], options: BulkOptions) -> None:
    untag_many(session, queries.get(session, UUID(options.choice)), TAGGED[about], ids, by=options.by)


def _new_tag(session: Session, name: str, by: Membership) -> str:
    if "," in name or ";" in name:
        raise InvalidName("Please leave out commas and semicolons: they separate tags.")
    try:
        return actions.create(session, name, by=by).id.hex
    except InvalidTag as taken:
        raise InvalidName(taken.message, **taken.params) from None


def _tags(about: FieldSubject) -> Choices:
    return lambda reader: tag_choices(reader.session, about)


NEW_TAG = NewChoice(label=_l("New tag…"), field_label=_l("Name of the tag"), make=_new_tag)
TAG_PEOPLE = BulkAct(
    name="tag",
    label=_l("Tag…"),
    title=lambda n: ngettext("Tag %(n)s person?", "Tag %(n)s people?", n, n=number(n)),
    lede=_l("They can be filtered by the tag from then on. Nobody is told."),
    submit=lambda n: ngettext("Tag %(n)s person", "Tag %(n)s people", n, n=number(n)),
    done=lambda n: ngettext("%(n)s person is tagged.", "%(n)s people are tagged.", n, n=number(n)),
    nobody=_l("All of these people have the tag already"),
    reasons={NotTagged.TAGGED: _l("Have the tag already")},
    refusals=partial(_not_tagged, FieldSubject.PERSON),
    apply=partial(_tag, FieldSubject.PERSON),
    choices=_tags(FieldSubject.PERSON),
    new_choice=NEW_TAG,
    icon="tag",
)
UNTAG_PEOPLE = BulkAct(
    name="untag",
    label=_l("Remove tag…"),
    title=lambda n: ngettext(
        "Take the tag off %(n)s person?", "Take the tag off %(n)s people?", n, n=number(n)
    ),
    lede=_l("Segments that go by the tag find them no longer."),
    submit=lambda n: ngettext("Take it off %(n)s person", "Take it off %(n)s people", n, n=number(n)),
    done=lambda n: ngettext("The tag is off %(n)s person.", "The tag is off %(n)s people.", n, n=number(n)),
    nobody=_l("None of these people have the tag"),
    reasons={NotUntagged.UNTAGGED: _l("Don’t have the tag")},
    refusals=partial(_not_untagged, FieldSubject.PERSON),
    apply=partial(_untag, FieldSubject.PERSON),
    choices=_tags(FieldSubject.PERSON),
    icon="tag",
)
TAG_ACCOUNTS = BulkAct(
    name="tag",
    label=_l("Tag…"),
    title=lambda n: ngettext("Tag %(n)s account?", "Tag %(n)s accounts?", n, n=number(n)),
    lede=_l("They can be filtered by the tag from then on, and their people found by it."),
    submit=lambda n: ngettext("Tag %(n)s account", "Tag %(n)s accounts", n, n=number(n)),
    done=lambda n: ngettext("%(n)s account is tagged.", "%(n)s accounts are tagged.", n, n=number(n)),
    nobody=_l("All of these accounts have the tag already"),
    reasons={NotTagged.TAGGED: _l("Have the tag already")},
    refusals=partial(_not_tagged, FieldSubject.ACCOUNT),
    apply=partial(_tag, FieldSubject.ACCOUNT),
    choices=_tags(FieldSubject.ACCOUNT),
    new_choice=NEW_TAG,
    icon="tag",
)
UNTAG_ACCOUNTS = BulkAct(
    name="untag",
    label=_l("Remove tag…"),
    title=lambda n: ngettext(
        "Take the tag off %(n)s account?", "Take the tag off %(n)s accounts?", n, n=number(n)
    ),
    lede=_l("Segments that go by the tag find them and their people no longer."),
    submit=lambda n: ngettext("Take it off %(n)s account", "Take it off %(n)s accounts", n, n=number(n)),
    done=lambda n: ngettext(
        "The tag is off %(n)s account.", "The tag is off %(n)s accounts.", n, n=number(n)
    ),
    nobody=_l("None of these accounts have the tag"),
    reasons={NotUntagged.UNTAGGED: _l("Don’t have the tag")},
    refusals=partial(_not_untagged, FieldSubject.ACCOUNT),
    apply=partial(_untag, FieldSubject.ACCOUNT),
    choices=_tags(FieldSubject.ACCOUNT),
    icon="tag",
)
