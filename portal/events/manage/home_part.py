"""Events at home: what waits for a manager, and what is on today."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from portal.asks.calendar_days import start_of, workspace_zone
from portal.badges import StatusBadge
from portal.declarations.home import ActionItem, AgendaEntry, HomePart, HomeShare, Questions
from portal.declarations.pages import RecordLink
from portal.events.guest_models import EventGuest, GuestState
from portal.events.labels import STATES
from portal.events.models import Event, EventState
from portal.i18n import mark
from portal.web.filters import day
from tenants.models import Membership
from tenants.rows_at_once import JsonRows

MOST = 5
SOON = timedelta(days=3)
DAY = timedelta(days=1)
TO_APPROVE = StatusBadge(_l("Waiting for you"), "warn", "user-question")
NO_RECORD = StatusBadge(_l("Not recorded"), "warn", "clipboard-x")
OPEN = Event.state == EventState.OPEN


def questions(session: Session, now: datetime) -> Questions:
    return _registrations(now), _without_record(now), _ahead(session, now)


def manager_share(
    session: Session, member: Membership, now: datetime, answers: Sequence[JsonRows]
) -> HomeShare:
    waiting, unrecorded, ahead = answers
    items = [*(_approval(row) for row in waiting), *(_record(row) for row in unrecorded)]
    today, later = _agenda(session, ahead, now)
    return HomeShare(items[:MOST], total=len(items), today=today, next_day=later)


def _registrations(now: datetime) -> Select[*tuple[Any, ...]]:
    G = EventGuest  # noqa: N806
    found = select(Event.id, Event.title, func.count(G.id).label("number")).join(G, G.event_id == Event.id)
    found = found.where(OPEN, Event.starts_at > now, G.state == GuestState.REQUESTED)
    return found.group_by(Event.id, Event.title, Event.starts_at).order_by(Event.starts_at).limit(MOST)


def _without_record(now: datetime) -> Select[*tuple[Any, ...]]:
    """They are in no rate until somebody says who was there."""
    columns = (Event.id, Event.title, Event.ends_at, Event.records_close_at)
    over = and_(OPEN, Event.ends_at < now, Event.has_record.is_(False))
    return select(*columns).where(over).order_by(Event.ends_at).limit(MOST)


def _ahead(session: Session, now: datetime) -> Select[*tuple[Any, ...]]:
    """What is on, was on today, and the next one."""
    midnight = start_of(now.astimezone(workspace_zone(session)).date(), workspace_zone(session))
    columns = (Event.id, Event.title, Event.venue, Event.starts_at, Event.ends_at, Event.seats_taken)
    running = or_(OPEN, Event.state == EventState.CLOSED)
    found = select(*columns, Event.state).where(running, Event.ends_at >= midnight)
    return found.order_by(Event.starts_at, Event.id).limit(10)


def _approval(row: dict[str, Any]) -> ActionItem:
    title = ngettext(
        "One registration for “%(title)s”",
        "%(num)d registrations for “%(title)s”",
        row["number"],
        title=row["title"],
    )
    href = url_for("events.guests", event=row["id"], view="approval")
    return ActionItem(TO_APPROVE, title, _("They come once you let them in."), href, _("Decide"))


def _record(row: dict[str, Any]) -> ActionItem:
    closes = day(datetime.fromisoformat(row["records_close_at"]))
    title = _("Who was at “%(title)s”?", title=row["title"])
    text = _("Check guests in or read a file until %(day)s, else no rate counts it.", day=closes)
    return ActionItem(NO_RECORD, title, text, url_for("events.after", event_id=row["id"]), _("Open it"))


def _agenda(
    session: Session, rows: Sequence[dict[str, Any]], now: datetime
) -> tuple[list[AgendaEntry], AgendaEntry | None]:
    zone = workspace_zone(session)
    tomorrow = start_of(now.astimezone(zone).date() + DAY, zone)
    entries = [_entry(row, now) for row in rows]
    today = [entry for entry in entries if entry.starts_at < tomorrow]
    later = [entry for entry in entries if entry.starts_at >= tomorrow]
    return today, later[0] if later else None


def _entry(row: dict[str, Any], now: datetime) -> AgendaEntry:
    starts_at = datetime.fromisoformat(row["starts_at"])
    seats = ngettext("one seat taken", "%(num)d seats taken", row["seats_taken"])
    text = f"{row['venue']}, {seats}" if row["venue"] else seats
    href = url_for("events.show", event_id=row["id"])
    badge = STATES[EventState(row["state"])]
    return AgendaEntry(starts_at, row["title"], text, href, badge, is_ahead=starts_at > now)


HOME_PART = HomePart(
    for_managers=manager_share,
    questions=questions,
    stays_when_off=True,
    all_clear=RecordLink(mark("See the events"), "events.index"),
)
