"""The door letters leave by: what every mail gateway takes, and what it says about each letter."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class OutgoingLetter:
    """A letter as it leaves: it holds live links now, so it is never logged and never stored."""

    id: UUID
    tenant_id: UUID
    sender_name: str
    sender: str
    recipient_name: str
    recipient: str
    subject: str
    text: str
    html: str
    calendar: str = ""  # the .ics
    calendar_method: str = ""  # REQUEST or CANCEL


class Verdict(StrEnum):
    ACCEPTED = "accepted"
    REFUSED = "refused"  # for good: another try would end the same
    RETRY = "retry"  # not taken, that is certain; later perhaps
    UNKNOWN = "unknown"  # nobody can say whether it was taken


@dataclass(frozen=True)
class Receipt:
    letter_id: UUID
    verdict: Verdict
    why: str = ""  # in words, for the manager who looks at the letter
    provider_id: str = ""


class Settling(StrEnum):
    """How a letter whose fate is unknown is settled. Never by a blind second sending."""

    AGAIN = "again"  # the gateway takes a letter once by its id, so trying again is safe
    PERSON = "person"  # nobody but a person can decide


class MailGateway(Protocol):
    settling: Settling
    batch: int  # letters a call

    def send(self, letters: Sequence[OutgoingLetter], *, seconds: float) -> Sequence[Receipt]:
        """A receipt for every letter; none is begun after `seconds`. Raising or silence leaves it unknown."""
        ...
