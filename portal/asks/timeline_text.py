"""What became of an ask, in a sentence of the person's timeline; a program may say it in words of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from portal.advocates.labels import kind_name
from portal.asks import labels
from portal.asks.answer_codes import DeclineReason
from portal.asks.models import AskKind, AskState
from portal.declarations.programs import PROGRAMS


@dataclass(frozen=True, kw_only=True)
class TimelineAsk:
    """What a timeline reads of an ask, in the statement that reads everything else of a person."""

    id: UUID
    kind: AskKind
    state: AskState
    subject_type: str
    subject_id: UUID
    helps_name: str
    decline_reason: DeclineReason | None
    withdrawal_reason: str | None
    reason_text: str
    off_platform: bool
    override_reason: str
    program_detail: Mapping[str, Any] | None = None  # `timeline_detail` of its program

    @classmethod
    def of_row(cls, ask_id: UUID, kind: str, state: str, detail: dict[str, Any]) -> "TimelineAsk":
        code = detail["decline_reason"]
        declined = {"decline_reason": DeclineReason(code) if code else None}
        more = detail | declined | {"subject_id": UUID(detail["subject_id"])}
        return cls(id=ask_id, kind=AskKind(kind), state=AskState(state), **more)


def timeline_texts(session: Session, asks: Sequence[TimelineAsk]) -> dict[UUID, str]:
    found: dict[UUID, str] = {}
    for subject_type in dict.fromkeys(ask.subject_type for ask in asks):
        its = [ask for ask in asks if ask.subject_type == subject_type]
        program = PROGRAMS.find_by_subject(subject_type)
        found |= program.timeline_texts(session, its) if program else usual_timeline_texts(session, its)
    return found


def usual_timeline_texts(session: Session, asks: Sequence[TimelineAsk]) -> dict[UUID, str]:
    return {ask.id: ask_text(ask) for ask in asks}


def ask_text(ask: TimelineAsk) -> str:
    favor = kind_name(ask.kind)
    about = _("%(favor)s for %(whom)s", favor=favor, whom=ask.helps_name) if ask.helps_name else favor
    parts = [
        f"{about}: {labels.STATES[ask.state]}",
        labels.reason_text(ask),
        _("arranged outside Goodword") if ask.off_platform else "",
        _("over the limit: %(why)s", why=ask.override_reason) if ask.override_reason else "",
    ]
    return ". ".join(part for part in parts if part)
