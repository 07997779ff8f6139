"""The kinds of ask; here, because people say which of them they are willing to do."""

from enum import StrEnum

from portal.advocates.models import Purpose


class Kind(StrEnum):
    CALL = "call"
    SITE_VISIT = "site_visit"
    WRITTEN = "written"
    QUOTE = "quote"  # quote or logo
    SPEAKING = "speaking"
    RFP = "rfp"

    @property
    def purpose(self) -> Purpose:
        return PURPOSES[self]

    @property
    def minutes(self) -> int:
        return MINUTES[self]

    @property
    def has_meeting(self) -> bool:
        return self in {Kind.CALL, Kind.SITE_VISIT}


PURPOSES = {
    Kind.CALL: Purpose.CALLS,
    Kind.SITE_VISIT: Purpose.CALLS,
    Kind.WRITTEN: Purpose.NAME,
    Kind.QUOTE: Purpose.NAME,
    Kind.SPEAKING: Purpose.EVENTS,
    Kind.RFP: Purpose.NAME,
}
MINUTES = {
    Kind.CALL: 20,
    Kind.SITE_VISIT: 90,
    Kind.WRITTEN: 30,
    Kind.QUOTE: 10,
    Kind.SPEAKING: 60,
    Kind.RFP: 30,
}
TALKS = frozenset({Kind.CALL, Kind.SITE_VISIT, Kind.SPEAKING})  # these share one set of windows
USUAL = {  # what somebody is willing to do who agreed to a purpose and said no more
    Purpose.CALLS: (Kind.CALL,),
    Purpose.NAME: (Kind.WRITTEN, Kind.QUOTE),
    Purpose.EVENTS: (Kind.SPEAKING,),
}
