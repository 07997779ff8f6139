"""What the ledger says of the people in it: how many are active, of all who are enrolled."""

from portal.advocates.models import Advocate
from portal.advocates.policies import ACTIVE_DAYS
from portal.asks import activation_queries
from portal.asks.activation_counts import PARTS, count_people, first_enrollment
from portal.declarations.metrics import (
    Metric,
    MetricCounter,
    MetricPart,
    MetricRows,
    PeriodRule,
    Share,
    Total,
    Unit,
)
from portal.i18n import mark, mark_plural
from portal.policies import declare

ACTIVATION_TARGET = declare(
    "metrics.activation_target",
    45,
    "Target for advocate activation, in percent",
    "The share of enrolled advocates who are active. 0 means no target.",
    high=100,
)
ADVOCATES_TARGET = declare(
    "metrics.advocates_target",
    50,
    "Target for active advocates",
    "0 means no target.",
    high=100_000,
)
PEOPLE = MetricCounter("people", PARTS, count_people, first_enrollment)
ACTIVE = MetricPart(name="active", label=mark("Active"))


def _people(lede: str) -> MetricRows:
    """By name, with what each did last."""
    return MetricRows(
        select=activation_queries.people,
        key=(Advocate.name_sort, Advocate.id),
        newest_first=False,
        template="metrics/drilldown_people.html",
        context=activation_queries.last_acts,
        erased=activation_queries.erased_people,
        export=activation_queries.people_file,
        lede=lede,
        link_label=mark("See the people"),
    )


ACTIVATION = Metric(
    name="activation",
    position=20,
    label=mark("Advocate activation"),
    short_label=mark("Activation"),
    definition=mark(
        "Of everyone enrolled at the end of the period, those who helped at least once in the days before it."
    ),
    formula=mark("Helped at least once in %(days)s days ÷ enrolled, at month end"),
    exclusions=mark("People who are only invited, who said no, or who have left."),
    rule=PeriodRule.AT_PERIOD_END,
    unit=Unit.PERCENT,
    value=Share("active", "everyone"),
    parts=(
        MetricPart(name="everyone", label=mark("Enrolled")),
        ACTIVE,
        MetricPart(name="quiet", label=mark("Not active")),
    ),
    counter=PEOPLE,
    rows=_people(mark("People enrolled on %(day)s, and when they last helped.")),
    target=ACTIVATION_TARGET,
    window=ACTIVE_DAYS,
    headline=mark("%(n)s active."),
    gap_text=mark_plural(
        "%(num)d more active person would close that gap.",
        "%(num)d more active people would close that gap.",
    ),
    no_data=mark("No one enrolled yet"),
    empty_text=mark("People count once they enroll, and as active once they’ve helped."),
)
ADVOCATE_COUNT = Metric(
    name="advocates",
    position=40,
    label=mark("Advocate count"),
    short_label=mark("Advocates"),
    definition=mark(
        "People enrolled at the end of the period who helped at least once in the days before it."
    ),
    formula=mark("Enrolled people who helped in the last %(days)s days, at month end"),
    exclusions=mark("People who have left, and enrolled people who have not helped lately."),
    rule=PeriodRule.AT_PERIOD_END,
    unit=Unit.COUNT,
    value=Total("active"),
    parts=(ACTIVE,),
    counter=PEOPLE,
    rows=_people(mark("People active on %(day)s, and when they last helped.")),
    target=ADVOCATES_TARGET,
    window=ACTIVE_DAYS,
    no_data=mark("No one active yet"),
    empty_text=mark("People count from the first time they help."),
)
METRICS = (ACTIVATION, ADVOCATE_COUNT)
