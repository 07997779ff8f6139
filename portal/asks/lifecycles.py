"""The states of an ask and the moves between them."""

from enum import StrEnum

from portal.asks.history_actions import AskAction
from portal.lifecycle import NOW, Lifecycle


class AskState(StrEnum):
    PROPOSED = "proposed"
    SENT = "sent"
    ACCEPTED = "accepted"
    COMPLETED = "completed"
    NOT_HELD = "not_held"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    RELEASED = "released"  # asked, and the outcome is not ours to know; it counts in budgets and nowhere else


class AskMove(StrEnum):
    SEND = "send"
    ACCEPT = "accept"
    DECLINE = "decline"
    EXPIRE = "expire"
    COMPLETE = "complete"
    COMPLETE_AT_ONCE = "complete_at_once"  # the answer is all that was asked for: a survey
    CHANGE_TO_YES = "change_to_yes"  # by guests, until the record closes
    CHANGE_TO_NO = "change_to_no"
    RELEASE = "release"
    MARK_NOT_HELD = "mark_not_held"
    WITHDRAW = "withdraw"
    LOG_OFF_PLATFORM = "log_off_platform"  # a favor a rep arranged: done from the first moment


S, M = AskState, AskMove
LIFECYCLE: Lifecycle[AskState, AskMove] = Lifecycle(
    "ask",
    S.PROPOSED,
    {
        M.SEND: ({S.PROPOSED}, S.SENT),
        M.ACCEPT: ({S.SENT}, S.ACCEPTED),
        M.DECLINE: ({S.SENT}, S.DECLINED),
        M.EXPIRE: ({S.SENT}, S.EXPIRED),
        M.COMPLETE: ({S.ACCEPTED}, S.COMPLETED),
        M.COMPLETE_AT_ONCE: ({S.SENT}, S.COMPLETED),
        M.CHANGE_TO_YES: ({S.DECLINED, S.EXPIRED}, S.ACCEPTED),
        M.CHANGE_TO_NO: ({S.ACCEPTED}, S.DECLINED),
        M.RELEASE: ({S.SENT}, S.RELEASED),
        M.MARK_NOT_HELD: ({S.ACCEPTED}, S.NOT_HELD),
        M.WITHDRAW: ({S.PROPOSED, S.SENT, S.ACCEPTED}, S.WITHDRAWN),
        M.LOG_OFF_PLATFORM: ({S.PROPOSED}, S.COMPLETED),
    },
    columns={
        M.SEND: {"sent_at": NOW},
        M.ACCEPT: {"answered_at": NOW},
        M.DECLINE: {"answered_at": NOW},
        M.EXPIRE: {"ended_at": NOW},
        M.COMPLETE: {"completed_at": NOW},
        M.COMPLETE_AT_ONCE: {"answered_at": NOW, "completed_at": NOW},
        M.CHANGE_TO_YES: {"answered_at": NOW, "ended_at": None, "decline_reason": None},
        M.CHANGE_TO_NO: {"answered_at": NOW},
        M.RELEASE: {"ended_at": NOW},
        M.MARK_NOT_HELD: {"ended_at": NOW},
        M.WITHDRAW: {"ended_at": NOW},
        M.LOG_OFF_PLATFORM: {"off_platform": True, "sent_at": NOW, "answered_at": NOW, "completed_at": NOW},
    },
    actions={
        M.SEND: AskAction.SENT,
        M.ACCEPT: AskAction.ACCEPTED,
        M.DECLINE: AskAction.DECLINED,
        M.EXPIRE: AskAction.EXPIRED,
        M.COMPLETE: AskAction.COMPLETED,
        M.COMPLETE_AT_ONCE: AskAction.COMPLETED,
        M.CHANGE_TO_YES: AskAction.ACCEPTED,
        M.CHANGE_TO_NO: AskAction.DECLINED,
        M.RELEASE: AskAction.RELEASED,
        M.MARK_NOT_HELD: AskAction.NOT_HELD,
        M.WITHDRAW: AskAction.WITHDRAWN,
        M.LOG_OFF_PLATFORM: AskAction.LOGGED,
    },
)
