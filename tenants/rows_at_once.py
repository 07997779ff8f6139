"""Several small questions in one statement: a page asks few statements, however many parts it has."""

from typing import Any

from sqlalchemy import ScalarSelect, Select, func, literal_column, select
from sqlalchemy.orm import Session

from tenants.workspace_size import of_known_size

JsonRows = list[dict[str, Any]]


def rows_at_once(session: Session, *questions: Select[*tuple[Any, ...]]) -> list[JsonRows]:
    """Return the rows of each as plain JSON values by the names of the columns, in the order of its rows."""
    if not questions:
        return []
    all_of_them = select(*(as_json(question) for question in questions))
    return list(session.execute(all_of_them.options(of_known_size(session))).one())


def as_json(question: Select[*tuple[Any, ...]]) -> ScalarSelect[Any]:
    """As one column of a statement that asks for more; without rows, an empty list."""
    rows = question.subquery()
    found = func.json_agg(func.row_to_json(rows.table_valued()))
    return select(func.coalesce(found, literal_column("'[]'::json"))).select_from(rows).scalar_subquery()
