"""The signed links of a call: wire values and paths never change, old emails hold them."""

from collections.abc import Mapping
from enum import StrEnum


class CallLinkPurpose(StrEnum):
    SLOT = "slot"  # the prospect picks a time
    TIMES = "times"  # the advocate offers new times
    CALL = "call"  # the advocate's page of a call
    AFTER_CALL = "after_call"
    CALENDAR = "calendar"


LINK_PATHS: Mapping[str, str] = {
    CallLinkPurpose.SLOT: "s",
    CallLinkPurpose.TIMES: "times",
    CallLinkPurpose.CALL: "call",
    CallLinkPurpose.AFTER_CALL: "after",
    CallLinkPurpose.CALENDAR: "calendar",
}
