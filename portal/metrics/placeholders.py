"""Figures whose programs are not there yet: named with their formula, and never shown as nought."""

from flask_babel import lazy_gettext as _l

from portal.metrics.calculations import Metric

NO_EVENTS = (_l("No events yet"), "", "circle-dashed")
ATTENDANCE = {
    "id": "attendance",
    "name": _l("Event attendance"),
    "value": None,
    "unit": "%",
    "status": NO_EVENTS,
    "change": "",
    "formula": _l("Came ÷ invited, cancelled events left out"),
    "n": "",
    "note": "",
    "rows_href": None,
    "chart": None,
}
UPCOMING = (
    (_l("Review velocity"), _l("Reviews published in a month, by day of publication"), _l("No reviews yet")),
    (_l("Customer content"), _l("Stories published in a quarter"), _l("No stories yet")),
    (_l("NPS"), _l("9 and 10 minus 0 to 6, in percent of the answers"), _l("No survey yet")),
    (
        _l("Net revenue retention"),
        _l("Start + expansion - contraction - churn ÷ start"),
        _l("No renewals yet"),
    ),
    (_l("Insights actioned"), _l("Actioned ÷ raised"), _l("No boards yet")),
    (
        _l("Influenced revenue"),
        _l("Won deals with a delivered reference, each once"),
        _l("No revenue report yet"),
    ),
)
EMPTY_TEXTS = {
    Metric.FULFILLMENT: _l(
        "A request counts in the month it is sent, and as delivered once the reference arrived."
    ),
    Metric.ACTIVATION: _l("People count here once they have enrolled, and as active after their first act."),
    Metric.VOLUME: _l("References count here on the day they are delivered, those arranged by reps too."),
    Metric.ADVOCATES: _l("People count here from their first completed act on."),
}
