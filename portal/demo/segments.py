"""Four segments that a manager has made: two to ask from, one that may not be asked for reviews, and a list."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.declarations.attributes import Operator
from portal.demo.people import MANAGER, member
from portal.demo.simulation import Simulation, office_hour
from portal.segments import actions, static_lists
from portal.segments.actions import SegmentDraft
from portal.segments.conditions import Condition, ConditionGroup, Conditions
from portal.segments.models import Segment, SegmentSharing
from portal.segments.resolution import resolve_segment

DAYS_AGO = 6
SENIOR = Condition("person.seniority", Operator.AT_LEAST, ("director",))
HELPED = Condition("person.last_act_at", Operator.IN_LAST, ("6", "months"))
FINANCE = Condition("person.persona", Operator.ANY_OF, ("finance",))
EMEA = Condition("account.region", Operator.ANY_OF, ("EMEA",))
SEGMENTS = {
    "Finance leaders, EMEA": Conditions((EMEA, FINANCE, ConditionGroup((SENIOR, HELPED)))),
    "Large customers, not asked lately": Conditions(
        (
            Condition("account.employees", Operator.AT_LEAST, ("1000",)),
            Condition("person.consents", Operator.ANY_OF, ("calls",)),
            Condition("person.last_ask_at", Operator.NOT_IN_LAST, ("3", "months")),
        )
    ),
    "Happy accounts before renewal": Conditions(
        (
            Condition("account.health", Operator.ANY_OF, ("green",)),
            Condition("account.renewal_on", Operator.IN_NEXT, ("6", "months")),
        )
    ),
}
LIST, LIST_OF = "Autumn roundtable, invited", "Finance leaders, EMEA"


def plan(story: Simulation, ends: datetime) -> None:
    story.at(office_hour(ends - timedelta(days=DAYS_AGO)), make_segments)


def make_segments(session: Session) -> None:
    by = member(session, MANAGER)
    if session.scalar(select(Segment.id).limit(1)):
        return
    made: dict[str, UUID] = {}
    for name, conditions in SEGMENTS.items():
        made[name] = actions.create_segment(session, SegmentDraft(name, conditions), by=by).id
    leaders = session.scalars(select(Segment).where(Segment.id == made[LIST_OF])).one()
    made[LIST] = static_lists.keep_as_list(session, resolve_segment(session, leaders), LIST, by=by).id
    for segment_id in made.values():
        actions.share_segment(session, segment_id, SegmentSharing.MANAGERS, by=by)
