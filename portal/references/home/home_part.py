"""The desk's share of the home pages, put together."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from portal import policies
from portal.asks.calendar_days import start_of
from portal.declarations.home import AgendaEntry, HomePart, HomeShare
from portal.declarations.pages import RecordLink
from portal.i18n import mark
from portal.references.home import action_items, queries, rep_home, todays_calls
from portal.references.policies import FEEDBACK_WAIT_DAYS
from portal.references.service_levels import service_levels
from portal.web.filters import time
from tenants.database import tenant
from tenants.models import Membership
from tenants.rows_at_once import JsonRows

DUE_SOON = timedelta(hours=6)  # what falls due within them is worth a look now


def manager_share(
    session: Session, member: Membership, now: datetime, answers: Sequence[JsonRows]
) -> HomeShare:
    zone, silent = (
        ZoneInfo(tenant(session).time_zone),
        timedelta(days=policies.value(session, FEEDBACK_WAIT_DAYS)),
    )
    urgent = queries.urgent_requests(session, now, now + DUE_SOON)
    morning = start_of(now.astimezone(zone).date(), zone)
    meetings = queries.meetings_from(session, morning, now - silent)
    calls = [call for call, _open in meetings if call.starts_at and call.starts_at >= morning]
    undecided = [call for call, is_open in meetings if is_open]
    today = todays_calls.calls_on(calls, zone, now)
    return HomeShare(
        items=action_items.action_items(urgent, service_levels(session), undecided),
        total=urgent.total + len(undecided),
        sentences=_sentences(urgent.late, today, zone.key),
        more=action_items.overflow_links(urgent),
        today=today,
        next_day=todays_calls.next_call_after_today(calls, zone, now),
    )


def _sentences(late: int, today: Sequence[AgendaEntry], place: str) -> list[str]:
    """What cannot wait, and what comes next."""
    found = [ngettext("%(num)d request is late.", "%(num)d requests are late.", late)] if late else []
    if ahead := next((call for call in today if call.is_ahead), None):
        at = time(ahead.starts_at, place)
        found.append(_("The next call is at %(time)s with %(prospect)s.", time=at, prospect=ahead.title))
    return found or [_("No requests are late, and no more calls are scheduled today.")]


HOME_PART = HomePart(
    for_managers=manager_share,
    for_reps=rep_home.rep_home,
    all_clear=RecordLink(mark("See all requests"), "references.index"),
)
