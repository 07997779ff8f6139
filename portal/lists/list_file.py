"""The rows of a list as a file, for page and worker alike: the same rows, in the same order."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.declarations.lists import LISTS, DeclaredList, ListReader
from portal.errors import NotFound
from portal.exports.export_table import ExportTable, Filters
from portal.exports.models import ExportKind
from portal.exports.sources import ExportSource
from portal.lists import queries
from portal.lists.list_choice import ListChoice
from tenants.models import Membership


def table(session: Session, filters: Filters, at: datetime, by: Membership) -> ExportTable:
    declared = LISTS.find(filters.get("list", ""))
    if declared is None or not by.has_role(*declared.file_roles):
        raise NotFound("We couldn’t find this list.")
    reader = ListReader(session, by, at)
    columns = declared.file_columns(reader)
    cells = [column.cell(reader) for column in columns if column.cell is not None]
    rows = queries.ordered(ListChoice.of(declared, filters), reader)
    return ExportTable(
        [str(column.label) for column in columns],
        rows.with_only_columns(*cells, maintain_column_froms=True),
        [column.kind for column in columns],
    )


def file_filters(declared: DeclaredList, choice: ListChoice) -> dict[str, str]:
    return {"list": declared.name, **choice.arguments}


LIST_ROWS = ExportSource(ExportKind.LIST, table)
