"""What the history says happened to a reference request, its asks and its calls."""

from portal.history import HistoryAction


class RequestAction(HistoryAction):
    # of the request
    SUBMITTED = "submitted"
    LOGGED = "logged"  # arranged outside
    CONTACT_SET = "contact_set"
    REGION_RELAXED = "region_relaxed"
    CLOCK_PAUSED = "clock_paused"
    CLOCK_RESUMED = "clock_resumed"
    DELIVERED = "delivered"
    OUTCOME_RECORDED = "outcome_recorded"
    WITHDRAWN = "withdrawn"
    GIVEN_UP = "given_up"
    MARKED_DUPLICATE = "marked_duplicate"
    CONTENT_ACCEPTED = "content_accepted"
    # of its asks
    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    ASK_WITHDRAWN = "ask_withdrawn"
    DELIVERY_RECORDED = "delivery_recorded"
    COLLEAGUE_SUGGESTED = "colleague_suggested"
    STILL_WILLING = "still_willing"
    ADVOCATE_DROPPED_OUT = "advocate_dropped_out"
    # of its calls
    TIMES_OFFERED = "times_offered"
    OTHER_TIMES_OFFERED = "other_times_offered"
    TIME_PICKED = "time_picked"
    OTHER_TIMES_REQUESTED = "other_times_requested"
    ADVOCATE_REQUESTED_ANOTHER_TIME = "advocate_requested_another_time"
    PROSPECT_REQUESTED_ANOTHER_TIME = "prospect_requested_another_time"
    CALL_MOVED = "call_moved"
    ADVOCATE_CANCELLED = "advocate_cancelled"
    PROSPECT_CANCELLED = "prospect_cancelled"
    DIAL_IN_SET = "dial_in_set"
    NOT_HELD = "not_held"
    FEEDBACK_GIVEN = "feedback_given"
    CALL_OUTCOME_RECORDED = "call_outcome_recorded"
    SINGLE_ANSWER_APPLIED = "single_answer_applied"
