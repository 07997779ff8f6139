"""Why somebody isn’t asked for a further consent, in words."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.advocates.models import ConsentPurpose
from portal.outreach.consent_requests.eligibility import YEAR, ConsentCandidate, LeftOutReason
from portal.web.filters import day

LEFT_OUT = {  # after a number
    LeftOutReason.PAUSED: _l("taking a break"),
    LeftOutReason.REFUSED: _l("said no to it or withdrew it before"),
    LeftOutReason.NO_CONSENT: _l("agreed to nothing, so there’s no consent an email could rely on"),
    LeftOutReason.SUPPRESSED: _l("suppressed: their address gets no such emails"),
    LeftOutReason.ASKED: _l("asked for a consent within a year"),
}
LEFT_OUT_IN_LIST = {  # by itself
    LeftOutReason.PAUSED: _l("Taking a break"),
    LeftOutReason.REFUSED: _l("Said no to it or withdrew it before"),
    LeftOutReason.NO_CONSENT: _l("Agreed to nothing, so there’s no consent an email could rely on"),
    LeftOutReason.SUPPRESSED: _l("Suppressed: their address gets no such emails"),
    LeftOutReason.ASKED: _l("Asked for a consent within a year"),
}
SHORT_LEFT_OUT = {
    LeftOutReason.PAUSED: _l("On a break"),
    LeftOutReason.REFUSED: _l("Said no"),
    LeftOutReason.NO_CONSENT: _l("No consent"),
    LeftOutReason.SUPPRESSED: _l("Suppressed"),
    LeftOutReason.ASKED: _l("Asked within a year"),
}
OF_ONE = {
    LeftOutReason.PAUSED: _l("They’re taking a break."),
    LeftOutReason.REFUSED: _l(
        "They said no to this, or withdrew it. They can still tick it on their own page."
    ),
    LeftOutReason.NO_CONSENT: _l("They’ve agreed to nothing, so there’s no consent an email could rely on."),
    LeftOutReason.SUPPRESSED: _l("Their address is suppressed for such emails."),
}


def reason_of_one(person: ConsentCandidate, purpose: ConsentPurpose) -> Any:
    reason = person.left_out_reason(purpose)
    if person.asked_at and reason is LeftOutReason.ASKED:
        asked, next_day = day(person.asked_at), day(person.asked_at + YEAR)
        return _(
            "Asked for a consent on %(day)s. Once a year is the most, so again from %(next)s.",
            day=asked,
            next=next_day,
        )
    return OF_ONE[reason] if reason else ""
