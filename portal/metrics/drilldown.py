"""The rows behind a number: which parts can be looked at, and one page of them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session, joinedload

from portal import policies as settings
from portal.advocates.models import Advocate
from portal.advocates.policies import ACTIVE_DAYS
from portal.asks.models import Ask
from portal.metrics import drilldown_queries
from portal.metrics.calculations import Metric, as_of, bounds_of
from portal.metrics.drilldown_queries import DrilldownFilter
from portal.metrics.periods import Period
from portal.paging import KeysetPage, paginate
from portal.references.models import ReferenceRequest

FILTERS: dict[Metric, tuple[DrilldownFilter, ...]] = {
    Metric.FULFILLMENT: (
        DrilldownFilter.COUNTED,
        DrilldownFilter.DELIVERED,
        DrilldownFilter.OPEN,
        DrilldownFilter.OTHER,
        DrilldownFilter.LEFT_OUT,
    ),
    Metric.ACTIVATION: (DrilldownFilter.EVERYONE, DrilldownFilter.ACTIVE, DrilldownFilter.QUIET),
    Metric.VOLUME: (DrilldownFilter.DELIVERED,),
    Metric.ADVOCATES: (DrilldownFilter.ACTIVE,),
}


@dataclass(frozen=True)
class DrilldownPage:
    """One page of rows; for people the moment they were counted and what they did last before it."""

    page: KeysetPage[ReferenceRequest] | KeysetPage[Ask] | KeysetPage[Advocate]
    at: datetime
    last_acts: dict[UUID, datetime]


def filter_of(name: Metric, given: str) -> DrilldownFilter:
    """What the address asks for, else everything that was counted."""
    return next((show for show in FILTERS[name] if show == given), FILTERS[name][0])


def drilldown_page(
    session: Session, name: Metric, chosen: Period, show: DrilldownFilter, cursor: str | None
) -> DrilldownPage:
    at = as_of(session, chosen)
    if name is Metric.FULFILLMENT:
        return DrilldownPage(_requests(session, chosen, show, cursor), at, {})
    if name is Metric.VOLUME:
        return DrilldownPage(_references(session, chosen, cursor), at, {})
    key = (Advocate.name_sort, Advocate.id)
    listed = drilldown_queries.people(at, active_days(session, at), show).options(
        joinedload(Advocate.account)
    )
    found = paginate(session, listed, key=key, cursor=cursor)
    return DrilldownPage(
        found, at, drilldown_queries.last_acts(session, at, [person.id for person in found.rows])
    )


def active_days(session: Session, at: datetime) -> int:
    """In how many days before that moment an act made somebody active, as the setting was then."""
    return settings.values_at(session, ACTIVE_DAYS, [at])[0]


def _requests(
    session: Session, chosen: Period, show: DrilldownFilter, cursor: str | None
) -> KeysetPage[ReferenceRequest]:
    listed = drilldown_queries.requests(*bounds_of(session, chosen), show)
    listed = listed.options(joinedload(ReferenceRequest.requester))
    key = (ReferenceRequest.submitted_at, ReferenceRequest.id)
    return paginate(session, listed, key=key, cursor=cursor, descending=True)


def _references(session: Session, chosen: Period, cursor: str | None) -> KeysetPage[Ask]:
    listed = drilldown_queries.references(*bounds_of(session, chosen))
    listed = listed.options(joinedload(Ask.advocate), joinedload(Ask.account))
    return paginate(session, listed, key=(Ask.completed_at, Ask.id), cursor=cursor, descending=True)
