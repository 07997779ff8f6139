"""Reading custom fields, and what accounts and people have in them."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.accounts.models import Account
from portal.accounts.name_normalization import normal_name
from portal.advocates.models import Advocate
from portal.custom_fields.models import CustomField, CustomFieldValue, FieldSubject
from portal.custom_fields.values import FieldValue, value_of
from portal.errors import NotFound


class FieldUse(NamedTuple):
    """A field, and how many accounts or people have something in it."""

    field: CustomField
    filled: int


class FilledField(NamedTuple):
    field: CustomField
    value: FieldValue


def get(session: Session, field_id: UUID) -> CustomField:
    field = session.scalar(select(CustomField).where(CustomField.id == field_id))
    if field is None:
        raise NotFound("We couldn’t find this field.")
    return field


def field_uses(session: Session) -> list[FieldUse]:
    """Return all fields: those of accounts first, retired ones last."""
    filled = select(func.count()).where(CustomFieldValue.field_id == CustomField.id).scalar_subquery()
    order = (CustomField.retired_at.is_not(None), CustomField.about, CustomField.name_norm)
    return [FieldUse(*row) for row in session.execute(select(CustomField, filled).order_by(*order))]


def count_values(session: Session, field: CustomField) -> int:
    filled = select(func.count()).where(CustomFieldValue.field_id == field.id)
    return session.scalar(filled) or 0


def offered_fields(session: Session, about: FieldSubject) -> Sequence[CustomField]:
    """Return the fields that are asked for, in the order of their names."""
    offered = select(CustomField).where(CustomField.about == about, CustomField.retired_at.is_(None))
    return session.scalars(offered.order_by(CustomField.name_norm)).all()


def field_named(session: Session, about: FieldSubject, name: str) -> CustomField | None:
    same = (CustomField.about == about, CustomField.name_norm == normal_name(name))
    return session.scalar(select(CustomField).where(*same))


def values_of(session: Session, subject: Account | Advocate) -> list[FilledField]:
    """Return what one account or person has, in the order of the fields' names; retired fields among them."""
    filled = select(CustomField, CustomFieldValue).join(
        CustomFieldValue, CustomFieldValue.field_id == CustomField.id
    )
    own = filled.where(subject_column(about(subject)) == subject.id).order_by(CustomField.name_norm)
    return [FilledField(field, value_of(row)) for field, row in session.execute(own)]


def value_rows(
    session: Session, subject: Account | Advocate, field_ids: Collection[UUID]
) -> Mapping[UUID, CustomFieldValue]:
    own = subject_column(about(subject)) == subject.id
    rows = session.scalars(select(CustomFieldValue).where(own, CustomFieldValue.field_id.in_(field_ids)))
    return {row.field_id: row for row in rows}


def about(subject: Account | Advocate) -> FieldSubject:
    return FieldSubject.ACCOUNT if isinstance(subject, Account) else FieldSubject.PERSON


def subject_column(about: FieldSubject) -> InstrumentedAttribute[UUID | None]:
    """Return the column in which a value names its account or its person."""
    return CustomFieldValue.account_id if about is FieldSubject.ACCOUNT else CustomFieldValue.advocate_id
