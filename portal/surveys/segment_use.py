"""Surveys that use a segment: drafts, and those that run (portal/declarations/segment_uses.py)."""

from uuid import UUID

from sqlalchemy import Select, Text, cast, select

from portal.declarations.segment_uses import SegmentUser
from portal.i18n import mark
from portal.surveys.models import Survey, SurveyState


def surveys_with(segment_id: UUID) -> Select[UUID, str]:
    """To start from, to leave out, or in a condition; an id stands nowhere else in an audience."""
    names_it = cast(Survey.audience, Text).contains(str(segment_id))
    return select(Survey.id, Survey.title).where(Survey.state != SurveyState.CLOSED, names_it)


SURVEYS = SegmentUser(
    name="surveys",
    icon="chart-dots",
    rows=surveys_with,
    endpoint="surveys.show",
    argument="survey_id",
    note=mark("A survey. A change counts until it starts; one that runs all year goes by it every week."),
)
