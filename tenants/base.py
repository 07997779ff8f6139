"""What every table shares: how names, enums, times and keys are written, said once."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, Enum, ForeignKeyConstraint, MetaData, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.schema import SchemaItem
from uuid_utils.compat import uuid7

from tenants.clock import utc_now


class Base(DeclarativeBase):
    """Text with a CHECK for enums (their values, not their names), time zones always, constraints named."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: DateTime(timezone=True),
        str: Text(),
        list[str]: ARRAY(Text()),
        dict[str, Any]: JSONB(),
        list[dict[str, Any]]: JSONB(),
        StrEnum: Enum(
            StrEnum,
            native_enum=False,
            create_constraint=True,
            length=40,
            values_callable=lambda members: [member.value for member in members],
        ),
    }


class Identified(Base):
    """A global row: one key, a UUIDv7 made here, so that rows sort by age."""

    __abstract__ = True
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7, sort_order=-2)
    created_at: Mapped[datetime] = mapped_column(default=utc_now, sort_order=90)


class TenantOwned(Base):
    """A walled row: the tenant is the first part of its key, and the session stamps it."""

    __abstract__ = True
    rules: ClassVar[Sequence[SchemaItem]] = ()
    is_bulk_row: ClassVar[bool] = (
        False  # one of very many, written in bulk under its parent's lock: no key is checked
    )

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-3)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7, sort_order=-2)
    created_at: Mapped[datetime] = mapped_column(default=utc_now, sort_order=90)

    @declared_attr.directive
    def __table_args__(cls) -> tuple[SchemaItem, ...]:  # noqa: N805
        own = () if cls.is_bulk_row else (ForeignKeyConstraint(["tenant_id"], ["tenants.id"]),)
        return (*own, *cls.rules)


def same_tenant(column: str, table: str, *, ondelete: str | None = None) -> ForeignKeyConstraint:
    """Make a foreign key that cannot leave the tenant, because the tenant is part of the key."""
    return ForeignKeyConstraint(
        ["tenant_id", column], [f"{table}.tenant_id", f"{table}.id"], ondelete=ondelete
    )
