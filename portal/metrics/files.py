"""Metrics for a spreadsheet: the months of every figure, and the rows behind one."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from portal.metrics import listing
from portal.metrics.periods import Period
from portal.metrics.reckoning import Name, Report, zone
from portal.metrics.rows import Show
from portal.metrics.wording import NAMES
from portal.references.models import ReferenceRequest
from portal.references.words import KINDS, STATES

Line = tuple[object, ...]


def months(report: Report) -> Iterator[Line]:
    """One line for each figure and month of the trend."""
    yield _("Metric"), _("Month"), _("Value"), _("Unit"), _("Part"), _("Whole"), _("Target of the period")
    for name, reading in report.readings.items():
        for month, count in zip(report.months, reading.trend, strict=True):
            part = count.part if count.begun else ""
            whole = "" if count.whole is None else count.whole if count.begun else ""
            value = "" if count.value is None else count.value
            unit = "%" if reading.is_ratio else ""
            yield str(NAMES[name]), f"{month:%Y-%m}", value, unit, part, whole, reading.target


def rows(session: Session, name: Name, chosen: Period, show: Show) -> Iterator[Line]:
    here = zone(session)
    if name is Name.FULFILMENT:
        yield from _requests(session, chosen, show, here)
    elif name is Name.VOLUME:
        yield from _references(session, chosen, here)
    else:
        yield from _people(session, chosen, show, here)


def _requests(session: Session, chosen: Period, show: Show, here: ZoneInfo) -> Iterator[Line]:
    yield _("Request"), _("Prospect"), _("Kind"), _("State"), _("Asked by"), _("Asked on"), _("Delivered on")
    for wanted in listing.all_requests(session, chosen, show):
        days = _day(wanted.submitted_at, here), _day(wanted.delivered_at, here)
        yield (
            _number(wanted),
            wanted.prospect,
            str(KINDS[wanted.kind]),
            _state(wanted),
            wanted.requester.name,
            *days,
        )


def _references(session: Session, chosen: Period, here: ZoneInfo) -> Iterator[Line]:
    yield _("Prospect"), _("Kind"), _("Advocate"), _("Company"), _("Delivered on"), _("Arranged by")
    for ask in listing.all_references(session, chosen):
        company = ask.account.name if ask.account else ""
        by = _("the rep alone") if ask.outside else _("the desk")
        yield ask.subject, str(KINDS[ask.kind]), ask.advocate.name, company, _day(ask.completed_at, here), by


def _people(session: Session, chosen: Period, show: Show, here: ZoneInfo) -> Iterator[Line]:
    yield _("Advocate"), _("E-mail"), _("Company"), _("Enrolled on"), _("Last act")
    for person, acted_at in listing.all_people(session, chosen, show):
        company = person.account.name if person.account else ""
        yield person.name, person.email, company, _day(person.enrolled_at, here), _day(acted_at, here)


def _number(wanted: ReferenceRequest) -> str:
    return f"R-{wanted.number}"


def _state(wanted: ReferenceRequest) -> str:
    return str(STATES[wanted.state])


def _day(at: datetime | None, here: ZoneInfo) -> str:
    return at.astimezone(here).date().isoformat() if at else ""
