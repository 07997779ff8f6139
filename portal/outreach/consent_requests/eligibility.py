"""Who may be asked for one consent more, and why others are left out: one set of rules for pages and for sending."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from uuid import UUID

from portal.advocates.models import AdvocateState, ConsentPurpose
from portal.declarations.email_kinds import EmailClass
from portal.outreach.suppressions.blocking import ReasonAndPurpose, blocking_reason
from portal.text import is_one_line

YEAR = timedelta(days=365)
MAX_ADDRESS_LENGTH = 254
# An unsubscribe from this email ends the consent it stands on: the one that costs least comes first.
BASIS_ORDER = (ConsentPurpose.NEWS, *(each for each in ConsentPurpose if each is not ConsentPurpose.NEWS))


class LeftOutReason(StrEnum):
    PAUSED = "paused"
    REFUSED = "refused"  # withdrew it, or said no to it, before
    NO_CONSENT = "no_consent"  # to anything: there is nothing to write on
    SUPPRESSED = "suppressed"
    ASKED = "asked"  # for anything, within a year


@dataclass(frozen=True)
class ConsentCandidate:
    """Somebody in the program, as far as asking them for a further consent goes."""

    id: UUID
    email: str
    name: str
    state: AdvocateState
    consents: Sequence[str]
    refused: Sequence[str]  # purposes
    asked_at: datetime | None  # the newest within a year
    suppressions: Sequence[ReasonAndPurpose]

    def has_agreed_to(self, purpose: ConsentPurpose) -> bool:
        return purpose in self.consents

    def left_out_reason(self, purpose: ConsentPurpose) -> LeftOutReason | None:
        if self.state is not AdvocateState.ENROLLED:
            return LeftOutReason.PAUSED
        if purpose in self.refused:
            return LeftOutReason.REFUSED
        if not self.consents:
            return LeftOutReason.NO_CONSENT
        if self.basis is None or self._is_suppressed_for(purpose):
            return LeftOutReason.SUPPRESSED
        return LeftOutReason.ASKED if self.asked_at else None

    def can_be_asked_for(self, purpose: ConsentPurpose) -> bool:
        return not self.has_agreed_to(purpose) and self.left_out_reason(purpose) is None

    @cached_property
    def basis(self) -> ConsentPurpose | None:
        if not self._has_address:
            return None
        live = (each for each in BASIS_ORDER if each in self.consents)
        return next((each for each in live if not self._is_suppressed_for(each)), None)

    def _is_suppressed_for(self, purpose: ConsentPurpose) -> bool:
        return blocking_reason(self.suppressions, EmailClass.PROGRAM, purpose) is not None

    @property
    def _has_address(self) -> bool:
        return "@" in self.email and len(self.email) <= MAX_ADDRESS_LENGTH and is_one_line(self.email)


@dataclass(frozen=True)
class PurposeCounts:
    """Everybody in the program is in exactly one of these."""

    agreed: int
    askable: int
    left_out: Counter[LeftOutReason]


def count_people(people: Sequence[ConsentCandidate], purpose: ConsentPurpose) -> PurposeCounts:
    others = [person for person in people if not person.has_agreed_to(purpose)]
    reasons = Counter(person.left_out_reason(purpose) for person in others)
    askable = reasons.pop(None, 0)
    return PurposeCounts(len(people) - len(others), askable, Counter({r: n for r, n in reasons.items() if r}))


def in_group(
    people: Sequence[ConsentCandidate], purpose: ConsentPurpose, reason: LeftOutReason | None
) -> list[ConsentCandidate]:
    """Select those left out for this reason; None: those who may be asked."""
    others = (person for person in people if not person.has_agreed_to(purpose))
    return [person for person in others if person.left_out_reason(purpose) is reason]
