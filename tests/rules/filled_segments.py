"""Audiences of a filled workspace: a segment of everybody with a region, a list with Ada, and a draw from it."""

from portal.advocates.models import Advocate
from portal.declarations.attributes import Operator
from portal.segments.audience import Audience
from portal.segments.conditions import Condition, Conditions
from portal.segments.models import (
    AttributeStatement,
    Segment,
    SegmentDraw,
    SegmentDrawPerson,
    SegmentPerson,
    SegmentSharing,
    SegmentType,
)
from tenants.base import TenantOwned
from tenants.clock import utc_now
from tenants.models import Membership
from tests.rules.filled_people import new


def audiences(mark: str, ada: Advocate, manager: Membership) -> list[TenantOwned]:
    now = utc_now()
    shared = {"owner_id": manager.id, "sharing": SegmentSharing.MANAGERS, "changed_at": now}
    listed = new(
        Segment, name=f"List {mark}", name_sort=f"list {mark}", type=SegmentType.LIST, conditions={}, **shared
    )
    conditions = Conditions((Condition("account.region", Operator.KNOWN),), but=listed.id)
    segment = new(
        Segment, name=mark, name_sort=mark, conditions=conditions.to_json(), people_count=1, **shared
    )
    drawn = new(
        SegmentDraw,
        segment_id=segment.id,
        audience=Audience.of_segment(segment.id).to_json(),
        fingerprint=mark,
        seed=mark,
        matched=1,
        drawn=1,
        by_id=manager.id,
    )
    stated = {"statement": f"From the licenses of {mark}.", "stated_by_id": manager.id, "stated_at": now}
    return [
        new(AttributeStatement, attribute="person.products", **stated),
        listed,
        new(SegmentPerson, segment_id=listed.id, advocate_id=ada.id),
        segment,
        drawn,
        new(SegmentDrawPerson, draw_id=drawn.id, advocate_id=ada.id, place=1),
    ]
