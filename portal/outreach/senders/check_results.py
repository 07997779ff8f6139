"""What is said about each record of a sender's domain: its state, what to enter, what to do."""

from dataclasses import dataclass
from enum import StrEnum

from flask_babel import gettext as _


class RecordStatus(StrEnum):
    VALID = "valid"
    WARNING = "warning"
    INVALID = "invalid"
    MISSING = "missing"
    NO_ANSWER = "no_answer"
    NOT_NEEDED = "not_needed"
    DISAPPEARED = "disappeared"


STATUSES_TO_FIX = {RecordStatus.INVALID, RecordStatus.MISSING, RecordStatus.WARNING, RecordStatus.DISAPPEARED}


@dataclass(frozen=True)
class DnsRecord:
    """What to enter at the domain's DNS provider. A pattern shows what the value looks like; SendGrid has it."""

    id: str
    kind: str  # TXT or CNAME
    name: str
    value: str
    is_pattern: bool = False


@dataclass(frozen=True)
class RecordCheck:
    record: DnsRecord
    status: RecordStatus
    advice: str
    found: tuple[str, ...] = ()
    should_be_set: bool = False  # to be entered, whatever could be found out

    @property
    def needs_fixing(self) -> bool:
        return self.status in STATUSES_TO_FIX


@dataclass(frozen=True)
class CheckSection:
    """One of the things that are asked about a domain."""

    id: str
    title: str
    purpose: str
    checks: tuple[RecordCheck, ...]


def unanswered_check(record: DnsRecord, *, should_be_set: bool = False) -> RecordCheck:
    words = _(
        "No name server answered in time, so we don’t know whether the record is there. Please check again."
    )
    return RecordCheck(record, RecordStatus.NO_ANSWER, words, should_be_set=should_be_set)
