"""How campaigns speak: states, reasons, and what was done, translated when shown."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.advocates.ask_kinds import AskKind
from portal.badges import StatusBadge
from portal.campaigns.lifecycles import CampaignAction
from portal.campaigns.models import CampaignState, Halt, LeftOut, PersonState
from portal.declarations.campaigns import AskedKind
from portal.declarations.withdrawal_reasons import WithdrawalReason
from portal.i18n import mark
from portal.web.refusal_text import name_states

STATES = {
    CampaignState.REQUESTED: StatusBadge(_l("Getting ready"), "now", "refresh"),
    CampaignState.WAITING: StatusBadge(_l("Waiting for approval"), "warn", "clock"),
    CampaignState.RUNNING: StatusBadge(_l("Going out"), "now", "send"),
    CampaignState.PAUSED: StatusBadge(_l("Paused"), "warn", "player-pause"),
    CampaignState.FINISHED: StatusBadge(_l("Sent to everyone"), "", "circle-check"),
    CampaignState.STOPPED: StatusBadge(_l("Stopped"), "", "player-stop"),
    CampaignState.DECLINED: StatusBadge(_l("Not approved"), "bad", "circle-x"),
}
name_states(STATES)
STOPPED_UNSENT = WithdrawalReason("campaign_stopped", mark("It was stopped before the email left."))
PERSON_STATES = {
    PersonState.QUEUED: _l("Still to be asked"),
    PersonState.ASKED: _l("Asked"),
    PersonState.LEFT_OUT: _l("Left out"),
}
name_states(PERSON_STATES)
LEFT_OUT = {
    LeftOut.PAUSED: _l("Paused"),
    LeftOut.CONSENT: _l("Haven’t agreed to this"),  # a kind of ask says it better
    LeftOut.UNWILLING: _l("Would rather not do this"),
    LeftOut.OPTED_OUT: _l("Opted out, says your CRM"),
    LeftOut.UNREACHABLE: _l("Their address gets no emails"),
    LeftOut.LATELY: _l("Were asked the same lately"),  # a program says it better
    LeftOut.COMPANY: _l("Their company isn’t asked at the moment"),
    LeftOut.BUDGET: _l("Have been asked enough lately"),
    LeftOut.CLOSED: _l("It ended before it was their turn"),
    LeftOut.REFUSED: _l("Couldn’t be asked when it was their turn"),
}
WHAT_HELPS: Mapping[LeftOut, Any] = {
    LeftOut.PAUSED: _l("They come back by themselves"),
    LeftOut.CONSENT: _l("They can agree on their own page"),
    LeftOut.UNWILLING: _l("They can change that on their own page"),
    LeftOut.OPTED_OUT: _l("Only they can change that"),
    LeftOut.UNREACHABLE: _l("Check the address"),
    LeftOut.LATELY: _l("Wait until it’s their turn again"),
    LeftOut.BUDGET: _l("Wait a few weeks"),
}
HALTS = {
    Halt.AUDIENCE_CHANGED: _l(
        "Who is in this audience was changed after the preview, so no one was asked. Look at it again, and start."
    ),
    Halt.REVIEWS: _l(
        "These people can’t be asked for reviews, since who is among them depends on satisfaction. "
        "No one else is asked."
    ),
    Halt.GREW: _l("Far more people are in its audience by now than were approved. No one else is asked."),
}
HISTORY_ACTIONS = {
    CampaignAction.APPROVAL_REQUESTED: _l("Asked for approval"),
    CampaignAction.APPROVED: _l("Approved"),
    CampaignAction.DECLINED: _l("Not approved"),
    CampaignAction.REFUSED: _l(
        "Not sent: these people can’t be asked for reviews, since who is among them depends on satisfaction"
    ),
    CampaignAction.PAUSED: _l("Paused"),
    CampaignAction.WENT_ON: _l("Went on"),
    CampaignAction.STOPPED: _l("Stopped"),
    CampaignAction.SENT: _l("Everyone has been asked"),
    CampaignAction.AUDIENCE_CHANGED: _l("Not sent: who is in the audience was changed after the preview"),
    CampaignAction.GREW: _l("Asked for approval again: far more people are in the audience by now"),
    CampaignAction.GROWTH_DECLINED: _l("So many more people were not approved. Paused"),
    CampaignAction.HALTED: _l(
        "Paused: these people can’t be asked for reviews, since who is among them depends on satisfaction"
    ),
}


class LeftOutLine(NamedTuple):
    """How many are left out by a reason, and what would help."""

    reason: LeftOut
    number: int
    words: Any
    help: Any


def left_out_words(part: AskedKind) -> dict[LeftOut, str]:
    """In the order in which the reasons apply."""
    own = {LeftOut.CONSENT: _(AskKind(part.kind).row.without_consent), LeftOut.LATELY: _(part.lately)}
    return {reason: own.get(reason) or str(words) for reason, words in LEFT_OUT.items()}


def left_out_lines(part: AskedKind, counts: Mapping[str, int]) -> list[LeftOutLine]:
    return [
        LeftOutLine(reason, counts[reason], words, WHAT_HELPS.get(reason, ""))
        for reason, words in left_out_words(part).items()
        if counts.get(reason)
    ]
