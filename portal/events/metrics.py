"""What events are measured by: how many of those who were invited came."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.orm import Session, contains_eager, joinedload

from portal.accounts.models import Account
from portal.advocates.models import Advocate
from portal.advocates.queries import full_name
from portal.declarations.metric_counts import place
from portal.declarations.metrics import (
    Beside,
    CountWindows,
    Metric,
    MetricCounter,
    MetricPart,
    MetricRows,
    PeriodRule,
    RowsWindow,
    Share,
    Statement,
    Unit,
)
from portal.events.guest_models import EventGuest, GuestSource, GuestState
from portal.events.labels import ATTENDANCE_SOURCES, GUEST_STATES, SOURCES
from portal.events.models import Event, EventState
from portal.exports.cells import day_in, labeled, text
from portal.exports.export_table import ExportTable
from portal.i18n import mark, mark_plural
from portal.policies import declare
from portal.web.filters import day
from tenants.clock import utc_now

G = EventGuest
ATTENDANCE_TARGET = declare(
    "metrics.attendance_target",
    50,
    "Target for event attendance, in percent",
    "The share of invited people who come. 0 means no target.",
    high=100,
)
CAME = G.attended_at.is_not(None)
ONLY_WAITED = and_(G.state == GuestState.WAITLISTED, G.offers == 0)
IS_PLUS_ONE = G.host_id.is_not(None)
UNINVITED = (GuestSource.WALK_IN, GuestSource.PLUS_ONE, GuestSource.SPEAKER)
INVITED = and_(
    G.reached_at.is_not(None),
    G.source.not_in(UNINVITED),
    not_(ONLY_WAITED),
    G.state != GuestState.REMOVED,
)
ACCEPTED = and_(INVITED, G.state == GuestState.ACCEPTED)
PARTS: Mapping[str, ColumnElement[bool]] = {
    "invited": INVITED,
    "attended": and_(INVITED, CAME),
    "accepted": ACCEPTED,
    "accepted-attended": and_(ACCEPTED, CAME),
    "no-show": and_(ACCEPTED, not_(CAME)),
    "walk-ins": and_(not_(INVITED), ~IS_PLUS_ONE, G.source != GuestSource.SPEAKER, CAME),
    "plus-ones": and_(IS_PLUS_ONE, CAME),
}


def counts() -> tuple[ColumnElement[bool], ...]:
    """Events that have ended, were not canceled, and of which somebody noted who came."""
    held = Event.state.in_((EventState.OPEN, EventState.CLOSED))
    return held, Event.has_record.is_(True), Event.ends_at <= utc_now()


def count(session: Session, windows: CountWindows) -> Statement:
    """In the month in which the event ended; what changes after its records closed is a correction."""
    month, bounds = place(Event.ends_at, windows.bounds), windows.bounds
    numbers = array([func.count().filter(part) for part in PARTS.values()])
    late = G.attendance_changed_at > Event.records_close_at
    corrected = func.max(G.attendance_changed_at).filter(late)
    found = select(month.label("place"), numbers.label("numbers"), corrected.label("corrected_at"))
    found = found.select_from(G).join(Event, Event.id == G.event_id)
    within = (Event.ends_at >= bounds[0], Event.ends_at < bounds[-1])
    return found.where(*within, *counts()).group_by(sql("1"))  # guests have a “place” of their own


def _first_event() -> ColumnElement[Any]:
    return select(func.min(Event.ends_at)).where(*counts()).scalar_subquery()


def _rows(window: RowsWindow, part: str) -> Select[EventGuest]:
    within = (Event.ends_at >= window.start, Event.ends_at < window.end)
    found = select(G).join(Event, Event.id == G.event_id)
    return found.where(*within, *counts(), PARTS[part])


def rows(session: Session, window: RowsWindow, part: str) -> Select[EventGuest]:
    people = joinedload(G.advocate).joinedload(Advocate.account)
    return _rows(window, part).options(people, contains_eager(G.event))


def row_context(
    session: Session, rows: Sequence[EventGuest], window: RowsWindow, reader: object
) -> Mapping[str, Any]:
    late = {
        row.id
        for row in rows
        if row.attendance_changed_at and row.attendance_changed_at > row.event.records_close_at
    }
    return {"corrected": late, "states": GUEST_STATES, "sources": ATTENDANCE_SOURCES}


def rows_file(session: Session, window: RowsWindow, part: str) -> ExportTable:
    found = _rows(window, part).outerjoin(Advocate, Advocate.id == G.advocate_id)
    found = found.outerjoin(Account, Account.id == G.account_id).order_by(Event.ends_at, G.id)
    cells = _cells(window.zone)
    return ExportTable(list(cells), found.with_only_columns(*cells.values(), maintain_column_froms=True))


def _cells(zone: str) -> Mapping[str, ColumnElement[str]]:
    return {
        _("Event"): text(Event.title),
        _("Ended on"): day_in(zone, Event.ends_at),
        _("Name"): text(func.coalesce(func.nullif(full_name(), ""), G.name)),
        _("Email"): text(func.coalesce(Advocate.email, G.email)),
        _("Company"): text(func.coalesce(Account.name, Advocate.company, G.company)),
        _("Source"): labeled(G.source, SOURCES),
        _("Answer"): labeled(G.state, {state: badge.word for state, badge in GUEST_STATES.items()}),
        _("Came on"): day_in(zone, G.attended_at),
        _("Minutes"): text(G.minutes),
        _("How we know"): labeled(G.attendance_source, ATTENDANCE_SOURCES),
    }


def provisional(session: Session) -> str:
    """Whose records are still open, and events that nobody noted the guests of, by name."""
    ended = (Event.state.in_((EventState.OPEN, EventState.CLOSED)), Event.ends_at <= utc_now())
    rows = select(Event).where(*ended, or_(~Event.has_record, Event.records_close_at > utc_now()))
    found = session.scalars(rows.order_by(Event.ends_at.desc()).limit(6)).all()
    still_open = [event for event in found if event.has_record]
    unknown = [event.title for event in found if not event.has_record]
    said = [
        _(
            "Provisional until %(day)s, when the records of “%(title)s” close.",
            day=day(event.records_close_at),
            title=event.title,
        )
        for event in still_open[:1]
    ]
    if unknown:
        said.append(_("Left out, since nobody noted who came: %(titles)s.", titles=", ".join(unknown)))
    return " ".join(said)


def part(name: str, label: str, note: tuple[str, str] = ("", ""), **more: Any) -> MetricPart:
    return MetricPart(name=name, label=label, note=note, **more)


ATTENDANCE = Metric(
    name="attendance",
    position=25,
    label=mark("Event attendance"),
    short_label=mark("Attendance"),
    definition=mark(
        "Of everybody whom an invitation reached, or who registered and confirmed it, those who came. An event "
        "counts in the month in which it ended; all events of a month are taken together."
    ),
    formula=mark("Attended ÷ invited, by the month in which events ended"),
    exclusions=mark(
        "Canceled events, events of which nobody noted who came, people who only waited and were offered no seat. "
        "Walk-ins and plus-ones are shown beside it."
    ),
    rule=PeriodRule.BY_EVENT,
    unit=Unit.PERCENT,
    value=Share("attended", "invited"),
    beside=Beside(
        Share("accepted-attended", "accepted"),
        mark("%(part)s of %(whole)s who said yes came, %(percent)s%%"),
        notes=("walk-ins", "plus-ones"),
    ),
    parts=(
        part("invited", mark("Invited")),
        part("attended", mark("Attended")),
        part("accepted", mark("Said yes")),
        part("accepted-attended", mark("Said yes and came"), is_tab=False),
        part("no-show", mark("Said yes and didn’t come")),
        part("walk-ins", mark("Walk-ins"), mark_plural("%(num)d walk-in", "%(num)d walk-ins")),
        part("plus-ones", mark("Plus-ones"), mark_plural("%(num)d plus-one", "%(num)d plus-ones")),
    ),
    counter=MetricCounter("attendance", tuple(PARTS), count, _first_event),
    rows=MetricRows(
        select=rows,
        key=(Event.ends_at, G.id),
        template="events/metric_rows.html",
        export=rows_file,
        context=row_context,
        lede=mark("Guests of events that ended in this period, the latest first."),
        link_label=mark("See the guests"),
    ),
    target=ATTENDANCE_TARGET,
    aside=provisional,
    headline=mark("%(n)s came."),
    gap_text=mark_plural(
        "%(num)d more guest would close that gap.", "%(num)d more guests would close that gap."
    ),
    no_data=mark("No events yet"),
    first_step=("events.new", mark("Plan an event")),
    empty_text=mark("Shown once the first event has ended: how many of the people invited attended."),
)
METRICS = (ATTENDANCE,)
