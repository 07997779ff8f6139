"""When a year begins. Each target is declared beside its metric."""

from portal.policies import declare

FISCAL_YEAR_START = declare(
    "metrics.fiscal_year_start",
    1,
    "Month in which your fiscal year starts",
    "1 is January. Quarters and years follow it from the next one on; earlier ones stay as they were.",
    low=1,
    high=12,
)
