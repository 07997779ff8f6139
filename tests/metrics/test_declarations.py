"""What every metric declares, and that an incomplete one stops the start."""

from collections.abc import Iterator
from dataclasses import replace
from operator import attrgetter

import pytest

from portal.asks.metrics import ACTIVATION, ADVOCATE_COUNT
from portal.asks.metrics import METRICS as METRICS_OF_ASKS
from portal.declarations import program_switches
from portal.declarations.metrics import METRICS, MetricRegistry, Share, Total
from portal.declarations.programs import PROGRAMS
from portal.declarations.registry import DeclaredTwice, IncompleteDeclarations
from portal.metrics import placeholders
from portal.metrics.calculations import report
from portal.references.metrics import FULFILLMENT, VOLUME
from portal.reporting.periods import PeriodChoice
from portal.web.dispatch import Portal
from tenants.models import Role
from tests.world import World


@pytest.fixture(autouse=True)
def in_english(app: Portal) -> Iterator[None]:
    with app.test_request_context("/"):
        yield


def registry(*metrics: object) -> MetricRegistry:
    made = MetricRegistry("metric")
    made.add(*metrics)  # type: ignore[arg-type]
    return made


def test_all_that_are_listed_are_complete() -> None:
    METRICS.check_complete()
    own = [*METRICS_OF_ASKS, *(metric for program in PROGRAMS for metric in program.metrics)]
    assert [*METRICS] == sorted(own, key=attrgetter("position"))


def test_what_is_missing_is_said_in_sentences() -> None:
    wrong = replace(FULFILLMENT, definition=" ", value=Share("delivered", "asked"), version=0)
    gone = replace(VOLUME, rows=replace(VOLUME.rows, template="metrics/nowhere.html"))
    with pytest.raises(IncompleteDeclarations) as found:
        registry(wrong, gone).check_complete()
    assert str(found.value).splitlines() == [
        "The metric “fulfillment”: its definition is missing.",
        "The metric “fulfillment”: the versions of its definition count from 1.",
        "The metric “fulfillment”: “asked” is not both one of its parts and counted.",
        "The metric “volume”: its template templates/metrics/nowhere.html is missing.",
    ]


def test_a_name_is_taken_once_and_so_is_a_counter() -> None:
    with pytest.raises(DeclaredTwice, match="two metrics called “volume”"):
        registry(VOLUME, VOLUME)
    other = replace(VOLUME, counter=replace(FULFILLMENT.counter, parts=VOLUME.counter.parts))
    with pytest.raises(IncompleteDeclarations, match="There are two counters called “requests”"):
        registry(FULFILLMENT, other).check_complete()


def test_metrics_of_a_program_that_is_off_are_hidden(acme: World) -> None:
    desk = PROGRAMS.get("references")
    with acme.session() as session:
        program_switches.switch(session, desk, on=False, by=acme.member(Role.ADMIN))
        shown = report(session, PeriodChoice.QUARTER).readings
    assert [one.metric for one in shown] == [
        ACTIVATION,
        ADVOCATE_COUNT,
    ]  # new programs are off until switched on


def test_a_placeholder_goes_when_its_program_declares_the_metric() -> None:
    names = {each.name for each in placeholders.PLACEHOLDERS}
    assert not names & {metric.name for metric in METRICS}
    assert [figure.id for figure in placeholders.figures()] == ["review_velocity"]
    assert len(placeholders.upcoming()) == len(names) - 1
    velocity = replace(VOLUME, name="review_velocity", value=Total("delivered"))
    METRICS.add(velocity)
    try:
        assert placeholders.figures() == []
    finally:
        METRICS._declared.pop("review_velocity")
