"""The list of imports."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.declarations.lists import CellKind, DeclaredList, ListColumn, ListFilter, ListReader, Place
from portal.exports import cells
from portal.imports import labels
from portal.imports.models import Import, ImportKind
from portal.imports.result_page import ImportListRow, list_rows
from tenants.database import tenant
from tenants.models import MANAGER_ROLES

KINDS = {kind.value: words for kind, words in labels.KINDS.items()}
STATES = {state: badge.word for state, badge in labels.STATES.items()}


def _facts(reader: ListReader, imports: Sequence[Import]) -> Mapping[UUID, ImportListRow]:
    return {row.record.id: row for row in list_rows(reader.session, imports)}


IMPORTS = DeclaredList(
    name="imports",
    label=_l("Imports"),
    order=_l("newest first"),
    endpoint="imports.index",
    roles=frozenset(MANAGER_ROLES),
    model=Import,
    rows=lambda _: select(Import),
    columns=(
        ListColumn(
            name="file",
            label=_l("File"),
            place=Place.ALWAYS,
            cell=lambda _: cells.text(Import.file_name),
            sort=(Import.file_name,),
        ),
        ListColumn(
            name="kind", label=_l("Kind"), place=Place.FILE, cell=lambda _: cells.labeled(Import.kind, KINDS)
        ),
        ListColumn(name="result", label=_l("Result"), from_width="md"),
        ListColumn(
            name="status",
            label=_l("Status"),
            cell=lambda _: cells.labeled(Import.state, STATES),
            sort=(Import.state,),
            from_width="md",
        ),
        ListColumn(
            name="by",
            label=_l("By"),
            cell=lambda reader: cells.day_in(tenant(reader.session).time_zone, Import.created_at),
            kind=CellKind.DAY,
            sort=(Import.created_at,),
            sorts_down_first=True,
            from_width="lg",
        ),
        ListColumn(name="undo", label=_l("Undo"), place=Place.ALWAYS),
    ),
    sort="-by",
    cells="imports/list_cells.html",
    filters=(
        ListFilter(
            name="kind",
            label=_l("Kind"),
            condition=lambda kind: Import.kind == ImportKind(kind) if kind in set(ImportKind) else None,
            words=KINDS,
        ),
    ),
    facts=_facts,
)
LISTS = (IMPORTS,)
