"""What is said about each record of a sender's domain: how it stands, what to enter, what to do."""

from dataclasses import dataclass
from enum import StrEnum

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.outreach.labels import Standing


class State(StrEnum):
    RIGHT = "right"
    WARNED = "warned"
    DIFFERS = "differs"
    MISSING = "missing"
    SILENT = "silent"
    SPARED = "spared"
    GONE = "gone"


STANDINGS = {
    State.RIGHT: Standing(_l("Found, and right"), "good", "circle-check"),
    State.WARNED: Standing(_l("Found, with a doubt"), "warn", "alert-triangle"),
    State.DIFFERS: Standing(_l("Found, but not right"), "bad", "alert-circle"),
    State.MISSING: Standing(_l("Not found"), "bad", "circle-x"),
    State.SILENT: Standing(_l("Could not be asked"), "warn", "help"),
    State.GONE: Standing(_l("Not found any more"), "warn", "alert-triangle"),
    State.SPARED: Standing(_l("Not needed"), "", "minus"),
}
WRONG = {State.DIFFERS, State.MISSING, State.WARNED, State.GONE}


@dataclass(frozen=True)
class Record:
    """What to enter at whoever keeps the domain. A pattern shows what the value looks like; the provider has it."""

    id: str
    kind: str  # TXT or CNAME
    name: str
    value: str
    is_pattern: bool = False


@dataclass(frozen=True)
class Verdict:
    record: Record
    state: State
    advice: str
    found: tuple[str, ...] = ()
    is_wanted: bool = False  # to be entered, whatever could be found out

    @property
    def standing(self) -> Standing:
        return STANDINGS[self.state]

    @property
    def is_wrong(self) -> bool:
        return self.state in WRONG


@dataclass(frozen=True)
class Chapter:
    """One of the things that are asked about a domain."""

    id: str
    title: str
    purpose: str
    verdicts: tuple[Verdict, ...]


def silent(record: Record, *, is_wanted: bool = False) -> Verdict:
    words = _("No name server answered in time. That says nothing about the record: please check again.")
    return Verdict(record, State.SILENT, words, is_wanted=is_wanted)
