"""What the desk is measured by: how many requests get their reference, and how many references there were."""

from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from portal.asks.models import Ask
from portal.declarations.metric_counts import count_by_month
from portal.declarations.metrics import (
    Beside,
    CountWindows,
    Metric,
    MetricCounter,
    MetricPart,
    MetricRows,
    PeriodRule,
    Share,
    Statement,
    Total,
    Unit,
)
from portal.i18n import mark, mark_plural
from portal.policies import declare
from portal.references import metric_queries
from portal.references.metric_queries import IS_REFERENCE, REFERENCE_PARTS, REQUEST_PARTS
from portal.references.models import ReferenceRequest

FULFILLMENT_TARGET = declare(
    "metrics.fulfillment_target",
    80,
    "Target for reference fulfillment, in percent",
    "The share of requested references that are delivered. 0 means no target.",
    high=100,
)
VOLUME_TARGET = declare(
    "metrics.volume_target",
    30,
    "Target for references delivered in a quarter",
    "A year’s target is four times this. 0 means no target.",
    high=10_000,
)


def _count_requests(session: Session, windows: CountWindows) -> Statement:
    sent, entered = ReferenceRequest.submitted_at, ReferenceRequest.created_at
    return count_by_month(sent, list(REQUEST_PARTS.values()), windows, entered_at=entered)


def _first_request() -> ColumnElement[Any]:
    return func.min(ReferenceRequest.submitted_at)


def _count_references(session: Session, windows: CountWindows) -> Statement:
    """Each reference of a request counts."""
    parts = list(REFERENCE_PARTS.values())
    return count_by_month(Ask.completed_at, parts, windows, entered_at=Ask.created_at).where(IS_REFERENCE)


def _first_request_or_reference() -> ColumnElement[Any]:
    """From the first request on a month without a reference has none, which is a number."""
    request = select(func.min(ReferenceRequest.submitted_at)).scalar_subquery()
    reference = select(func.min(Ask.completed_at)).where(IS_REFERENCE).scalar_subquery()
    return func.least(request, reference)


FULFILLMENT = Metric(
    name="fulfillment",
    position=10,
    label=mark("Reference fulfillment"),
    short_label=mark("Fulfillment"),
    definition=mark(
        "A request counts in the month it was sent, and as delivered once its first reference has reached the "
        "prospect, whenever that is."
    ),
    formula=mark("Delivered ÷ requested, by month of request"),
    exclusions=mark(
        "Withdrawn requests and duplicates are left out of both numbers. A written reference that the prospect "
        "took in place of a call counts as requested, not as delivered."
    ),
    rule=PeriodRule.BY_REQUEST,
    unit=Unit.PERCENT,
    value=Share("delivered", "counted"),
    beside=Beside(Share("delivered", "decided"), mark("%(part)s of %(whole)s decided"), notes=("open",)),
    parts=(
        MetricPart(name="counted", label=mark("Requested")),
        MetricPart(name="delivered", label=mark("Delivered")),
        MetricPart(name="decided", label=mark("Decided")),
        MetricPart(name="open", label=mark("Still open"), note=mark_plural("%(num)d open", "%(num)d open")),
        MetricPart(name="other", label=mark("Without a reference")),
        MetricPart(name="left-out", label=mark("Left out")),
        MetricPart(
            name="content",
            label=mark("Accepted a written reference"),
            note=mark_plural("%(num)d accepted a written reference", "%(num)d accepted a written reference"),
            is_tab=False,
        ),
        MetricPart(
            name="unfulfilled",
            label=mark("Not fulfilled"),
            note=mark_plural("%(num)d not fulfilled", "%(num)d not fulfilled"),
            is_tab=False,
        ),
        MetricPart(
            name="withdrawn",
            label=mark("Withdrawn"),
            note=mark_plural("%(num)d withdrawn", "%(num)d withdrawn"),
            is_tab=False,
        ),
        MetricPart(
            name="duplicates",
            label=mark("Duplicates"),
            note=mark_plural("%(num)d duplicate", "%(num)d duplicates"),
            is_tab=False,
        ),
        MetricPart(
            name="off-platform",
            label=mark("Arranged outside Goodword"),
            note=mark_plural("%(num)d arranged outside Goodword", "%(num)d arranged outside Goodword"),
            is_tab=False,
        ),
    ),
    counter=MetricCounter("requests", tuple(REQUEST_PARTS), _count_requests, _first_request),
    rows=MetricRows(
        select=metric_queries.requests,
        key=(ReferenceRequest.submitted_at, ReferenceRequest.id),
        template="references/metrics/requests.html",
        context=metric_queries.request_context,
        export=metric_queries.request_file,
        lede=mark("Requests sent in this period, newest first."),
        link_label=mark("See the requests"),
    ),
    target=FULFILLMENT_TARGET,
    headline=mark("%(n)s delivered."),
    no_data=mark("No requests yet"),
    first_step=("new_request.new", mark("Ask for a reference")),
    empty_text=mark(
        "A request counts in the month it’s sent, and as delivered once the prospect has the reference."
    ),
)
VOLUME = Metric(
    name="volume",
    position=30,
    label=mark("Reference volume"),
    short_label=mark("Volume"),
    definition=mark(
        "Every reference that reached a prospect, on the day it did: two for one request are two."
    ),
    formula=mark("References delivered, by day of delivery"),
    exclusions=mark("Nothing. References that reps arranged themselves count, too."),
    rule=PeriodRule.BY_DELIVERY,
    unit=Unit.COUNT,
    value=Total("delivered"),
    parts=(
        MetricPart(name="delivered", label=mark("Delivered")),
        MetricPart(
            name="off-platform",
            label=mark("Arranged outside Goodword"),
            note=mark_plural("%(num)d arranged by a rep directly", "%(num)d arranged by reps directly"),
        ),
    ),
    counter=MetricCounter(
        "references", tuple(REFERENCE_PARTS), _count_references, _first_request_or_reference
    ),
    rows=MetricRows(
        select=metric_queries.references,
        key=(Ask.completed_at, Ask.id),
        template="references/metrics/references.html",
        context=metric_queries.reference_context,
        export=metric_queries.reference_file,
        lede=mark("References delivered in this period, newest first."),
        link_label=mark("See the requests"),
    ),
    target=VOLUME_TARGET,
    target_months=3,
    headline=mark("%(before)s last quarter."),
    no_data=mark("Nothing delivered yet"),
    empty_text=mark("References count on the day they’re delivered, including those that reps arranged."),
)
METRICS = (FULFILLMENT, VOLUME)
