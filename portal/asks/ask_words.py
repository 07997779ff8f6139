"""How an ask is put to a person, by its kind; a program may say it in words of its own."""

from collections.abc import Sequence
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from portal.asks.models import Ask, AskKind
from portal.declarations.asks import AskSummary

QUESTIONS = {
    AskKind.CALL: _l("Could you talk to %(prospect)s for %(minutes)s minutes?"),
    AskKind.SITE_VISIT: _l("Could %(prospect)s visit you and see how you do it?"),
    AskKind.WRITTEN: _l("Could you write a few lines for %(prospect)s?"),
    AskKind.QUOTE: _l("May we share a quote from you with %(prospect)s?"),
    AskKind.SPEAKING: _l("Would you speak to %(prospect)s about your experience?"),
    AskKind.RFP: _l("Could you answer a few questions for %(prospect)s?"),
}
LENGTHS = {
    AskKind.CALL: (_l("%(minutes)s minutes by video"), _l("plus 5 to prepare")),
    AskKind.SITE_VISIT: (_l("%(minutes)s minutes at your office"), _l("they’ll come to you")),
    AskKind.SPEAKING: (_l("%(minutes)s minutes on stage or online"), _l("we’ll help you prepare")),
}
USUAL_LENGTH = (_l("About %(minutes)s minutes"), _l("when it suits you"))
NAMES = {
    AskKind.CALL: _l("Reference call"),
    AskKind.SITE_VISIT: _l("Site visit"),
    AskKind.WRITTEN: _l("Written reference"),
    AskKind.QUOTE: _l("Quote or logo"),
    AskKind.SPEAKING: _l("Event speaker"),
    AskKind.RFP: _l("RFP answer"),
}
PHRASES = {  # “we stop asking you for …”
    AskKind.CALL: _l("reference calls"),
    AskKind.SITE_VISIT: _l("site visits"),
    AskKind.WRITTEN: _l("written references"),
    AskKind.QUOTE: _l("quotes or your logo"),
    AskKind.SPEAKING: _l("talks at events"),
    AskKind.RFP: _l("answers for RFPs"),
}


def question(ask: Ask) -> str:
    """“Could you talk to Initech for 20 minutes?”"""
    return str(QUESTIONS[ask.kind]) % _blanks(ask)


def length(ask: Ask) -> tuple[str, str]:
    """“20 minutes by video” and the rest of that line, “5 to prepare”."""
    minutes, effort = LENGTHS.get(ask.kind, USUAL_LENGTH)
    return str(minutes) % _blanks(ask), str(effort)


def name(kind: AskKind) -> str:
    return str(NAMES[kind])


def phrase(kind: AskKind) -> str:
    return str(PHRASES[kind])


def summary(ask: Ask, **own: str) -> AskSummary:
    """`own`: what the program says in other words."""
    minutes, effort = length(ask)
    usual = {
        "question": question(ask),
        "short_question": f"would you help {ask.helps_name}?" if ask.helps_name else "would you help us?",
        "length": minutes,
        "effort": effort,
        "yes_label": _("Yes, see more"),
    }
    return AskSummary(**(usual | own))


def usual_summaries(session: Session, asks: Sequence[Ask]) -> dict[UUID, AskSummary]:
    """For a program that says nothing in words of its own."""
    return {ask.id: summary(ask) for ask in asks}


def _blanks(ask: Ask) -> dict[str, object]:
    return {"prospect": ask.helps_name, "minutes": ask.minutes}
