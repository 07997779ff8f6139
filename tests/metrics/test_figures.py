"""How a metric is drawn: a chart over its table, and every number a link where it has rows."""

from collections.abc import Callable

import pytest
from markupsafe import Markup

from portal.badges import StatusBadge
from portal.metrics.metric_figures import Cell, FigureNumbers, MetricChart, MetricFigure, MonthColumn, linked
from portal.web.dispatch import Portal
from tests.web.render_macro import render_macro

IMPORT = '{% import "metrics/figures.html" as figures %}'
MONTHS = [MonthColumn("Sep", False), MonthColumn("Oct", False), MonthColumn("Nov", True)]
Draw = Callable[[MetricFigure], str]


@pytest.fixture
def draw(app: Portal) -> Draw:
    return lambda metric: render_macro(app, IMPORT + "{{ figures.metric(metric) }}", metric=metric)


def figure(href: str | None) -> MetricFigure:
    def cells(*values: int | None) -> list[Cell]:
        return [(value, href) for value in values]

    rows = [("Fulfillment", cells(70, None, 74)), ("Delivered", cells(7, 0, 9))]
    chart = MetricChart([70, None, 74], 60, 90, [80, 80, 75], MONTHS, rows, "Fulfillment")
    said = Markup("16 of 22")
    numbers = FigureNumbers(
        74, Markup(), said, Markup("16 of 18 decided"), Markup(), "Oct", href, "See the rows", chart
    )
    status = StatusBadge("Under target", "warn", "alert-triangle")
    return MetricFigure(
        "m", "Fulfillment", "%", status, "Delivered ÷ requested", ["<b>All</b>"], 2, "", numbers=numbers
    )


def test_a_metric_is_a_chart_over_its_table(draw: Draw) -> None:
    page = draw(figure(None))
    assert page.count('<th scope="col">') == 4
    assert '<td class="gw-ink">-</td>' in page
    assert "74%" in page
    assert "<a " not in page
    assert "Definition, version 2" in page
    assert "&lt;b&gt;All&lt;/b&gt;" in page
    for words in ("16 of 18 decided", "Corrected", "<small>so far</small>"):
        assert words in page


def test_a_number_leads_to_its_rows(draw: Draw) -> None:
    page = draw(figure("/rows?a=1&b=2"))
    assert page.count('href="/rows?a=1&amp;b=2"') == 2 + 5, "the number, the words under it, five months"
    assert "Target 75%" in page
    assert page.count("gw-s-hollow") == 1


def test_what_never_counted_anything_says_so_instead_of_nought(draw: Draw) -> None:
    page = draw(
        MetricFigure(
            "m", "Attendance", "%", StatusBadge("No events yet", "", "circle-dashed"), "", empty_text="Later"
        )
    )
    assert '<span class="gw-none">-</span>' in page
    assert "Later" in page
    assert ">0<" not in page


def test_words_in_links_are_escaped() -> None:
    assert linked("<b>", "/?a=1&b=2") == '<a class="gw-rows-link" href="/?a=1&amp;b=2">&lt;b&gt;</a>'
    assert linked("<b>", None) == "&lt;b&gt;"
