"""How the desk speaks: states, kinds, clocks and next steps in plain sentences, translated when shown."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal.asks.models import Kind
from portal.references.business import DAY
from portal.references.clock import Clock, Stage
from portal.references.meetings import STILL_WANTED, WAITING_FOR_CONTACT
from portal.references.models import MeetingState, Outcome, ReferenceRequest, State, Unfulfilled

KINDS = {
    Kind.CALL: _l("Reference call"),
    Kind.SITE_VISIT: _l("Site visit"),
    Kind.WRITTEN: _l("Written reference"),
    Kind.QUOTE: _l("Quote or logo"),
    Kind.SPEAKING: _l("Event speaker"),
    Kind.RFP: _l("RFP answer"),
}
SHORT_KINDS = {
    Kind.CALL: _l("call"),
    Kind.SITE_VISIT: _l("site visit"),
    Kind.WRITTEN: _l("written"),
    Kind.QUOTE: _l("quote"),
    Kind.SPEAKING: _l("speaker"),
    Kind.RFP: _l("RFP"),
}
TITLES = {
    Kind.CALL: _l("%(prospect)s wants to talk to somebody who uses %(product)s"),
    Kind.SITE_VISIT: _l("%(prospect)s wants to visit somebody who uses %(product)s"),
    Kind.WRITTEN: _l("%(prospect)s wants to read what users of %(product)s say"),
    Kind.QUOTE: _l("%(prospect)s wants a quote or logo of somebody who uses %(product)s"),
    Kind.SPEAKING: _l("%(prospect)s wants to hear somebody speak who uses %(product)s"),
    Kind.RFP: _l("%(prospect)s wants an answer for its RFP from somebody who uses %(product)s"),
}
STATES = {
    State.DRAFT: _l("Draft"),
    State.SUBMITTED: _l("Submitted"),
    State.MATCHING: _l("Matching"),
    State.ASKED: _l("Asked"),
    State.SCHEDULED: _l("Scheduled"),
    State.DELIVERED: _l("Delivered"),
    State.CLOSED: _l("Closed"),
    State.WITHDRAWN: _l("Withdrawn"),
    State.UNFULFILLED: _l("Not fulfilled"),
    State.DUPLICATE: _l("Duplicate"),
    State.CONTENT_ACCEPTED: _l("Content accepted"),
}
GROUPS = STATES | {State.SUBMITTED: _l("Needs a first answer")}
LOOKS: Mapping[State, tuple[str, str]] = {  # tone and icon
    State.DELIVERED: ("good", "circle-check"),
    State.SCHEDULED: ("", "calendar-event"),
    State.ASKED: ("", "send"),
    State.WITHDRAWN: ("", "ban"),
    State.UNFULFILLED: ("warn", "mood-empty"),
    State.DUPLICATE: ("", "copy"),
    State.CLOSED: ("", "circle-check"),
    State.CONTENT_ACCEPTED: ("", "file-check"),
}
OUTCOMES = {Outcome.WON: _l("Won"), Outcome.LOST: _l("Lost"), Outcome.OPEN: _l("Still open")}
WHY_NOT = {
    Unfulfilled.NO_MATCH: _l("Nobody fits"),
    Unfulfilled.OVER_BUDGET: _l("Everybody who fits has been asked enough"),
    Unfulfilled.DECLINED: _l("Those who were asked said no"),
    Unfulfilled.TOO_LATE: _l("It came too late"),
}
SAID = {
    MeetingState.HELD: _l("It took place"),
    MeetingState.MOVED: _l("It has to move"),
    MeetingState.NOT_HELD: _l("It did not take place"),
}
WHY_NO = {  # why somebody said no, however it was written down
    "too_busy": _l("too busy right now"),
    "too busy right now": _l("too busy right now"),
    "not_now": _l("not now"),
    "not this time": _l("not this time"),
    "not_me": _l("not the right person"),
    "not the right person": _l("not the right person"),
    "other": _l("something else"),
    "something else": _l("something else"),
}
SIDES = {"advocate": _l("the advocate"), "prospect": _l("the prospect")}
PERSONAS = {
    "it": _l("IT"),
    "finance": _l("Finance"),
    "operations": _l("Operations"),
    "data": _l("Data"),
    "other": _l("Other"),
}
LANGUAGES = {
    "en": _l("English"),
    "de": _l("German"),
    "fr": _l("French"),
    "es": _l("Spanish"),
    "it": _l("Italian"),
    "pt": _l("Portuguese"),
    "nl": _l("Dutch"),
    "sv": _l("Swedish"),
    "pl": _l("Polish"),
    "ja": _l("Japanese"),
    "zh": _l("Chinese"),
}


def title(wanted: ReferenceRequest) -> str:
    return str(TITLES[wanted.kind]) % {"prospect": wanted.prospect, "product": wanted.product}


def status(wanted: ReferenceRequest, *, is_mine: bool) -> tuple[str, str, str]:
    """Word, tone and icon of the state; a request waits for the rep who made it. `is_mine`: the reader is that rep."""
    if wanted.waiting_since:
        whom = _("Waiting for you") if is_mine else _("Waiting for %(who)s", who=wanted.requester.name)
        return whom, "warn", "message-question"
    word = OUTCOMES[wanted.outcome] if wanted.outcome else STATES[wanted.state]
    tone, icon = LOOKS.get(wanted.state, ("", "circle-dot"))
    return str(word), tone, icon


def waiting_for(wanted: ReferenceRequest) -> str:
    if wanted.waiting_for == WAITING_FOR_CONTACT:
        return _("Who at %(prospect)s will talk?", prospect=wanted.prospect)
    if wanted.waiting_for == STILL_WANTED:
        return _("Does %(prospect)s still want a call?", prospect=wanted.prospect)
    return wanted.waiting_for


def clock(clock: Clock) -> tuple[str, int, str, str | None]:
    """Words, percent, tone and icon for the macro `clock`."""
    if clock.stopped:
        return _("Stopped"), clock.percent, "", "player-pause"
    return left(clock), clock.percent, clock.tone, None


def left(clock: Clock) -> str:
    if days := max(-clock.left // DAY, 0):
        return ngettext("Late %(num)d working day", "Late %(num)d working days", days)
    if clock.late:
        return _("Late %(time)s", time=span(-clock.left))
    return _("%(time)s left", time=span(clock.left))


def span(time: timedelta) -> str:
    """Working time in the two largest units that matter: 4 d, 1 d 6 h, 5 h, 20 min."""
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


def met(clock: Clock) -> str:
    """What became of a promise that is done: "Answered in 1 h 48 min"."""
    used = span(clock.used)
    if clock.stage is Stage.ANSWERED:
        return _("Answered in %(time)s", time=used)
    if clock.stage is Stage.NAMED:
        return _("Somebody asked after %(time)s", time=used)
    return _("Delivered after %(time)s", time=used)


HISTORY: dict[str, Any] = {
    "submitted": _l("Sent the request"),
    "logged": _l("Logged a reference arranged outside"),
    "asked": _l("Asked %(advocate)s"),
    "accepted": _l("%(advocate)s said yes"),
    "times offered": _l("%(advocate)s said yes and offered %(times)s times"),
    "other times offered": _l("%(advocate)s offered other times (%(times)s)"),
    "declined": _l("%(advocate)s said no: %(reason)s"),
    "expired": _l("%(advocate)s did not answer in time"),
    "ask withdrawn": _l("Withdrew the ask to %(advocate)s: %(reason)s"),
    "handed over": _l("Received from %(advocate)s: %(note)s"),
    "time picked": _l("A time was picked"),
    "no time fits": _l("None of the times fits; other times were asked for"),
    "call moved": _l("The call has to move"),
    "cannot any more": _l("%(advocate)s cannot make it after all"),
    "advocate needs another time": _l("%(advocate)s needs another time for the call"),
    "prospect needs another time": _l("The prospect needs another time for the call"),
    "advocate cannot come": _l("%(advocate)s can't make the call; it was called off"),
    "prospect cannot come": _l("The prospect can't make the call; it was called off"),
    "colleague suggested": _l("%(advocate)s suggests a colleague: %(colleague)s"),
    "would still help": _l("%(advocate)s would still help"),
    "call rated": _l("After the call, %(side)s answered"),
    "call recorded": _l("Recorded how the call went"),
    "one side stayed silent": _l("One side stayed silent, so the answer of the other counts"),
    "place set": _l("Said where they talk"),
    "contact named": _l("Named who will talk"),
    "delivered": _l("The reference was delivered"),
    "not held": _l("The call did not take place"),
    "clock stopped": _l("Asked the rep; the clock stopped"),
    "clock restarted": _l("Let the clock go on"),
    "region relaxed": _l("Looked beyond the region"),
    "withdrawn": _l("Withdrew the request: %(reason)s"),
    "given up": _l("Gave up: %(reason)s"),
    "marked as a duplicate": _l("Marked as a duplicate of %(reason)s"),
    "closed with content": _l("Closed with content: %(reason)s"),
    "outcome recorded": _l("Recorded the outcome"),
}


WITH_WORDS = frozenset(
    {  # of the person, beside what they did
        "no time fits",
        "advocate needs another time",
        "prospect needs another time",
        "advocate cannot come",
        "prospect cannot come",
    }
)
FOR_REPS: dict[str, Any] = {  # why somebody said no stays with the desk
    "declined": _l("%(advocate)s cannot help this time"),
    "ask withdrawn": _l("The ask to %(advocate)s was withdrawn"),
    "colleague suggested": None,
    "would still help": None,
}


def history(what: str, detail: Mapping[str, Any], names: Mapping[str, str], *, for_desk: bool) -> str:
    """A line of the history, or nothing; `names` says who an advocate is to this reader."""
    sentence = HISTORY.get(what) if for_desk else (HISTORY | FOR_REPS).get(what)
    if sentence is None:
        return what.capitalize() if for_desk else ""
    advocate = names.get(str(detail.get("advocate", "")), _("the customer"))
    blanks = {"advocate": advocate, "reason": "-", "note": "-", "times": "3", "colleague": "-", "side": "-"}
    given = {name: value for name, value in detail.items() if value and name != "advocate"}
    told = str(sentence) % (blanks | given | _in_words(given))
    return f"{told}: “{given['note']}”" if what in WITH_WORDS and "note" in given else told


def _in_words(given: Mapping[str, Any]) -> dict[str, str]:
    """What is kept as a value of a list, as people say it."""
    lists = {"reason": WHY_NO, "side": SIDES}
    return {name: str(said.get(given[name], given[name])) for name, said in lists.items() if name in given}


def why_no(reason: str) -> str:
    """A sentence of its own: "Too busy right now."."""
    said = str(WHY_NO.get(reason, reason)).strip()
    return said[:1].upper() + said[1:] + ("" if said[-1:] in ".!?" else ".") if said else ""


NUMBERS = (
    _l("Nobody"),
    _l("One"),
    _l("Two"),
    _l("Three"),
    _l("Four"),
    _l("Five"),
    _l("Six"),
    _l("Seven"),
    _l("Eight"),
    _l("Nine"),
    _l("Ten"),
)


def number(count: int) -> str:
    """Three, at the start of a sentence; 12 from eleven on."""
    return str(NUMBERS[count]) if 0 < count < len(NUMBERS) else str(count)


def late_words(open_count: int, late: int, close: int) -> str:
    """16 open. Two are late. One more will be by tonight."""
    words = [_("%(count)s open.", count=number(open_count)) if open_count else _("None open.")]
    if late:
        words.append(ngettext("%(count)s is late.", "%(count)s are late.", late, count=number(late)))
    if more := close - late:
        by_tonight = "%(count)s more will be by tonight." if late else "%(count)s will be late by tonight."
        words.append(ngettext(by_tonight, by_tonight, more, count=number(more)))
    return " ".join(words)
