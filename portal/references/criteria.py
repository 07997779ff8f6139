"""What a request asks of an advocate; a form that is still being filled has criteria too."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

from portal.accounts.name_normalization import normal_name
from portal.advocates.ask_kinds import DESK_KINDS, AskKind

SIZES = ("1-199", "200-999", "1,000-4,999", "5,000-19,999", "20,000+")
SIZE_STARTS = (200, 1_000, 5_000, 20_000)  # employees with which each later band begins
REGION_TIME_ZONES = {
    "NA": "America/Chicago",
    "EMEA": "Europe/Berlin",
    "APAC": "Asia/Singapore",
    "LATAM": "America/Sao_Paulo",
}
MAX_TEXT = 200
RELATED_INDUSTRIES = {
    "communication services": "information technology, consumer discretionary",
    "consumer discretionary": "consumer staples, communication services",
    "consumer staples": "consumer discretionary, materials",
    "energy": "utilities, materials",
    "financials": "real estate, information technology",
    "health care": "consumer staples, materials",
    "industrials": "materials, energy",
    "information technology": "communication services, financials",
    "materials": "industrials, energy, consumer staples, health care",
    "real estate": "financials, utilities",
    "utilities": "energy, real estate, industrials",
}


@dataclass(frozen=True, kw_only=True)
class MatchCriteria:
    """The one list of these fields: the table has a column for each, the form an input for each that is typed."""

    kind: AskKind
    prospect: str = ""
    prospect_norm: str = ""
    product: str = ""
    industry: str = ""
    region: str = ""
    use_case: str = ""
    persona: str = ""
    company_size: str = ""
    language: str = ""
    contact_time_zone: str = ""
    region_relaxed: bool = False

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Self:
        texts: dict[str, Any] = {
            f.name: str(given.get(f.name) or "").strip()[:MAX_TEXT] for f in fields(cls) if f.type is str
        }
        texts["prospect_norm"] = normal_name(texts["prospect"])
        kind = AskKind(given["kind"]) if given.get("kind") in DESK_KINDS else AskKind.CALL
        return cls(kind=kind, **texts)

    @property
    def prospect_time_zone(self) -> str:
        return self.contact_time_zone or REGION_TIME_ZONES.get(self.region.upper(), "")

    @property
    def related_industries(self) -> list[str]:
        own = self.industry.casefold()
        there = [name for name in RELATED_INDUSTRIES.get(own, "").split(", ") if name]
        back = [name for name, others in RELATED_INDUSTRIES.items() if own in others.split(", ")]
        return sorted({*there, *back})


def size_band(employees: int | None) -> str:
    return "" if employees is None else SIZES[sum(employees >= start for start in SIZE_STARTS)]
