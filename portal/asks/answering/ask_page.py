"""Everything the answer page says of an ask, whatever program it is of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.advocates.models import Advocate
from portal.asks import queries
from portal.asks.answer_codes import NoteCode
from portal.asks.answering.reasons import usual_reasons
from portal.asks.models import Ask, AskState
from portal.asks.queries import HIDDEN_FOR
from portal.asks.summaries import summary_of
from portal.declarations.answers import AnswerPart, ReasonChoice
from portal.declarations.asks import AskSummary
from portal.declarations.programs import PROGRAMS, Program
from portal.errors import Conflict, NotFound
from tenants.clock import utc_now
from tenants.database import tenant

CHANGEABLE_STATES = frozenset({AskState.ACCEPTED, AskState.DECLINED, AskState.EXPIRED, AskState.COMPLETED})
STATES_WITH_A_NO = frozenset({AskState.SENT, AskState.ACCEPTED})  # from which a no is another answer


@dataclass(frozen=True)
class AskPage:
    session: Session
    ask: Ask
    program: Program

    @property
    def part(self) -> AnswerPart:
        return self.program.answer

    @cached_property
    def summary(self) -> AskSummary:
        return summary_of(self.session, self.ask)

    @cached_property
    def content(self) -> Any:
        return self.part.content(self.session, self.ask)

    @property
    def advocate(self) -> Advocate:
        return self.ask.advocate

    @property
    def first_name(self) -> str:
        return self.advocate.first_name or self.advocate.name

    @property
    def asker(self) -> str:
        return self.ask.sent_by.name if self.ask.sent_by else ""

    @property
    def company(self) -> str:
        return self.advocate.account.name if self.advocate.account else ""

    @property
    def zone(self) -> str:
        return self.advocate.time_zone or tenant(self.session).time_zone

    @property
    def is_open(self) -> bool:
        return self.ask.state is AskState.SENT

    @cached_property
    def changeable_until(self) -> datetime | None:
        if not self.ask.kind.is_guest or not self._has_answer_to_change:
            return None
        until = self.part.changeable_until(self.session, self.ask)
        return until if until is not None and until > utc_now() else None

    @property
    def _has_answer_to_change(self) -> bool:
        """A yes, a no, a maybe, or silence; what was taken back or fell through is over, whatever was answered."""
        return self.ask.state in CHANGEABLE_STATES or (self.is_open and self.ask.answered_at is not None)

    @property
    def changeable_through(self) -> date | None:
        """The last whole day, where the time to change it ends with one."""
        if self.changeable_until is None:
            return None
        end = self.changeable_until.astimezone(ZoneInfo(self.zone))
        return end.date() - timedelta(days=1) if end.time() == time() else None

    @property
    def can_answer(self) -> bool:
        return self.is_open or self.changeable_until is not None

    @property
    def can_decline(self) -> bool:
        return self.can_answer and self.ask.state in STATES_WITH_A_NO

    @property
    def has_offered_late(self) -> bool:
        """The person would still help, after the last day."""
        return self.ask.note_code is NoteCode.WOULD_STILL_HELP

    @property
    def can_dismiss(self) -> bool:
        return self.part.can_dismiss and self.is_open

    def ensure_takes_colleagues(self) -> None:
        if not self.part.can_suggest_colleague:
            raise Conflict("This request is for you alone. “Not now” is always fine.")

    @property
    def hidden_until(self) -> datetime | None:
        at = self.ask.dismissed_at
        return at + HIDDEN_FOR if at and at + HIDDEN_FOR > utc_now() else None

    @property
    def hides_for_days(self) -> int:
        return HIDDEN_FOR // timedelta(days=1)

    @cached_property
    def reasons(self) -> Sequence[ReasonChoice]:
        own = self.part.reasons
        return own(self.ask, self.content) if own else usual_reasons(self.ask)


def ask_page(session: Session, ask_id: UUID) -> AskPage:
    ask = queries.get(session, ask_id)
    program = PROGRAMS.find_by_subject(ask.subject_type)
    if program is None:
        raise NotFound("We couldn’t find this ask.")
    return AskPage(session, ask, program)
