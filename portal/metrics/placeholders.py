"""Metrics whose programs do not exist yet: shown with their formula, never as zero, until a program declares them."""

from collections.abc import Sequence
from typing import NamedTuple

from flask_babel import gettext as _

from portal.badges import StatusBadge
from portal.declarations.metrics import METRICS
from portal.i18n import mark
from portal.metrics.metric_figures import MetricFigure


class Placeholder(NamedTuple):
    name: str  # of the metric that will take its place
    label: str
    formula: str
    no_data: str
    empty_text: str = ""  # one that has a place of its own on the page, and says there what it will show


PLACEHOLDERS = (
    Placeholder(
        "review_velocity",
        mark("Review velocity"),
        mark("Reviews published in a month, by day of publication"),
        mark("No reviews yet"),
        mark("Shown once the first review is published, by the month of its publication."),
    ),
    Placeholder(
        "customer_content",
        mark("Customer content"),
        mark("Stories published in a quarter"),
        mark("No stories yet"),
    ),
    Placeholder(
        "net_revenue_retention",
        mark("Net revenue retention"),
        mark("Start + expansion - contraction - churn ÷ start"),
        mark("No renewals yet"),
    ),
    Placeholder(
        "insights_actioned", mark("Insights actioned"), mark("Actioned ÷ raised"), mark("No boards yet")
    ),
    Placeholder(
        "influenced_revenue",
        mark("Influenced revenue"),
        mark("Won deals with a delivered reference, each once"),
        mark("No revenue report yet"),
    ),
)


def figures() -> Sequence[MetricFigure]:
    return [
        MetricFigure(
            id=each.name,
            name=_(each.label),
            unit="%",
            status=StatusBadge(_(each.no_data), "", "circle-dashed"),
            formula=_(each.formula),
            empty_text=_(each.empty_text),
        )
        for each in _undeclared()
        if each.empty_text
    ]


def upcoming() -> Sequence[tuple[str, str, str]]:
    return [
        (_(each.label), _(each.formula), _(each.no_data)) for each in _undeclared() if not each.empty_text
    ]


def _undeclared() -> Sequence[Placeholder]:
    return [each for each in PLACEHOLDERS if each.name not in METRICS]
