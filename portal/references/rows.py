"""Lines of the desk's lists: a request with its next step and its clock, the same on every page."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from portal.asks.models import Ask
from portal.asks.models import State as AskState
from portal.references import names, queries, standing, words
from portal.references.clock import Promises
from portal.references.models import Meeting, MeetingState, ReferenceRequest, State
from portal.web.filters import day, moment


@dataclass(frozen=True)
class Row:
    """What a list shows of one request. `clock` are the arguments of the macro of that name."""

    wanted: ReferenceRequest
    status: tuple[str, str, str]
    kind: str
    step: str
    clock: tuple[str, int, str, str | None] | None
    on_time: bool = False


def rows(
    session: Session, wanted: Sequence[ReferenceRequest], promised: Promises, *, for_desk: bool
) -> list[Row]:
    """One query for any number of requests: their asks with their meetings."""
    found: dict[UUID, list[tuple[Ask, Meeting | None]]] = {one.id: [] for one in wanted}
    for ask, call in queries.asks_and_meetings(session, *found) if found else ():
        found[ask.served_id].append((ask, call))
    reader = Reader(promised, for_desk)
    return [reader.row(one, found[one.id]) for one in wanted]


@dataclass(frozen=True)
class Reader:
    """Who reads: the desk knows names, a rep knows them once they are released."""

    promised: Promises
    for_desk: bool

    def row(self, wanted: ReferenceRequest, made: list[tuple[Ask, Meeting | None]]) -> Row:
        asks, calls = [ask for ask, _call in made], [call for _ask, call in made if call]
        clock = words.clock(self.promised.of(wanted)) if wanted.state in queries.RUNNING else None
        scheduled = next((call for call in calls if call.state is MeetingState.SCHEDULED), None)
        in_time = bool(scheduled and scheduled.starts_at and scheduled.starts_at <= wanted.due_at)
        return Row(
            wanted,
            words.status(wanted, is_mine=not self.for_desk),
            str(words.SHORT_KINDS[wanted.kind]),
            self.step(wanted, asks, scheduled, calls),
            clock,
            on_time=in_time and wanted.waiting_since is None,
        )

    def step(
        self,
        wanted: ReferenceRequest,
        asks: list[Ask],
        scheduled: Meeting | None,
        calls: Sequence[Meeting] = (),
    ) -> str:
        """What happens next, and who does it."""
        if wanted.waiting_since is not None:
            who = wanted.requester.name if self.for_desk else _("You")
            return _("%(who)s to answer: %(question)s", who=who, question=words.waiting_for(wanted))
        if wanted.state is State.SUBMITTED:
            return _("Read and answer") if self.for_desk else _("We read it and answer")
        if wanted.state is State.MATCHING:
            return _("Choose whom to ask") if self.for_desk else _("We are looking for a customer who fits")
        if scheduled is not None and wanted.state is State.SCHEDULED:
            return self._scheduled(scheduled, asks)
        if live := standing.live(asks):
            moved = {call.ask_id for call in calls if call.state is MeetingState.MOVED}
            return self._asked(wanted, live[0], moved=live[0].id in moved)
        return self._ended(wanted)

    def _scheduled(self, call: Meeting, asks: list[Ask]) -> str:
        ask = next((one for one in asks if one.id == call.ask_id), None)
        if call.starts_at and call.starts_at < self.promised.now:
            return _("Took place %(when)s; both are asked how it went", when=moment(call.starts_at))
        who = self.name(ask) if ask else ""
        return ", ".join(part for part in (moment(call.starts_at), who) if part)

    def _asked(self, wanted: ReferenceRequest, ask: Ask, *, moved: bool = False) -> str:
        who = self.name(ask)
        if ask.state is AskState.SENT:
            return _("%(who)s answers by %(day)s", who=who, day=day(ask.due_on))
        if moved:
            return _("%(who)s is asked for other times", who=who)
        if ask.kind.has_meeting:
            return _("%(who)s said yes; %(prospect)s picks a time", who=who, prospect=wanted.prospect)
        return _("%(who)s said yes; it is being prepared", who=who)

    def _ended(self, wanted: ReferenceRequest) -> str:
        if wanted.state is State.DELIVERED:
            return _("Record how the deal ended")
        if wanted.unfulfilled:
            return str(words.WHY_NOT[wanted.unfulfilled])
        return wanted.outcome_note or wanted.withdrawn_reason

    def name(self, ask: Ask) -> str:
        if self.for_desk or names.is_released(ask, self.promised.name_after_yes):
            return ask.advocate.name
        return _("A customer")
