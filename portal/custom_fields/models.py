"""Custom fields, and the values that accounts and people have in them."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.declarations.origin_statement import OriginStatement, statement_has_a_time
from tenants.base import TenantOwned, same_tenant

MAX_TEXT = 500  # characters of a value: an index holds no more


class FieldSubject(StrEnum):
    """What a field is about."""

    ACCOUNT = "account"
    PERSON = "person"


class CustomFieldType(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    CHOICE = "choice"
    DATE = "date"


class CustomField(OriginStatement, TenantOwned):
    """Its type stays; a retired one keeps its values and is no longer asked for."""

    __tablename__ = "custom_fields"
    rules = (
        UniqueConstraint("tenant_id", "about", "name_norm"),
        same_tenant("stated_by_id", "memberships"),
        statement_has_a_time(),
        CheckConstraint(
            "CASE WHEN type = 'choice' THEN cardinality(choices) > 0 ELSE choices = '{}' END",
            name="choices_to_choose_from",
        ),
    )
    about: Mapped[FieldSubject]
    name: Mapped[str]
    name_norm: Mapped[str]
    type: Mapped[CustomFieldType]
    choices: Mapped[list[str]] = mapped_column(default=list)
    retired_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    @property
    def is_retired(self) -> bool:
        return self.retired_at is not None


class CustomFieldValue(TenantOwned):
    """What one account or person has in a field: in the column of the field's type. Nothing known: no row."""

    __tablename__ = "custom_field_values"
    rules = (
        same_tenant("field_id", "custom_fields"),
        same_tenant("account_id", "accounts"),
        same_tenant("advocate_id", "advocates"),
        CheckConstraint("num_nonnulls(account_id, advocate_id) = 1", name="about_one"),
        CheckConstraint("num_nonnulls(text_value, number_value, date_value) = 1", name="one_value"),
        CheckConstraint("char_length(text_value) <= 500", name="text_fits_an_index"),
        Index(
            "uq_custom_field_values_account",
            *("tenant_id", "account_id", "field_id"),
            unique=True,
            postgresql_where="account_id IS NOT NULL",
        ),
        Index(
            "uq_custom_field_values_advocate",
            *("tenant_id", "advocate_id", "field_id"),
            unique=True,
            postgresql_where="advocate_id IS NOT NULL",
        ),
        Index("ix_custom_field_values_text", "tenant_id", "field_id", "text_value"),
        Index("ix_custom_field_values_number", "tenant_id", "field_id", "number_value"),
        Index("ix_custom_field_values_date", "tenant_id", "field_id", "date_value"),
    )
    field_id: Mapped[UUID]
    account_id: Mapped[UUID | None]
    advocate_id: Mapped[UUID | None]
    text_value: Mapped[str | None]  # of text and choice
    number_value: Mapped[Decimal | None] = mapped_column(Numeric(21, 6))
    date_value: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
