"""Audiences that `tests/bench/directory.py` counts: a filter, and five, two of which ask for a person or a company."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from portal.segments import figures
from portal.segments.conditions import Conditions
from portal.segments.resolution import resolve


def fits(attribute: str, operator: str, *values: str) -> dict[str, Any]:
    return {"attribute": attribute, "operator": operator, "values": [*values]}


INDUSTRY, REGION, PRODUCT = "account.industry", "account.region", "person.products"
SEGMENTS: dict[str, dict[str, Any]] = {
    "live_count": {"rows": [fits(PRODUCT, "any_of", "Ledger"), fits(REGION, "any_of", "EMEA")]},
    "segment_1": {
        "rows": [fits("person.state", "any_of", "enrolled"), fits(PRODUCT, "any_of", "Ledger Pro")]
    },
    "segment_2": {
        "rows": [
            fits(INDUSTRY, "any_of", "Financials"),
            fits(REGION, "any_of", "EMEA", "APAC"),
            fits("person.persona", "any_of", "finance"),
        ]
    },
    "segment_3": {
        "rows": [
            fits("account.employees", "at_least", "20000"),
            fits("person.last_ask_at", "unknown"),
            fits(PRODUCT, "any_of", "Flow"),
        ]
    },
    "segment_or_1": {
        "join": "any",
        "rows": [
            fits(INDUSTRY, "any_of", "Energy"),
            fits("person.seniority", "any_of", "vp"),
            fits(PRODUCT, "any_of", "Vault"),
        ],
    },
    "segment_or_2": {
        "join": "any",
        "rows": [
            {"group": [fits(REGION, "any_of", "APAC"), fits("account.health", "any_of", "green")]},
            {
                "group": [
                    fits("person.persona", "any_of", "it"),
                    fits("account.employees", "at_least", "30000"),
                ]
            },
        ],
    },
}


def counted(stored: dict[str, Any]) -> Callable[[Session], object]:
    """Read, looked up and counted, as while somebody types."""

    def ask(session: Session) -> object:
        resolved = resolve(session, Conditions.of(stored))
        if resolved.every_fault:
            raise AssertionError(resolved.every_fault)
        return figures.count(session, resolved)

    return ask


def looked_at(stored: dict[str, Any]) -> Callable[[Session], object]:
    """The numbers after each condition, companies, money and a sample, as the page shows them."""

    def ask(session: Session) -> object:
        resolved = resolve(session, Conditions.of(stored))
        return figures.sample(session, figures.figures(session, resolved))

    return ask
