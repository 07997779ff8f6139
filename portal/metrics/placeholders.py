"""Metrics whose programs do not exist yet: shown with their formula, never as zero."""

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
    "formula": _l("Attended ÷ invited, without canceled events"),
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
        "A request counts in the month it’s sent, and as delivered once the prospect has the reference."
    ),
    Metric.ACTIVATION: _l("People count once they enroll, and as active once they’ve helped."),
    Metric.VOLUME: _l("References count on the day they’re delivered, including those that reps arranged."),
    Metric.ADVOCATES: _l("People count from the first time they help."),
}
