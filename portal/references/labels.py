"""How the desk speaks: states, kinds, clocks and next steps in plain sentences, translated when shown."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal.advocates.ask_kinds import DESK_KINDS
from portal.advocates.labels import KIND_NAMES
from portal.asks.answer_codes import DeclineReason
from portal.asks.labels import decline_text
from portal.asks.models import AskState
from portal.badges import StatusBadge
from portal.declarations.withdrawal_reasons import WithdrawalReason
from portal.i18n import mark
from portal.number_words import first_number_word
from portal.references.business_calendar import DAY
from portal.references.history_actions import RequestAction
from portal.references.models import (
    DealOutcome,
    MeetingState,
    ReferenceRequest,
    RequestState,
    Side,
    UnfulfilledReason,
    WaitingFor,
)
from portal.references.service_levels import SlaClock, SlaStage
from portal.web.refusal_text import name_states

KINDS = {kind: KIND_NAMES[kind] for kind in DESK_KINDS}  # that reps can request
STATES = {
    RequestState.DRAFT: _l("Draft"),
    RequestState.SUBMITTED: _l("Submitted"),
    RequestState.MATCHING: _l("Matching"),
    RequestState.ASKED: _l("Asked"),
    RequestState.SCHEDULED: _l("Scheduled"),
    RequestState.DELIVERED: _l("Delivered"),
    RequestState.CLOSED: _l("Closed"),
    RequestState.WITHDRAWN: _l("Withdrawn"),
    RequestState.UNFULFILLED: _l("Not fulfilled"),
    RequestState.DUPLICATE: _l("Duplicate"),
    RequestState.CONTENT_ACCEPTED: _l("Content accepted"),
}
name_states(STATES)
MEETING_STATES = {
    MeetingState.OFFERED: _l("Times offered"),
    MeetingState.SCHEDULED: _l("Scheduled"),
    MeetingState.HELD: _l("Took place"),
    MeetingState.MOVED: _l("Needs another time"),
    MeetingState.NOT_HELD: _l("Didn’t take place"),
    MeetingState.CANCELLED: _l("Canceled"),
}
name_states(MEETING_STATES)
GROUP_TITLES = STATES | {RequestState.SUBMITTED: _l("Needs a first response")}
STATE_BADGES = {
    state: StatusBadge(STATES[state], tone, icon)
    for state, tone, icon in (
        (RequestState.DELIVERED, "good", "circle-check"),
        (RequestState.SCHEDULED, "", "calendar-event"),
        (RequestState.ASKED, "", "send"),
        (RequestState.WITHDRAWN, "", "ban"),
        (RequestState.UNFULFILLED, "warn", "mood-empty"),
        (RequestState.DUPLICATE, "", "copy"),
        (RequestState.CLOSED, "", "circle-check"),
        (RequestState.CONTENT_ACCEPTED, "", "file-check"),
    )
}
ASK_BADGES = {
    AskState.PROPOSED: StatusBadge(_l("Not sent yet"), "", "circle-dot"),
    AskState.SENT: StatusBadge(_l("Asked"), "", "send"),
    AskState.ACCEPTED: StatusBadge(_l("Said yes"), "good", "circle-check"),
    AskState.COMPLETED: StatusBadge(_l("Helped"), "good", "circle-check"),
    AskState.DECLINED: StatusBadge(_l("Said no"), "", "circle-x"),
    AskState.EXPIRED: StatusBadge(_l("No answer"), "", "clock-off"),
    AskState.NOT_HELD: StatusBadge(_l("Didn’t take place"), "warn", "calendar-x"),
    AskState.WITHDRAWN: StatusBadge(_l("Withdrawn"), "", "ban"),
    AskState.RELEASED: StatusBadge(_l("Asked"), "", "send"),
}
OUTCOMES = {DealOutcome.WON: _l("Won"), DealOutcome.LOST: _l("Lost"), DealOutcome.OPEN: _l("Still open")}
REQUEST_ENDED = WithdrawalReason("request_ended", mark("The request has ended."))
UNFULFILLED_REASONS = {
    UnfulfilledReason.NO_MATCH: _l("No one fits"),
    UnfulfilledReason.OVER_BUDGET: _l("Everyone who fits has been asked recently"),
    UnfulfilledReason.DECLINED: _l("The people we asked said no"),
    UnfulfilledReason.TOO_LATE: _l("The request came too late"),
}
WAITING_FOR = {
    WaitingFor.CONTACT_NEEDED: mark("Who at %(prospect)s will join the call?"),
    WaitingFor.PROSPECT_UNDECIDED: mark("Does %(prospect)s still want a call?"),
    WaitingFor.QUESTION: "%(question)s",
}
CALL_OUTCOMES = {
    MeetingState.HELD: _l("It took place"),
    MeetingState.MOVED: _l("It needs another time"),
    MeetingState.NOT_HELD: _l("It didn’t take place"),
}
SIDE_NAMES = {Side.ADVOCATE: _l("Advocate"), Side.PROSPECT: _l("Prospect")}
SIDES = {  # in the middle of a sentence
    Side.ADVOCATE: _l("the advocate"),
    Side.PROSPECT: _l("the prospect"),
}


def request_title(request: ReferenceRequest) -> str:
    return _(request.kind.row.desk_title, prospect=request.prospect, product=request.product)


def status_badge(request: ReferenceRequest, *, is_mine: bool) -> StatusBadge:
    """A request waits for the rep who made it. `is_mine`: the reader is that rep."""
    if request.waiting_since:
        whom = _("Waiting for you") if is_mine else _("Waiting for %(who)s", who=request.requester.name)
        return StatusBadge(whom, "warn", "message-question")
    badge = STATE_BADGES.get(request.state, StatusBadge(STATES[request.state], "", "circle-dot"))
    return replace(badge, word=OUTCOMES[request.outcome]) if request.outcome else badge


def waiting_for_text(request: ReferenceRequest) -> str:
    """What somebody has to answer before the clock goes on."""
    if request.waiting_for is None:
        return ""
    words = WAITING_FOR[request.waiting_for]
    return _(words, prospect=request.prospect, question=request.waiting_question)


@dataclass(frozen=True)
class ClockBadge:
    """Time used of time given, as the macro `clock` draws it; without an icon it draws one that fits the tone."""

    words: str
    percent: int
    tone: str
    icon: str | None = None


def clock_badge(clock: SlaClock) -> ClockBadge:
    if clock.is_paused:
        return ClockBadge(_("Paused"), clock.percent, "", "player-pause")
    return ClockBadge(time_left(clock), clock.percent, clock.tone)


def time_left(clock: SlaClock) -> str:
    if days := max(-clock.left // DAY, 0):
        return ngettext("Late %(num)d working day", "Late %(num)d working days", days)
    if clock.is_late:
        return _("Late %(time)s", time=duration(-clock.left))
    return _("%(time)s left", time=duration(clock.left))


def duration(time: timedelta) -> str:
    """Tell working time in its two largest units: 4 d, 1 d 6 h, 5 h, 20 min."""
    minutes = max(round(time.total_seconds() / 60), 1)
    days, hours = divmod(minutes // 60, 24)
    if days > 2 or (days and not hours):
        return _("%(days)s d", days=days)
    if days:
        return _("%(days)s d %(hours)s h", days=days, hours=hours)
    if hours > 2:
        return _("%(hours)s h", hours=hours)
    if hours:
        return _("%(hours)s h %(minutes)s min", hours=hours, minutes=minutes % 60)
    return _("%(minutes)s min", minutes=minutes)


def target_met_text(clock: SlaClock) -> str:
    used = duration(clock.used)
    if clock.stage is SlaStage.FIRST_RESPONSE:
        return _("Answered in %(time)s", time=used)
    if clock.stage is SlaStage.FIRST_ASK:
        return _("First person asked after %(time)s", time=used)
    return _("Delivered after %(time)s", time=used)


HISTORY_TEXTS: dict[RequestAction, Any] = {
    RequestAction.SUBMITTED: _l("Sent the request"),
    RequestAction.LOGGED: _l("Logged a reference arranged outside Goodword"),
    RequestAction.ASKED: _l("Asked %(advocate)s"),
    RequestAction.ACCEPTED: _l("%(advocate)s said yes"),
    RequestAction.TIMES_OFFERED: _l("%(advocate)s said yes and offered %(times)s times"),
    RequestAction.OTHER_TIMES_OFFERED: _l("%(advocate)s offered other times (%(times)s)"),
    RequestAction.DECLINED: _l("%(advocate)s said no: %(reason)s"),
    RequestAction.EXPIRED: _l("%(advocate)s didn’t answer in time"),
    RequestAction.ASK_WITHDRAWN: _l("Withdrew the request to %(advocate)s: %(reason)s"),
    RequestAction.DELIVERY_RECORDED: _l("Received from %(advocate)s: %(note)s"),
    RequestAction.TIME_PICKED: _l("A time was picked"),
    RequestAction.OTHER_TIMES_REQUESTED: _l("None of the times worked; other times were requested"),
    RequestAction.CALL_MOVED: _l("The call needs another time"),
    RequestAction.ADVOCATE_DROPPED_OUT: _l("%(advocate)s can’t make it after all"),
    RequestAction.ADVOCATE_REQUESTED_ANOTHER_TIME: _l("%(advocate)s needs another time for the call"),
    RequestAction.PROSPECT_REQUESTED_ANOTHER_TIME: _l("The prospect needs another time for the call"),
    RequestAction.ADVOCATE_CANCELLED: _l("%(advocate)s can’t make the call; it was canceled"),
    RequestAction.PROSPECT_CANCELLED: _l("The prospect can’t make the call; it was canceled"),
    RequestAction.COLLEAGUE_SUGGESTED: _l("%(advocate)s suggests a colleague: %(colleague)s"),
    RequestAction.STILL_WILLING: _l("%(advocate)s would still like to help"),
    RequestAction.FEEDBACK_GIVEN: _l("After the call, %(side)s answered"),
    RequestAction.CALL_OUTCOME_RECORDED: _l("Recorded how the call went"),
    RequestAction.SINGLE_ANSWER_APPLIED: _l("One side didn’t answer, so the other answer was used"),
    RequestAction.DIAL_IN_SET: _l("Added the meeting link"),
    RequestAction.CONTACT_SET: _l("Added the contact"),
    RequestAction.DELIVERED: _l("The reference was delivered"),
    RequestAction.NOT_HELD: _l("The call didn’t take place"),
    RequestAction.CLOCK_PAUSED: _l("Asked the rep; the clock was paused"),
    RequestAction.CLOCK_RESUMED: _l("Resumed the clock"),
    RequestAction.REGION_RELAXED: _l("Included other regions"),
    RequestAction.WITHDRAWN: _l("Withdrew the request: %(reason)s"),
    RequestAction.GIVEN_UP: _l("Closed without a reference: %(reason)s"),
    RequestAction.MARKED_DUPLICATE: _l("Marked as a duplicate of %(reason)s"),
    RequestAction.CONTENT_ACCEPTED: _l("Closed with content: %(reason)s"),
    RequestAction.OUTCOME_RECORDED: _l("Recorded the outcome"),
}


ACTIONS_QUOTING_NOTE = frozenset(
    {  # of the person, beside what they did
        RequestAction.OTHER_TIMES_REQUESTED,
        RequestAction.ADVOCATE_REQUESTED_ANOTHER_TIME,
        RequestAction.PROSPECT_REQUESTED_ANOTHER_TIME,
        RequestAction.ADVOCATE_CANCELLED,
        RequestAction.PROSPECT_CANCELLED,
    }
)
HISTORY_TEXTS_FOR_REPS: dict[RequestAction, Any] = {  # why somebody said no stays with the desk
    RequestAction.DECLINED: _l("%(advocate)s can’t help this time"),
    RequestAction.ASK_WITHDRAWN: _l("The request to %(advocate)s was withdrawn"),
    RequestAction.COLLEAGUE_SUGGESTED: None,
    RequestAction.STILL_WILLING: None,
}


def history_text(
    action: RequestAction, detail: Mapping[str, Any], names: Mapping[str, str], *, for_desk: bool
) -> str:
    """A line of the history, or nothing; `names` says who an advocate is to this reader."""
    sentence = (HISTORY_TEXTS if for_desk else HISTORY_TEXTS | HISTORY_TEXTS_FOR_REPS)[action]
    if sentence is None:
        return ""
    advocate = names.get(str(detail.get("advocate", "")), _("the customer"))
    blanks = {"advocate": advocate, "reason": "-", "note": "-", "times": "3", "colleague": "-", "side": "-"}
    given = {name: value for name, value in detail.items() if value and name != "advocate"}
    told = str(sentence) % (blanks | given | _labeled_values(action, given))
    return f"{told}: “{given['note']}”" if action in ACTIONS_QUOTING_NOTE and "note" in given else told


def _labeled_values(action: RequestAction, given: Mapping[str, Any]) -> dict[str, str]:
    """What is kept as a code, as people say it."""
    if action is RequestAction.DECLINED and "reason" in given:
        return {"reason": decline_text(DeclineReason(given["reason"]), given.get("text", ""))}
    return {"side": str(SIDES[Side(given["side"])])} if "side" in given else {}


def open_and_late_summary(open_count: int, late: int, close: int) -> str:
    words = [_("%(count)s open.", count=first_number_word(open_count)) if open_count else _("None open.")]
    if late:
        words.append(
            ngettext("%(count)s is late.", "%(count)s are late.", late, count=first_number_word(late))
        )
    if more := close - late:
        words.append(_late_by_tonight(more, any_late=late > 0))
    return " ".join(words)


def _late_by_tonight(count: int, *, any_late: bool) -> str:
    word = first_number_word(count)
    if any_late:
        return ngettext(
            "%(count)s more will be by tonight.", "%(count)s more will be by tonight.", count, count=word
        )
    return ngettext(
        "%(count)s will be late by tonight.", "%(count)s will be late by tonight.", count, count=word
    )
