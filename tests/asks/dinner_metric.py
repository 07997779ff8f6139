"""What dinners are measured by: how many guests came, in the month of the dinner."""

from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, true
from sqlalchemy.orm import Session, joinedload

from portal.accounts.models import Deal
from portal.asks.models import Ask
from portal.declarations.metric_counts import count_by_month
from portal.declarations.metrics import CountWindows, MetricCounter, MetricPart, RowsWindow, Statement, Total
from portal.exports.cells import text
from portal.exports.export_table import ExportTable
from portal.i18n import mark
from portal.references.metrics import VOLUME

IS_DINNER = Ask.subject_type == Deal.__tablename__


def count(session: Session, windows: CountWindows) -> Statement:
    return count_by_month(Ask.completed_at, [true()], windows, entered_at=Ask.created_at).where(IS_DINNER)


def first_dinner() -> ColumnElement[Any]:
    return select(func.min(Ask.completed_at)).where(IS_DINNER).scalar_subquery()


def of_period(window: RowsWindow) -> tuple[ColumnElement[bool], ...]:
    return IS_DINNER, Ask.completed_at >= window.start, Ask.completed_at < window.end


def guests(session: Session, window: RowsWindow, part: str) -> Select[Ask]:
    people = joinedload(Ask.advocate), joinedload(Ask.account)
    return select(Ask).where(*of_period(window)).options(*people)


def guest_file(session: Session, window: RowsWindow, part: str) -> ExportTable:
    return ExportTable(["Where"], select(text(Ask.helps_name)).where(*of_period(window)))


GUESTS_CAME = replace(
    VOLUME,
    name="guests_came",
    position=35,
    label=mark("Guests at dinners"),
    short_label=mark("Guests"),
    value=Total("came"),
    parts=(MetricPart(name="came", label=mark("Came")),),
    counter=MetricCounter("dinners", ("came",), count, first_dinner),
    rows=replace(VOLUME.rows, select=guests, export=guest_file),
    target=None,
    target_months=0,
    headline="",
)
