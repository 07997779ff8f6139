"""What a person fills in: on the join page, from an invitation, later on their own page."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from portal.advocates.models import Advocate
from portal.advocates.person_name import sort_name, split_name


@dataclass(frozen=True, kw_only=True)
class ContactDetails:
    """Who somebody is."""

    name: str
    email: str
    title: str = ""
    company: str = ""

    def apply_to(self, advocate: Advocate) -> None:
        """Write the answers; an empty one keeps what was known."""
        if self.name:
            advocate.first_name, advocate.last_name = split_name(self.name)
            advocate.name_sort = sort_name(advocate.first_name, advocate.last_name)
        advocate.title = self.title or advocate.title or ""
        advocate.company = self.company or advocate.company or ""


@dataclass(frozen=True, kw_only=True)
class Preferences:
    """What somebody is willing to do, how often, and what they can talk about."""

    accepted_ask_kinds: list[str] = field(default_factory=list)
    limit_minutes: int | None = None
    limit_calls: int | None = None
    products: list[str] = field(default_factory=list)
    use_cases: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    seniority: str = ""
    persona: str = ""
    time_zone: str = ""

    def apply_to(self, advocate: Advocate) -> None:
        for name, value in asdict(self).items():
            setattr(advocate, name, value)

    def merge_into(self, advocate: Advocate) -> None:
        """Write the answers; an empty one keeps what was known, since the page could not show it to a stranger."""
        for name, value in asdict(self).items():
            if value:
                setattr(advocate, name, value)

    @classmethod
    def of(cls, advocate: Advocate) -> Self:
        return cls(**{name: getattr(advocate, name) for name in cls.__dataclass_fields__})


@dataclass(frozen=True, kw_only=True)
class JoinSubmission:
    """A whole join: who, what, and the consents that were ticked (ids of ConsentText)."""

    contact: ContactDetails
    preferences: Preferences
    consent_text_ids: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(
            contact=ContactDetails(**stored["contact"]),
            preferences=Preferences(**stored["preferences"]),
            consent_text_ids=stored["consent_text_ids"],
        )
