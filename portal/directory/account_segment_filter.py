"""`segment=` in the address of a list of companies: where the people work whom it finds, as its figures count them."""

from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, false, true

from portal.declarations.attributes import Origin
from portal.declarations.lists import ListFilter, ListReader
from portal.segments.models import Segment
from portal.segments.predicates import accounts_of
from portal.segments.queries import all_segments, is_visible_to
from portal.segments.resolution import resolve_segment
from portal.segments.review_rule import origin_of
from tenants.models import MANAGER_ROLES


def _has_people_of(reader: ListReader, text: str) -> ColumnElement[bool]:
    """One that is gone, or that the reader may not see, is nobody’s company."""
    segment = _chosen(reader, text)
    return accounts_of(reader.session, resolve_segment(reader.session, segment)) if segment else false()


def _origin(reader: ListReader, text: str) -> Origin:
    segment = _chosen(reader, text)
    return origin_of(resolve_segment(reader.session, segment)) if segment else Origin()


def _name(reader: ListReader, text: str) -> str:
    segment = _chosen(reader, text)
    return segment.name if segment else text


def _chosen(reader: ListReader, text: str) -> Segment | None:
    """Account owners see no segments."""
    try:
        segment = all_segments(reader.session).get(UUID(text))
    except ValueError:
        return None
    may_see = reader.member.has_role(*MANAGER_ROLES)
    return segment if segment and may_see and is_visible_to(segment, reader.member) else None


ACCOUNTS_IN_SEGMENT = ListFilter(
    name="segment",
    label=_l("Segment"),
    condition=lambda _text: true(),
    looked_up=_has_people_of,
    show=_name,
    is_offered=False,
    origin=_origin,
)
