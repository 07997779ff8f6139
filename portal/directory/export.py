"""The people of a tab and its filters, as a spreadsheet opens them."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func
from sqlalchemy.orm import Session

from portal.accounts.labels import RELATIONSHIP_NAMES
from portal.accounts.models import Account
from portal.advocates.filters import AdvocateFilters, matching
from portal.advocates.models import Advocate
from portal.advocates.queries import full_name
from portal.asks.policies import ask_rules
from portal.custom_fields.models import FieldSubject
from portal.directory.extra_cells import cells_of, extra_columns, head_of
from portal.directory.extra_filters import extra_conditions
from portal.directory.segment_filter import SEGMENT, segment_conditions
from portal.exports.cells import day, day_in, labeled, listed, text
from portal.exports.export_table import ExportTable, Filters
from portal.exports.models import ExportKind
from portal.exports.sources import ExportSource
from tenants.database import tenant


def table(session: Session, filters: Filters, at: datetime) -> ExportTable:
    narrowed = [*extra_conditions(filters, FieldSubject.PERSON), *segment_conditions(session, filters)]
    chosen = matching(AdvocateFilters.of(filters), ask_rules(session), also_outside=SEGMENT in filters)
    found = chosen.where(*narrowed)
    extra = extra_columns(session, FieldSubject.PERSON)
    ordered = found.order_by(Advocate.name_sort, Advocate.id)
    cells = [*_cells(tenant(session).time_zone), *cells_of(extra)]
    return ExportTable(
        [*_head(), *head_of(extra)], ordered.with_only_columns(*cells, maintain_column_froms=True)
    )


ADVOCATES = ExportSource(ExportKind.ADVOCATES, table)


def _head() -> Sequence[str]:
    return [
        _("Name"), _("Email"), _("Title"), _("Company"), _("Relationship"), _("Industry"), _("Region"), _("State"),
        _("Uses"),
        _("Agreed to"), _("Last ask"), _("Last help"), _("Free from"),
    ]  # fmt: skip


def _cells(zone: str) -> Sequence[ColumnElement[str]]:
    return [
        text(full_name()),
        text(Advocate.email),
        text(Advocate.title),
        text(func.coalesce(Account.name, Advocate.company)),
        labeled(Account.relationship, RELATIONSHIP_NAMES),
        text(Account.industry),
        text(Account.region),
        text(Advocate.state),
        listed(Advocate.products),
        listed(Advocate.consents),
        day_in(zone, Advocate.last_ask_at),
        day_in(zone, Advocate.last_act_at),
        day(Advocate.available_from),
    ]
