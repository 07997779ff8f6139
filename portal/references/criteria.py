"""What a request wants of a person; a form that is still being filled has wishes too."""

from dataclasses import dataclass
from typing import Self
from uuid import UUID

from portal.asks.models import AskKind
from portal.references.models import ReferenceRequest

SIZES = ("1-199", "200-999", "1,000-4,999", "5,000-19,999", "20,000+")
SIZE_STARTS = (200, 1_000, 5_000, 20_000)  # employees with which each later band begins
REGION_TIME_ZONES = {
    "NA": "America/Chicago",
    "EMEA": "Europe/Berlin",
    "APAC": "Asia/Singapore",
    "LATAM": "America/Sao_Paulo",
}
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
    time_zone: str = ""
    region_relaxed: bool = False
    request_id: UUID | None = None

    @classmethod
    def of(cls, wanted: ReferenceRequest) -> Self:
        return cls(
            kind=wanted.kind,
            prospect=wanted.prospect,
            prospect_norm=wanted.prospect_norm,
            product=wanted.product,
            industry=wanted.industry,
            region=wanted.region,
            use_case=wanted.use_case,
            persona=wanted.persona,
            company_size=wanted.company_size,
            language=wanted.language,
            time_zone=wanted.contact_time_zone,
            region_relaxed=wanted.region_relaxed,
            request_id=wanted.id,
        )

    @property
    def prospect_time_zone(self) -> str:
        """Where the prospect's day is: said, or the middle of its region."""
        return self.time_zone or REGION_TIME_ZONES.get(self.region.upper(), "")

    @property
    def related_industries(self) -> list[str]:
        """Normalized names of fields whose work is much alike, in both directions."""
        own = self.industry.casefold()
        there = [name for name in RELATED_INDUSTRIES.get(own, "").split(", ") if name]
        back = [name for name, others in RELATED_INDUSTRIES.items() if own in others.split(", ")]
        return sorted({*there, *back})


def size_band(employees: int | None) -> str:
    """“20,000+”; '' when nobody knows."""
    return "" if employees is None else SIZES[sum(employees >= start for start in SIZE_STARTS)]
