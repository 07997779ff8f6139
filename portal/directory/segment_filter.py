"""`segment=` in the address of a list of people: whoever is in it now."""

from collections.abc import Mapping
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, false, true

from portal.advocates.filters import AdvocateView
from portal.declarations.attributes import Origin
from portal.declarations.lists import ListFilter, ListReader
from portal.segments.models import Segment
from portal.segments.predicates import people_of
from portal.segments.queries import visible_segments
from portal.segments.resolution import resolve_segment
from portal.segments.review_rule import origin_of


def list_choices(reader: ListReader) -> Mapping[str, str]:
    """The lists of people that the reader may fill, by their ids."""
    visible = visible_segments(reader.session, reader.member)
    return {segment.id.hex: segment.name for segment in visible if segment.is_list}


def _is_in_segment(reader: ListReader, text: str) -> ColumnElement[bool]:
    """One that is gone, or no segment at all, is nobody: a list that ignored it would show too many."""
    segment = _chosen(reader, text)
    return people_of(reader.session, resolve_segment(reader.session, segment)) if segment else false()


def _origin(reader: ListReader, text: str) -> Origin:
    segment = _chosen(reader, text)
    return origin_of(resolve_segment(reader.session, segment)) if segment else Origin()


def _name(reader: ListReader, text: str) -> str:
    segment = _chosen(reader, text)
    return segment.name if segment else text


def _chosen(reader: ListReader, text: str) -> Segment | None:
    """A colleague's private one is none."""
    try:
        segment_id = UUID(text)
    except ValueError:
        return None
    visible = visible_segments(reader.session, reader.member)
    return next((each for each in visible if each.id == segment_id), None)


IN_SEGMENT = ListFilter(
    name="segment",
    label=_l("Segment"),
    condition=lambda _text: true(),
    looked_up=_is_in_segment,
    show=_name,
    looks_beyond=AdvocateView.EVERYONE.value,
    is_offered=False,
    origin=_origin,
)
