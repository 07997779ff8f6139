"""How an ask is put to a person, by its kind; a program may say it in words of its own."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from portal.asks.models import Ask, AskKind
from portal.declarations.asks import AskSummary
from portal.declarations.link_phrases import LinkPhrase
from portal.i18n import mark

HELP_SOMEBODY = LinkPhrase("help_somebody", mark("would you help %(whom)s?"))
HELP = LinkPhrase("help", mark("would you help us?"))
PHRASES = (HELP_SOMEBODY, HELP)


def question(ask: Ask) -> str:
    return _(ask.kind.row.question, **_blanks(ask))


def length(ask: Ask) -> tuple[str, str]:
    row = ask.kind.row
    return _(row.length, **_blanks(ask)), _(row.effort) if row.effort else ""


def phrase(kind: AskKind) -> str:
    return _(kind.row.phrase)


def summary(ask: Ask, **own: Any) -> AskSummary:
    minutes, effort = length(ask)
    usual: dict[str, Any] = {
        "question": question(ask),
        "link_phrase": HELP_SOMEBODY if ask.helps_name else HELP,
        "length": minutes,
        "effort": effort,
        "yes_label": _("Yes, see more"),
    }
    return AskSummary(**(usual | own))


def usual_summaries(session: Session, asks: Sequence[Ask]) -> dict[UUID, AskSummary]:
    return {ask.id: summary(ask) for ask in asks}


def _blanks(ask: Ask) -> dict[str, object]:
    return {"prospect": ask.helps_name, "minutes": ask.minutes}
