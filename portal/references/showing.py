"""What the page of one request shows, worked out once for its reader."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from sqlalchemy.orm import Session

from portal import history
from portal.asks.models import Ask
from portal.asks.models import State as AskState
from portal.references import afterwards, matching, names, queries, standing, words
from portal.references.candidates import Proposal, proposal
from portal.references.clock import Clock, Promises, promises
from portal.references.line import Line, Step
from portal.references.models import (
    Meeting,
    MeetingAnswer,
    MeetingState,
    Move,
    ReferenceRequest,
    RequestMessage,
)
from portal.references.rescheduling import is_ahead
from portal.web.filters import moment
from tenants.models import Membership, Role

UNDECIDED = frozenset({MeetingState.OFFERED, MeetingState.SCHEDULED, MeetingState.MOVED})


@dataclass(frozen=True)
class Call:
    """An ask with its meeting, as the page shows it."""

    ask: Ask
    name: str
    meeting: Meeting | None
    answers: Sequence[MeetingAnswer]
    slots: int

    @property
    def is_over(self) -> bool:
        return self.ask.state not in standing.LIVE

    @property
    def contradict(self) -> bool:
        return afterwards.contradict(self.answers)


@dataclass
class Page:
    session: Session
    wanted: ReferenceRequest
    member: Membership
    promised: Promises
    asks: Sequence[Ask]
    meetings: Mapping[UUID, Meeting]
    answers: Sequence[MeetingAnswer]
    messages: Sequence[RequestMessage]

    @property
    def for_desk(self) -> bool:
        return self.member.may(Role.MANAGER, Role.ADMIN)

    @property
    def is_mine(self) -> bool:
        return self.wanted.requester_id == self.member.id

    @property
    def title(self) -> str:
        return words.title(self.wanted)

    def can(self, move: str) -> bool:
        return Move[move] in self.wanted.moves

    @property
    def is_running(self) -> bool:
        return self.wanted.state in queries.RUNNING

    @cached_property
    def clock(self) -> Clock:
        return self.promised.of(self.wanted)

    @property
    def can_ask(self) -> bool:
        return self.wanted.state in standing.ASKABLE and standing.still_wanted(self.wanted, self.asks) > 0

    @cached_property
    def proposal(self) -> Proposal | None:
        """Candidates while somebody can still be asked."""
        if not self.can_ask:
            return None
        return proposal(matching.candidates(self.session, self.wanted), for_desk=self.for_desk)

    @property
    def must_give_up(self) -> bool:
        """Nobody fits and no region is left to relax: the way out is the next act."""
        found = self.proposal if self.for_desk and self.can("GIVE_UP") else None
        elsewhere = self.to_hand_over or self.scheduled or self.can("CLOSE")
        return found is not None and not (found.best or found.can_relax or elsewhere)

    def name(self, ask: Ask) -> str:
        if self.for_desk or names.is_released(ask, self.promised.name_after_yes):
            return ask.advocate.name
        return names.for_rep(ask)

    @cached_property
    def calls(self) -> list[Call]:
        return [self._call(ask) for ask in self.asks if ask.state is not AskState.PROPOSED]

    def _call(self, ask: Ask) -> Call:
        meeting = self.meetings.get(ask.id)
        own = [answer for answer in self.answers if meeting and answer.meeting_id == meeting.id]
        offered = meeting is not None and meeting.state is MeetingState.OFFERED
        slots = len(queries.slots(self.session, meeting)) if offered and meeting else 0
        return Call(ask, self.name(ask), meeting, own, slots)

    @property
    def to_hand_over(self) -> Call | None:
        """A yes to something that needs no meeting."""
        ready = (
            call
            for call in self.calls
            if call.ask.state is AskState.ACCEPTED and not call.ask.kind.has_meeting
        )
        return next(ready, None)

    @property
    def scheduled(self) -> Call | None:
        agreed = (
            call for call in self.calls if call.meeting and call.meeting.state is MeetingState.SCHEDULED
        )
        return next(agreed, None)

    @property
    def double_booked(self) -> list[Call]:
        """Set before overlapping calls were refused, and still ahead."""
        return [
            call
            for call in self.calls
            if call.meeting and call.meeting.double_booked and is_ahead(call.meeting)
        ]

    @property
    def has_begun(self) -> bool:
        call = self.scheduled
        starts = call.meeting.starts_at if call and call.meeting else None
        return starts is not None and starts <= self.promised.now

    @property
    def offered(self) -> Call | None:
        waiting = (call for call in self.calls if call.meeting and call.meeting.state is MeetingState.OFFERED)
        return next(waiting, None)

    @cached_property
    def alike(self) -> list[ReferenceRequest]:
        """Other open requests for the same deal or prospect, while this one can still be a duplicate."""
        if not (self.for_desk and self.can("MARK_DUPLICATE")):
            return []
        found = queries.open_like(self.session, self.wanted.prospect, self.wanted.deal_id)
        return [one for one in found if one.id != self.wanted.id]

    @property
    def may_pass_on(self) -> bool:
        """The prospect's link shows the advocate: for whoever may know the name."""
        call = self.offered
        released = call is not None and names.is_released(call.ask, self.promised.name_after_yes)
        return self.for_desk or released

    @property
    def needs_contact(self) -> bool:
        return self.offered is not None and not self.wanted.contact_email

    @property
    def history(self) -> list[tuple[str, str, str]]:
        known = {str(ask.advocate_id): self.name(ask) for ask in self.asks}
        return [
            (moment(line.created_at), line.by_name, told)
            for line in history.of(self.session, self.wanted)
            if (told := words.history(line.what, line.detail, known, for_desk=self.for_desk))
        ]

    @property
    def steps(self) -> list[Step]:
        return Line(self.wanted, self.promised, self.asks, list(self.meetings.values())).steps


def page(session: Session, wanted: ReferenceRequest, member: Membership) -> Page:
    calls = queries.calls_for(session, wanted)
    return Page(session, wanted, member, promises(session), *calls, queries.messages(session, wanted))
