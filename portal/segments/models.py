"""Saved audiences: segments by conditions and by names, and frozen draws of people from an audience."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from portal.declarations.attributes import Origin
from portal.declarations.origin_statement import OriginStatement, statement_has_a_time
from portal.segments.conditions import Conditions
from tenants.base import TenantOwned, same_tenant
from tenants.models import Membership

ON_LIST = "person.list"  # the attribute whose values are lists


class SegmentType(StrEnum):
    CONDITIONS = "conditions"  # whoever fits them when somebody looks
    LIST = "list"  # whoever was put on it


class SegmentSharing(StrEnum):
    OWNER = "owner"
    MANAGERS = "managers"


class Segment(OriginStatement, TenantOwned):
    """A named audience. A statement is an admin's, about who was put on a list."""

    __tablename__ = "segments"
    rules = (
        same_tenant("owner_id", "memberships"),
        same_tenant("stated_by_id", "memberships"),
        CheckConstraint("type = 'conditions' OR conditions = '{}'", name="list_without_conditions"),
        statement_has_a_time(),
        Index("ix_segments_name", "tenant_id", "name_sort", "id"),
    )
    name: Mapped[str]
    name_sort: Mapped[str]  # lower case: the list is ordered by it
    type: Mapped[SegmentType] = mapped_column(default=SegmentType.CONDITIONS)
    conditions: Mapped[dict[str, Any]] = mapped_column(default=dict)  # as `Conditions` writes them
    sharing: Mapped[SegmentSharing] = mapped_column(default=SegmentSharing.OWNER)
    owner_id: Mapped[UUID]
    origin_attributes: Mapped[list[str]] = mapped_column(default=list)  # of all filters that filled the list
    is_origin_known: Mapped[bool] = mapped_column(
        default=True
    )  # False: somebody picked people, or a file did
    people_revision: Mapped[int] = mapped_column(
        default=0
    )  # rises when people come onto the list or leave it
    changed_at: Mapped[datetime]
    people_count: Mapped[int] = mapped_column(default=0)  # when it was saved: exact then, and a memory since
    version: Mapped[int] = mapped_column(default=1)
    owner: Mapped[Membership] = relationship(
        primaryjoin=lambda: Membership.id == foreign(Segment.owner_id), lazy="raise", viewonly=True
    )
    __mapper_args__ = {"version_id_col": version}

    @property
    def is_list(self) -> bool:
        return self.type is SegmentType.LIST

    @property
    def read_conditions(self) -> Conditions:
        return Conditions.of(self.conditions)

    @property
    def origin(self) -> Origin:
        return Origin(
            attributes=frozenset(self.origin_attributes),
            is_known=self.is_origin_known,
            is_stated=self.has_statement,
        )


class SegmentPerson(TenantOwned):
    """Somebody on a list."""

    __tablename__ = "segment_people"
    is_bulk_row = True
    rules = (
        UniqueConstraint("tenant_id", "segment_id", "advocate_id"),
        same_tenant("segment_id", "segments", ondelete="CASCADE"),
        same_tenant("advocate_id", "advocates"),
        Index("ix_segment_people_advocate", "tenant_id", "advocate_id"),
    )
    segment_id: Mapped[UUID]
    advocate_id: Mapped[UUID]


class AttributeStatement(OriginStatement, TenantOwned):
    """What an admin says of what people answered when they joined."""

    __tablename__ = "attribute_statements"
    rules = (
        UniqueConstraint("tenant_id", "attribute"),
        same_tenant("stated_by_id", "memberships"),
        statement_has_a_time(),
    )
    attribute: Mapped[str]  # its name
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}


class SegmentDraw(TenantOwned):
    """People drawn from an audience at one moment: never changed, whatever becomes of the audience."""

    __tablename__ = "segment_draws"
    rules = (
        same_tenant("segment_id", "segments"),
        same_tenant("by_id", "memberships"),
        CheckConstraint("size > 0", name="size_positive"),
        CheckConstraint("0 <= drawn AND drawn <= matched", name="drawn_of_matched"),
        Index("ix_segment_draws_segment", "tenant_id", "segment_id"),
    )
    segment_id: Mapped[UUID | None]
    audience: Mapped[dict[str, Any]]  # as `Audience` writes it
    fingerprint: Mapped[str]  # of the audience with all it stands on, to see that something changed since
    seed: Mapped[str]
    size: Mapped[int | None]  # none: everybody
    matched: Mapped[int] = mapped_column(default=0)
    drawn: Mapped[int] = mapped_column(default=0)
    by_id: Mapped[UUID | None]


class SegmentDrawPerson(TenantOwned):
    """One who matched: with a place, or with the first reason why not."""

    __tablename__ = "segment_draw_people"
    is_bulk_row = True
    rules = (
        UniqueConstraint("tenant_id", "draw_id", "advocate_id"),
        same_tenant("draw_id", "segment_draws", ondelete="CASCADE"),
        same_tenant("advocate_id", "advocates"),
        CheckConstraint("(place IS NULL) = (left_out <> '')", name="place_or_reason"),
        Index("ix_segment_draw_people_place", "tenant_id", "draw_id", "place"),
        Index("ix_segment_draw_people_advocate", "tenant_id", "advocate_id"),
    )
    draw_id: Mapped[UUID]
    advocate_id: Mapped[UUID]
    place: Mapped[int | None]  # 1, 2, 3 … in the order of the draw
    left_out: Mapped[str] = mapped_column(default="")  # a code of whoever asked for the draw, or NOT_DRAWN
