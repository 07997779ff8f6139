"""Two more files of the sample: what its companies used in the last twelve months, and what they subscribed to."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from random import Random

from portal.demo.sample import SEED, Company, companies_of, plain_file

MONTHS, MEASURED = 12, 320  # the others send no usage
FEATURES = ("Close checklist", "Bank imports", "Consolidation", "Audit trail", "Forecast", "Approvals")
USAGE_COLUMNS = ("Account Name", "Month", "Licenses", "Active Users", "Features")
SUBSCRIPTION_COLUMNS = ("Account Name", "Start Date", "End Date", "ARR", "Reason")
YEAR = timedelta(days=365)


def files(began: date, today: date) -> dict[str, tuple[str, bytes]]:
    """`began`: the day for which the companies were made. The same days give the same bytes."""
    companies, chance = companies_of(began), Random(SEED + 1)
    return {
        "usage": ("usage.csv", plain_file(_usage_rows(chance, companies[:MEASURED], today))),
        "subscriptions": ("subscriptions.csv", plain_file(_subscription_rows(chance, companies))),
    }


def _usage_rows(chance: Random, companies: Sequence[Company], today: date) -> Iterable[Sequence[object]]:
    yield USAGE_COLUMNS
    for company in companies:
        yield from _months_of(chance, company, today)


def _months_of(chance: Random, company: Company, today: date) -> Iterator[Sequence[object]]:
    """Seats grow by steps, use drifts up or down, and one feature more is found now and then."""
    licenses, share = min(max(company.employees // 40, 5), 2_000), chance.uniform(0.35, 0.9)
    drift, known = chance.uniform(-0.02, 0.025), chance.randint(1, 3)
    for month in _last_months(today):
        licenses += round(licenses * 0.1) if chance.random() < 0.08 else 0
        known = min(known + (chance.random() < 0.12), len(FEATURES))
        share = min(max(share + drift + chance.uniform(-0.02, 0.02), 0.05), 1.0)
        yield company.name, f"{month:%Y-%m}", licenses, round(licenses * share), "; ".join(FEATURES[:known])


def _last_months(today: date) -> list[date]:
    """Full months, the oldest first."""
    first = today.replace(day=1)
    months = []
    for _ in range(MONTHS):
        first = (first - timedelta(days=1)).replace(day=1)
        months.append(first)
    return months[::-1]


def _subscription_rows(chance: Random, companies: Sequence[Company]) -> Iterable[Sequence[object]]:
    yield SUBSCRIPTION_COLUMNS
    for company in companies:
        yield from _terms_of(chance, company)


def _terms_of(chance: Random, company: Company) -> Iterator[Sequence[object]]:
    """Up to three years until the renewal, the first from when they came; the last is worth what they pay now."""
    years = min(3, -(-(company.renewal - company.since).days // 365))
    for left in range(years - 1, -1, -1):
        ends = company.renewal - left * YEAR - timedelta(days=1)
        starts = max(ends - YEAR + timedelta(days=1), company.since)
        worth, grows = company.value * 0.88**left, chance.random() < 0.5
        reason = "New" if left == years - 1 else "Expansion" if grows else "Renewal"
        yield company.name, starts.isoformat(), ends.isoformat(), f"${worth:,.2f}", reason
