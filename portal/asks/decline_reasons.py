"""Why somebody says “not now”: kept with the ask as a code, read by program managers alone."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class DeclineReason(StrEnum):
    TOO_BUSY = "too_busy"
    NOT_ME = "not_me"
    NOT_THEM = "not_them"  # would rather not help this company
    NOT_ALLOWED = "not_allowed"  # the employer forbids it: this kind is asked no more
    TOO_OFTEN = "too_often"  # a pause follows
    NOT_NOW = "not_now"  # no reason given
    OTHER = "other"
    NO = "no"  # to a question that has a yes and a no: will you come?


DECLINE_REASONS = {  # as a manager reads them; lines of the history before 0033 hold the words
    DeclineReason.TOO_BUSY.value: _l("too busy right now"),
    "too busy right now": _l("too busy right now"),
    DeclineReason.NOT_NOW.value: _l("not now"),
    "not this time": _l("not this time"),
    DeclineReason.NOT_ME.value: _l("not the right person"),
    "not the right person": _l("not the right person"),
    DeclineReason.NOT_THEM.value: _l("would rather not help this company"),
    DeclineReason.NOT_ALLOWED.value: _l("the employer doesn’t allow it"),
    DeclineReason.TOO_OFTEN.value: _l("too many requests lately"),
    DeclineReason.OTHER.value: _l("something else"),
    "something else": _l("something else"),
    DeclineReason.NO.value: _l("no"),
}


def decline_reason_text(reason: str) -> str:
    said = str(DECLINE_REASONS.get(reason, reason)).strip()
    return said[:1].upper() + said[1:] + ("" if said[-1:] in ".!?" else ".") if said else ""
