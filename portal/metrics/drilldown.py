"""The rows behind a number: one page of them, or all in a file."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from portal.declarations.metrics import Metric, RowsWindow
from portal.paging import KeysetPage, paginate


@dataclass(frozen=True)
class DrilldownPage:
    """One page of rows with what its template needs besides, and how many count that are no longer held."""

    page: KeysetPage[Any]
    context: Mapping[str, Any]
    erased: int


def drilldown_page(
    session: Session, metric: Metric, window: RowsWindow, part: str, *, cursor: str | None, reader: Any
) -> DrilldownPage:
    rows = metric.rows
    page = paginate(
        session,
        rows.select(session, window, part),
        key=rows.key,
        cursor=cursor,
        descending=rows.newest_first,
    )
    erased = rows.erased(session, window, part) if rows.erased else 0
    return DrilldownPage(page, rows.context(session, page.rows, window, reader), erased)
