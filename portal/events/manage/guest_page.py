"""One guest: the answer, who comes along, what they need and wrote, and what happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import history
from portal.events import queries as events
from portal.events.guest_models import EventAnswer, EventGuest, GuestState
from portal.events.labels import GUEST_HISTORY_ACTIONS
from portal.events.manage import guest_facts
from portal.events.manage.guest_facts import GuestFact
from portal.events.models import EventQuestion
from portal.web.filters import moment

CAN_ANSWER = frozenset(GuestState) - {
    GuestState.UNCONFIRMED,
    GuestState.REQUESTED,
    GuestState.REFUSED,
    GuestState.REMOVED,
}


@dataclass(frozen=True)
class GuestPage:
    guest: EventGuest
    fact: GuestFact
    answers: Sequence[tuple[str, str]]
    plus_ones: Sequence[EventGuest]
    history: list[tuple[str, str, str]]

    @property
    def can_answer(self) -> bool:
        """As they told somebody by phone."""
        guest = self.guest
        return guest.event.takes_answers and guest.host_id is None and guest.state in CAN_ANSWER


def read(session: Session, guest_id: UUID) -> GuestPage:
    guest = events.guest(session, guest_id)
    return GuestPage(
        guest,
        guest_facts.facts(session, [guest.id]).of(guest),
        _answers(session, guest),
        events.plus_ones_of(session, guest.id) if guest.party > 1 else (),
        [_line(entry) for entry in history.entries_about(session, guest)],
    )


def _answers(session: Session, guest: EventGuest) -> Sequence[tuple[str, str]]:
    rows = select(EventQuestion.question, EventAnswer.answer).join(
        EventAnswer, EventAnswer.question_id == EventQuestion.id
    )
    rows = rows.where(EventAnswer.guest_id == guest.id).order_by(EventQuestion.position)
    return [
        (question, _(answer) if answer in ("yes", "no") else answer)
        for question, answer in session.execute(rows)
    ]


def _line(entry: history.HistoryEntry) -> tuple[str, str, str]:
    words = {str(action): words for action, words in GUEST_HISTORY_ACTIONS.items()}
    who = entry.by_name or str(entry.detail.get("who", ""))
    return moment(entry.created_at), who, str(words.get(entry.action, entry.action))
