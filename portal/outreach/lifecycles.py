"""The states of an email and the moves between them, a person's, a worker's and those that the provider tells of.

    queued -> held (a rule of governance says no, or not yet; what is free again later is claimed again by itself)
    queued -> sending -> accepted | queued (later) | failed | unknown
    sending, lease lapsed -> unknown -> queued (once more) | held (for a person) | failed (staff never see it)

What the provider tells only ever moves an email up, so neither repeats nor disorder change where it ends:

    not taken, or nobody knows  <  accepted  <  dropped  <  delivered  <  bounced  <  complained
"""

from enum import StrEnum
from typing import Any

from portal.history import HistoryAction
from portal.lifecycle import NOW, Lifecycle
from portal.outreach.status_codes import NO_STATUS, EmailStatus, StatusCode


class EmailState(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    HELD = "held"
    FAILED = "failed"
    UNKNOWN = "unknown"


class HoldReason(StrEnum):
    """Why an email may not leave, or not yet."""

    NONE = ""
    QUIET_HOURS = "quiet_hours"  # outside the hours people read work mail
    FREQUENCY_CAP = "frequency_cap"  # the person had enough emails lately
    DAILY_LIMIT = "daily_limit"  # the workspace sent enough for today
    COMPLAINTS = "complaints"  # too many of its emails were marked as spam
    PAUSED = "paused"  # its sequence rests
    SUPPRESSED = "suppressed"
    CONSENT = "consent"
    LEFT_PROGRAM = "left_program"
    OBSOLETE = "obsolete"  # what it is about ended or changed
    DELIVERY_UNKNOWN = "delivery_unknown"  # it may have arrived already


class EmailMove(StrEnum):
    TRY_AGAIN = "try_again"  # by a person
    GIVE_UP = "give_up"  # by a person
    CLAIM = "claim"
    HOLD = "hold"
    POSTPONE = "postpone"  # the workspace's way out is barred
    WITHDRAW = "withdraw"  # its sequence ended for the reader
    ACCEPT = "accept"
    RETRY_LATER = "retry_later"  # the gateway would not take it now
    REFUSE = "refuse"
    LOSE_TRACK = "lose_track"  # the gateway did not say
    EXPIRE_LEASE = "expire_lease"  # its worker fell
    RETRY_UNKNOWN = "retry_unknown"
    HOLD_UNKNOWN = "hold_unknown"  # a person decides
    DROP_UNKNOWN = "drop_unknown"  # nobody can: staff never see it
    REPORT_ACCEPTED = "report_accepted"  # by the provider, as are the others
    REPORT_DROPPED = "report_dropped"
    REPORT_DELIVERED = "report_delivered"
    REPORT_BOUNCED = "report_bounced"
    REPORT_COMPLAINED = "report_complained"


class EmailAction(HistoryAction):
    """What the history says a person did."""

    TRIED_AGAIN = "tried_again"
    GIVEN_UP = "given_up"


S, M = EmailState, EmailMove
PERSONS_MOVES = (M.TRY_AGAIN, M.GIVE_UP)
REPORTS_AFTER_DROP = (M.REPORT_DELIVERED, M.REPORT_BOUNCED, M.REPORT_COMPLAINED)
REPORTS = (M.REPORT_ACCEPTED, M.REPORT_DROPPED, *REPORTS_AFTER_DROP)  # what weighs most comes last
WAITING_STATES = frozenset({S.QUEUED, S.HELD})
NOT_TAKEN = WAITING_STATES | {S.SENDING, S.UNKNOWN, S.FAILED}  # by the provider, as far as anybody knows
NOTHING_OPEN: dict[str, Any] = {
    "lease_until": None,
    "outcome_unknown": False,
    "hold_reason": HoldReason.NONE,
    "given_up_at": None,
}
LIFECYCLE: Lifecycle[EmailState, EmailMove] = Lifecycle(
    "email",
    S.QUEUED,
    {
        M.TRY_AGAIN: ({S.HELD, S.FAILED, S.UNKNOWN}, S.QUEUED),
        M.GIVE_UP: ({S.HELD, S.FAILED, S.UNKNOWN}, S.FAILED),
        M.CLAIM: (WAITING_STATES, S.SENDING),
        M.HOLD: (WAITING_STATES, S.HELD),
        M.POSTPONE: (WAITING_STATES, S.QUEUED),
        M.WITHDRAW: (WAITING_STATES, S.HELD),
        M.ACCEPT: (NOT_TAKEN, S.ACCEPTED),
        M.RETRY_LATER: ({S.SENDING}, S.QUEUED),
        M.REFUSE: ({S.SENDING}, S.FAILED),
        M.LOSE_TRACK: ({S.SENDING}, S.UNKNOWN),
        M.EXPIRE_LEASE: ({S.SENDING}, S.UNKNOWN),
        M.RETRY_UNKNOWN: ({S.UNKNOWN}, S.QUEUED),
        M.HOLD_UNKNOWN: ({S.UNKNOWN}, S.HELD),
        M.DROP_UNKNOWN: ({S.UNKNOWN}, S.FAILED),
        M.REPORT_ACCEPTED: (NOT_TAKEN, S.ACCEPTED),
        M.REPORT_DROPPED: (NOT_TAKEN | {S.ACCEPTED}, S.FAILED),
        M.REPORT_DELIVERED: (NOT_TAKEN | {S.ACCEPTED}, S.DELIVERED),
        M.REPORT_BOUNCED: (NOT_TAKEN | {S.ACCEPTED, S.DELIVERED}, S.BOUNCED),
        M.REPORT_COMPLAINED: (NOT_TAKEN | {S.ACCEPTED, S.DELIVERED, S.BOUNCED}, S.COMPLAINED),
    },
    columns={
        M.TRY_AGAIN: {
            "hold_reason": HoldReason.NONE,
            "due_at": NOW,
            "given_up_at": None,
            "first_event_at": None,
            "tries": 0,
            "unknown_retries": 0,
            **NO_STATUS.columns,
        },
        M.GIVE_UP: {"hold_reason": HoldReason.NONE, "due_at": None, "given_up_at": NOW},
        M.CLAIM: {"claimed_at": NOW, "hold_reason": HoldReason.NONE, **NO_STATUS.columns},
        M.HOLD: {"first_rejected_at": None},  # from here on it waits for us
        M.POSTPONE: {"hold_reason": HoldReason.NONE},
        M.WITHDRAW: {"hold_reason": HoldReason.OBSOLETE, "due_at": None, "obsolete_at": NOW},
        M.ACCEPT: {"sent_at": NOW, "first_rejected_at": None, **NOTHING_OPEN, **NO_STATUS.columns},
        M.RETRY_LATER: {"lease_until": None},
        M.REFUSE: {"lease_until": None, "due_at": None, "first_rejected_at": None},
        M.LOSE_TRACK: {"lease_until": None, "outcome_unknown": True, "first_rejected_at": None},
        M.EXPIRE_LEASE: {
            "lease_until": None,
            "outcome_unknown": True,
            **EmailStatus(StatusCode.LEASE_EXPIRED).columns,
        },
        M.RETRY_UNKNOWN: {"due_at": NOW},
        M.HOLD_UNKNOWN: {"hold_reason": HoldReason.DELIVERY_UNKNOWN, "due_at": None},
        M.DROP_UNKNOWN: {"given_up_at": NOW, "due_at": None},
        **dict.fromkeys(REPORTS, NOTHING_OPEN),
    },
    actions={M.TRY_AGAIN: EmailAction.TRIED_AGAIN, M.GIVE_UP: EmailAction.GIVEN_UP},
    log={
        M.TRY_AGAIN: "emails tried again",
        M.GIVE_UP: "emails given up",
        M.CLAIM: "emails claimed",
        M.HOLD: "emails held",
        M.POSTPONE: "emails postponed",
        M.WITHDRAW: "emails withdrawn",
        M.ACCEPT: "emails accepted",
        M.RETRY_LATER: "emails queued again",
        M.REFUSE: "emails failed",
        M.LOSE_TRACK: "emails unknown",
        M.EXPIRE_LEASE: "emails unknown",
        M.RETRY_UNKNOWN: "unknown emails tried again",
        M.HOLD_UNKNOWN: "unknown emails held for a person",
        M.DROP_UNKNOWN: "unknown emails given up",
        M.REPORT_ACCEPTED: "emails accepted",
        M.REPORT_DROPPED: "emails failed",
        M.REPORT_DELIVERED: "emails delivered",
        M.REPORT_BOUNCED: "emails bounced",
        M.REPORT_COMPLAINED: "emails marked as spam",
    },
)
