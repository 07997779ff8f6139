"""The people behind the numbers of a moment: on a page, and in a file."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, func, not_, select, true
from sqlalchemy.orm import Session, joinedload

from portal import policies
from portal.accounts.models import Account
from portal.advocates.membership_periods import was_enrolled_at
from portal.advocates.models import Advocate, AdvocateState
from portal.advocates.policies import ACTIVE_DAYS
from portal.advocates.queries import full_name
from portal.asks.models import IS_ACT, Ask
from portal.declarations.metrics import RowsWindow
from portal.exports.cells import day_in, text
from portal.exports.export_table import ExportTable

HELD = Advocate.state != AdvocateState.ERASED


def people(session: Session, window: RowsWindow, part: str) -> Select[Advocate]:
    return _people(session, window, part).where(HELD).options(joinedload(Advocate.account))


def erased_people(session: Session, window: RowsWindow, part: str) -> int:
    """Count erased people, who stay in the numbers of periods that are over."""
    gone = _people(session, window, part).where(not_(HELD))
    return session.scalar(select(func.count()).select_from(gone.subquery())) or 0


def last_acts(
    session: Session, rows: Sequence[Advocate], window: RowsWindow, reader: Any
) -> Mapping[str, Mapping[UUID, datetime]]:
    listed = Ask.advocate_id.in_([person.id for person in rows])
    done = _last_act(window).where(listed)
    return {"last_acts": {who: at for who, at in session.execute(done) if at}}


def people_file(session: Session, window: RowsWindow, part: str) -> ExportTable:
    last = _last_act(window).subquery()
    found = _people(session, window, part).where(HELD)
    found = found.outerjoin(Account, Account.id == Advocate.account_id)
    found = found.outerjoin(last, last.c.advocate_id == Advocate.id)
    cells = {
        _("Advocate"): text(full_name()),
        _("Email"): text(Advocate.email),
        _("Company"): text(Account.name),
        _("Enrolled on"): day_in(window.zone, Advocate.enrolled_at),
        _("Last helped"): day_in(window.zone, last.c.at),
    }
    ordered = found.order_by(Advocate.name_sort, Advocate.id)
    return ExportTable(list(cells), ordered.with_only_columns(*cells.values(), maintain_column_froms=True))


def _people(session: Session, window: RowsWindow, part: str) -> Select[Advocate]:
    """Enrolled at that moment; active ones had completed an act in the days before it."""
    return select(Advocate).where(was_enrolled_at(window.at), _is_part(session, window, part))


def _is_part(session: Session, window: RowsWindow, part: str) -> ColumnElement[bool]:
    if part == "everyone":
        return true()
    days = timedelta(days=policies.values_at(session, ACTIVE_DAYS, [window.at])[0])
    mine = Ask.advocate_id == Advocate.id
    within = Ask.completed_at < window.at, Ask.completed_at >= window.at - days
    acted = select(Ask.id).where(mine, IS_ACT, *within).exists()
    return acted if part == "active" else not_(acted)


def _last_act(window: RowsWindow) -> Select[UUID, datetime | None]:
    acts = select(Ask.advocate_id, func.max(Ask.completed_at).label("at"))
    return acts.where(IS_ACT, Ask.completed_at < window.at).group_by(Ask.advocate_id)
