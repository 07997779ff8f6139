"""All answers of a survey, as a spreadsheet opens them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.exports.export_table import ExportTable, Filters
from portal.exports.models import ExportKind
from portal.exports.sources import ExportSource
from portal.surveys import metrics, queries
from tenants.database import tenant
from tenants.models import Membership


def table(session: Session, filters: Filters, at: datetime, _by: Membership) -> ExportTable:
    survey = queries.get(session, UUID(filters["survey_id"]))
    return metrics.answers_file(survey, tenant(session).time_zone)


SURVEY_ANSWERS = ExportSource(ExportKind.SURVEY_ANSWERS, table, "surveys.show")
