"""How an ask is put to a person, by its kind; a program may say it in words of its own."""

from collections.abc import Sequence
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from portal.asks.models import Ask, AskKind
from portal.declarations.asks import AskSummary


def question(ask: Ask) -> str:
    return _(ask.kind.row.question, **_blanks(ask))


def length(ask: Ask) -> tuple[str, str]:
    row = ask.kind.row
    return _(row.length, **_blanks(ask)), _(row.effort) if row.effort else ""


def phrase(kind: AskKind) -> str:
    return _(kind.row.phrase)


def summary(ask: Ask, **own: str) -> AskSummary:
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
    return {ask.id: summary(ask) for ask in asks}


def _blanks(ask: Ask) -> dict[str, object]:
    return {"prospect": ask.helps_name, "minutes": ask.minutes}
