"""The requests and references behind the numbers: which of them make a part, on a page and in a file."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, and_, func, select, true
from sqlalchemy.orm import Session, joinedload

from portal.accounts.models import Account
from portal.advocates.labels import KIND_NAMES, SHORT_KIND_NAMES
from portal.advocates.models import Advocate
from portal.advocates.queries import full_name
from portal.asks.models import Ask
from portal.badges import StatusBadge
from portal.declarations.metrics import RowsWindow
from portal.exports.cells import day_in, labeled, text
from portal.exports.export_table import ExportTable
from portal.references.labels import STATES, status_badge
from portal.references.models import ReferenceRequest, RequestState
from portal.references.queries import RUNNING
from tenants.models import Membership

Parts = Mapping[str, ColumnElement[bool]]
DELIVERED = (RequestState.DELIVERED, RequestState.CLOSED)
LEFT_OUT = (RequestState.WITHDRAWN, RequestState.DUPLICATE)
WITHOUT_REFERENCE = (RequestState.CONTENT_ACCEPTED, RequestState.UNFULFILLED)
STATE = ReferenceRequest.state
REQUEST_PARTS: Parts = {
    "counted": STATE.not_in(LEFT_OUT),
    "delivered": STATE.in_(DELIVERED),
    "decided": STATE.in_((*DELIVERED, *WITHOUT_REFERENCE)),
    "open": STATE.in_(RUNNING),
    "other": STATE.in_(WITHOUT_REFERENCE),
    "left-out": STATE.in_(LEFT_OUT),
    "content": STATE == RequestState.CONTENT_ACCEPTED,
    "unfulfilled": STATE == RequestState.UNFULFILLED,
    "withdrawn": STATE == RequestState.WITHDRAWN,
    "duplicates": STATE == RequestState.DUPLICATE,
    "off-platform": and_(ReferenceRequest.off_platform, STATE.in_(DELIVERED)),
}
REFERENCE_PARTS: Parts = {"delivered": true(), "off-platform": Ask.off_platform.is_(True)}
IS_REFERENCE = Ask.subject_type == ReferenceRequest.__tablename__


def requests(session: Session, window: RowsWindow, part: str) -> Select[ReferenceRequest]:
    return _requests(window, part).options(joinedload(ReferenceRequest.requester))


def request_context(
    session: Session, rows: Sequence[Any], window: RowsWindow, reader: Membership
) -> Mapping[str, Any]:
    def state(asked: ReferenceRequest) -> StatusBadge:
        return status_badge(asked, is_mine=asked.requester_id == reader.id)

    return {"kinds": SHORT_KIND_NAMES, "state": state}


def request_file(session: Session, window: RowsWindow, part: str) -> ExportTable:
    asked = ReferenceRequest
    requested = _requests(window, part).join(Membership, Membership.id == asked.requester_id)
    cells = {
        _("Request"): text(func.concat("R-", asked.number)),
        _("Prospect"): text(asked.prospect),
        _("Kind"): labeled(asked.kind, KIND_NAMES),
        _("State"): labeled(asked.state, STATES),
        _("Requested by"): text(Membership.name),
        _("Requested on"): day_in(window.zone, asked.submitted_at),
        _("Delivered on"): day_in(window.zone, asked.delivered_at),
    }
    ordered = requested.order_by(asked.submitted_at, asked.id)
    return ExportTable(list(cells), ordered.with_only_columns(*cells.values(), maintain_column_froms=True))


def references(session: Session, window: RowsWindow, part: str) -> Select[Ask]:
    """Delivered within the period."""
    return _references(window, part).options(joinedload(Ask.advocate), joinedload(Ask.account))


def reference_context(
    session: Session, rows: Sequence[Any], window: RowsWindow, reader: Membership
) -> Mapping[str, Any]:
    return {"kinds": SHORT_KIND_NAMES}


def reference_file(session: Session, window: RowsWindow, part: str) -> ExportTable:
    delivered = _references(window, part).join(Advocate, Advocate.id == Ask.advocate_id)
    delivered = delivered.outerjoin(Account, Account.id == Ask.account_id)
    cells = {
        _("Prospect"): text(Ask.helps_name),
        _("Kind"): labeled(Ask.kind, KIND_NAMES),
        _("Advocate"): text(full_name()),
        _("Company"): text(Account.name),
        _("Delivered on"): day_in(window.zone, Ask.completed_at),
        _("Arranged by"): labeled(
            Ask.off_platform, {"true": _("a rep directly"), "false": _("a program manager")}
        ),
    }
    ordered = delivered.order_by(Ask.completed_at, Ask.id)
    return ExportTable(list(cells), ordered.with_only_columns(*cells.values(), maintain_column_froms=True))


def _requests(window: RowsWindow, part: str) -> Select[ReferenceRequest]:
    sent = ReferenceRequest.submitted_at
    return select(ReferenceRequest).where(sent >= window.start, sent < window.end, REQUEST_PARTS[part])


def _references(window: RowsWindow, part: str) -> Select[Ask]:
    done = Ask.completed_at
    return select(Ask).where(IS_REFERENCE, done >= window.start, done < window.end, REFERENCE_PARTS[part])
