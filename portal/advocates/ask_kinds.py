"""The kinds of ask; here, because people say which of them they are willing to do."""

from enum import StrEnum

from portal.advocates.models import ConsentPurpose


class AskKind(StrEnum):
    CALL = "call"
    SITE_VISIT = "site_visit"
    WRITTEN = "written"
    QUOTE = "quote"  # quote or logo
    SPEAKING = "speaking"
    RFP = "rfp"

    @property
    def purpose(self) -> ConsentPurpose:
        return PURPOSES[self]

    @property
    def minutes(self) -> int:
        return MINUTES[self]

    @property
    def has_meeting(self) -> bool:
        return self in {AskKind.CALL, AskKind.SITE_VISIT}


PURPOSES = {
    AskKind.CALL: ConsentPurpose.CALLS,
    AskKind.SITE_VISIT: ConsentPurpose.CALLS,
    AskKind.WRITTEN: ConsentPurpose.NAME,
    AskKind.QUOTE: ConsentPurpose.NAME,
    AskKind.SPEAKING: ConsentPurpose.EVENTS,
    AskKind.RFP: ConsentPurpose.NAME,
}
MINUTES = {
    AskKind.CALL: 20,
    AskKind.SITE_VISIT: 90,
    AskKind.WRITTEN: 30,
    AskKind.QUOTE: 10,
    AskKind.SPEAKING: 60,
    AskKind.RFP: 30,
}
TALKS = frozenset({AskKind.CALL, AskKind.SITE_VISIT, AskKind.SPEAKING})  # these share one set of windows
DEFAULT_KINDS = {  # what somebody is willing to do who agreed to a purpose and said no more
    ConsentPurpose.CALLS: (AskKind.CALL,),
    ConsentPurpose.NAME: (AskKind.WRITTEN, AskKind.QUOTE),
    ConsentPurpose.EVENTS: (AskKind.SPEAKING,),
}
