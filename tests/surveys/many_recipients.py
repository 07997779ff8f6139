"""Many people who were asked at once, written over the wall: one row, again and again for others."""

from typing import Any

import psycopg
from sqlalchemy import Table

from portal.asks.models import Ask
from portal.surveys.models import Survey, SurveyRecipient

OTHERS = "advocates a WHERE t.subject_id = %s AND a.tenant_id = t.tenant_id AND a.id <> t.advocate_id"
THEIRS = "asks a WHERE t.survey_id = %s AND a.subject_id = t.survey_id AND a.id <> t.ask_id"


def ask_all_others(superuser: psycopg.Connection, survey: Survey) -> None:
    """Everybody of the workspace, as the one person who was asked already."""
    _copy(superuser, Ask.__table__, {"advocate_id": "a.id"}, OTHERS, survey)
    _copy(
        superuser,
        SurveyRecipient.__table__,
        {"advocate_id": "a.advocate_id", "ask_id": "a.id"},
        THEIRS,
        survey,
    )
    superuser.commit()


def _copy(
    superuser: psycopg.Connection, table: Any, changed: dict[str, str], others: str, survey: Survey
) -> None:
    assert isinstance(table, Table)
    names = [column.name for column in table.columns if column.computed is None]
    given = {"id": "gen_random_uuid()"} | changed
    values = ", ".join(given.get(name, f't."{name}"') for name in names)
    columns = '", "'.join(names)
    superuser.execute(
        f'INSERT INTO {table.name} ("{columns}") SELECT {values} FROM {table.name} t, {others}',
        (survey.id,),
    )
