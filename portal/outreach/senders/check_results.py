"""What is said about each record of a sender's domain: how it stands, what to enter, what to do."""

from dataclasses import dataclass
from enum import StrEnum

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.web.badges import StatusBadge


class RecordStatus(StrEnum):
    VALID = "right"
    WARNING = "warned"
    INVALID = "differs"
    MISSING = "missing"
    NO_ANSWER = "silent"
    NOT_NEEDED = "spared"
    DISAPPEARED = "gone"


STATUS_BADGES = {
    RecordStatus.VALID: StatusBadge(_l("Found, and right"), "good", "circle-check"),
    RecordStatus.WARNING: StatusBadge(_l("Found, with a doubt"), "warn", "alert-triangle"),
    RecordStatus.INVALID: StatusBadge(_l("Found, but not right"), "bad", "alert-circle"),
    RecordStatus.MISSING: StatusBadge(_l("Not found"), "bad", "circle-x"),
    RecordStatus.NO_ANSWER: StatusBadge(_l("Could not be asked"), "warn", "help"),
    RecordStatus.DISAPPEARED: StatusBadge(_l("Not found any more"), "warn", "alert-triangle"),
    RecordStatus.NOT_NEEDED: StatusBadge(_l("Not needed"), "", "minus"),
}
STATUSES_TO_FIX = {RecordStatus.INVALID, RecordStatus.MISSING, RecordStatus.WARNING, RecordStatus.DISAPPEARED}


@dataclass(frozen=True)
class DnsRecord:
    """What to enter at whoever keeps the domain. A pattern shows what the value looks like; the provider has it."""

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
    def badge(self) -> StatusBadge:
        return STATUS_BADGES[self.status]

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
    words = _("No name server answered in time. That says nothing about the record: please check again.")
    return RecordCheck(record, RecordStatus.NO_ANSWER, words, should_be_set=should_be_set)
