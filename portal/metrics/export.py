"""The rows behind a number, as a spreadsheet opens them."""

from collections.abc import Callable
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.advocates.labels import KIND_NAMES
from portal.advocates.models import Advocate
from portal.advocates.queries import full_name
from portal.asks.models import Ask
from portal.exports.cells import day_in, labeled, text
from portal.exports.export_table import ExportTable, Filters
from portal.exports.models import ExportKind
from portal.exports.sources import ExportSource
from portal.metrics import drilldown_queries
from portal.metrics.calculations import Metric, as_of, bounds_of, metric_of, zone
from portal.metrics.drilldown import active_days, filter_of
from portal.metrics.drilldown_queries import DrilldownFilter
from portal.metrics.periods import Period, choice_of, period
from portal.references.labels import STATES
from portal.references.models import ReferenceRequest
from tenants.models import Membership


def table(session: Session, filters: Filters, at: datetime) -> ExportTable:
    name = metric_of(filters.get("name", ""))
    chosen = period(choice_of(filters.get("period", "")), at.astimezone(zone(session)).date())
    return TABLES[name](session, chosen, filter_of(name, filters.get("show", "")))


METRIC_ROWS = ExportSource(ExportKind.METRIC_ROWS, table)


def _requests(session: Session, chosen: Period, show: DrilldownFilter) -> ExportTable:
    here, asked = zone(session).key, ReferenceRequest
    found = drilldown_queries.requests(*bounds_of(session, chosen), show).join(
        Membership, Membership.id == asked.requester_id
    )
    cells = {
        _("Request"): text(func.concat("R-", asked.number)),
        _("Prospect"): text(asked.prospect),
        _("Kind"): labeled(asked.kind, KIND_NAMES),
        _("State"): labeled(asked.state, STATES),
        _("Requested by"): text(Membership.name),
        _("Requested on"): day_in(here, asked.submitted_at),
        _("Delivered on"): day_in(here, asked.delivered_at),
    }
    ordered = found.order_by(asked.submitted_at, asked.id)
    return ExportTable(list(cells), ordered.with_only_columns(*cells.values(), maintain_column_froms=True))


def _references(session: Session, chosen: Period, show: DrilldownFilter) -> ExportTable:
    found = drilldown_queries.references(*bounds_of(session, chosen))
    found = found.join(Advocate, Advocate.id == Ask.advocate_id).outerjoin(
        Account, Account.id == Ask.account_id
    )
    cells = {
        _("Prospect"): text(Ask.helps_name),
        _("Kind"): labeled(Ask.kind, KIND_NAMES),
        _("Advocate"): text(full_name()),
        _("Company"): text(Account.name),
        _("Delivered on"): day_in(zone(session).key, Ask.completed_at),
        _("Arranged by"): labeled(
            Ask.off_platform, {"true": _("a rep directly"), "false": _("a program manager")}
        ),
    }
    ordered = found.order_by(Ask.completed_at, Ask.id)
    return ExportTable(list(cells), ordered.with_only_columns(*cells.values(), maintain_column_froms=True))


def _people(session: Session, chosen: Period, show: DrilldownFilter) -> ExportTable:
    """With each person's last act up to the moment they were counted."""
    at, here = as_of(session, chosen), zone(session).key
    acts = select(Ask.advocate_id, func.max(Ask.completed_at).label("at")).where(Ask.completed_at < at)
    last = acts.group_by(Ask.advocate_id).subquery()
    found = drilldown_queries.people(at, active_days(session, at), show)
    found = found.outerjoin(Account, Account.id == Advocate.account_id)
    found = found.outerjoin(last, last.c.advocate_id == Advocate.id)
    cells = {
        _("Advocate"): text(full_name()),
        _("Email"): text(Advocate.email),
        _("Company"): text(Account.name),
        _("Enrolled on"): day_in(here, Advocate.enrolled_at),
        _("Last helped"): day_in(here, last.c.at),
    }
    ordered = found.order_by(Advocate.name_sort, Advocate.id)
    return ExportTable(list(cells), ordered.with_only_columns(*cells.values(), maintain_column_froms=True))


TABLES: dict[Metric, Callable[[Session, Period, DrilldownFilter], ExportTable]] = {
    Metric.FULFILLMENT: _requests,
    Metric.VOLUME: _references,
    Metric.ACTIVATION: _people,
    Metric.ADVOCATES: _people,
}
