"""Why an email is held, waits, failed or is unknown: a code in its row; labels put it into words."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple


class StatusCode(StrEnum):
    NONE = ""
    EARLIER = "earlier"  # in words, from before there were codes
    # rules of governance
    SUPPRESSED_BOUNCED = "suppressed_bounced"
    SUPPRESSED_COMPLAINED = "suppressed_complained"
    SUPPRESSED_UNSUBSCRIBED = "suppressed_unsubscribed"
    SUPPRESSED_ERASED = "suppressed_erased"
    SUPPRESSED_OPTED_OUT = "suppressed_opted_out"
    SUPPRESSED_BY_HAND = "suppressed_by_hand"
    NOT_IN_PROGRAM = "not_in_program"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    ASK_CLOSED = "ask_closed"
    EXPIRED = "expired"
    INVITATION_ANSWERED = "invitation_answered"
    SEQUENCE_ENDED = "sequence_ended"
    SEQUENCE_PAUSED = "sequence_paused"
    CAMPAIGN_PAUSED = "campaign_paused"
    RECIPIENT_PAUSED = "recipient_paused"
    QUIET_HOURS = "quiet_hours"
    FREQUENCY_CAP_REACHED = "frequency_cap_reached"
    DAILY_LIMIT_REACHED = "daily_limit_reached"
    BULK_PAUSED_BY_COMPLAINTS = "bulk_paused_by_complaints"
    BLOCKED_BY_COMPLAINTS = "blocked_by_complaints"
    # a sequence that stopped for the recipient, or for everybody
    SEQUENCE_ANSWERED = "sequence_answered"
    SEQUENCE_WITHDRAWN = "sequence_withdrawn"
    SEQUENCE_UNSUBSCRIBED = "sequence_unsubscribed"
    SEQUENCE_LEFT = "sequence_left"
    SEQUENCE_LIMIT = "sequence_limit"
    SEQUENCE_BY_HAND = "sequence_by_hand"
    SEQUENCE_RECIPIENT_REMOVED = "sequence_recipient_removed"
    # of the dry run alone
    NO_CONSENT = "no_consent"
    ADVOCATE_PAUSED = "advocate_paused"
    NO_ADDRESS = "no_address"
    TOO_LATE = "too_late"
    # sending
    UNREADABLE_KEY = "unreadable_key"
    GATEWAY_REPLY = "gateway_reply"
    RETRIES_EXHAUSTED = "retries_exhausted"
    NO_ANSWER = "no_answer"
    LEASE_EXPIRED = "lease_expired"
    PREVIOUS_ACCOUNT = "previous_account"
    # what the provider told afterwards
    DROPPED = "dropped"
    NO_SUCH_MAILBOX = "no_such_mailbox"
    TURNED_AWAY = "turned_away"
    MARKED_AS_SPAM = "marked_as_spam"


class EmailStatus(NamedTuple):
    code: StatusCode = StatusCode.NONE
    params: Mapping[str, Any] = {}

    @property
    def columns(self) -> dict[str, Any]:
        return {"status_code": self.code, "status_params": dict(self.params)}


NO_STATUS = EmailStatus()
