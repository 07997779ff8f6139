"""Lines of the desk's lists: a request with its next step and its clock, the same on every page."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from portal.asks.models import Ask, AskState
from portal.badges import StatusBadge
from portal.references import labels, queries, request_status
from portal.references.matching import advocate_description
from portal.references.models import Meeting, MeetingState, ReferenceRequest, RequestState
from portal.references.service_levels import ServiceLevels
from portal.web.filters import day, moment


@dataclass(frozen=True)
class RequestRow:
    """What a list shows of one request."""

    request: ReferenceRequest
    status: StatusBadge
    kind: str
    step: str
    clock: labels.ClockBadge | None
    is_on_time: bool = False


def request_rows(
    session: Session, request: Sequence[ReferenceRequest], promised: ServiceLevels, *, for_desk: bool
) -> list[RequestRow]:
    found: dict[UUID, list[tuple[Ask, Meeting | None]]] = {one.id: [] for one in request}
    for ask, call in queries.asks_and_meetings(session, *found) if found else ():
        found[ask.subject_id].append((ask, call))
    reader = RequestRowBuilder(promised, for_desk)
    return [reader.row(one, found[one.id]) for one in request]


@dataclass(frozen=True)
class RequestRowBuilder:
    """Who reads: the desk knows names, a rep knows them once they are released."""

    service_levels: ServiceLevels
    for_desk: bool

    def row(self, request: ReferenceRequest, made: list[tuple[Ask, Meeting | None]]) -> RequestRow:
        asks, calls = [ask for ask, _call in made], [call for _ask, call in made if call]
        clock = (
            labels.clock_badge(self.service_levels.current_clock(request))
            if request.state in queries.RUNNING
            else None
        )
        scheduled = next((call for call in calls if call.state is MeetingState.SCHEDULED), None)
        in_time = bool(scheduled and scheduled.starts_at and scheduled.starts_at <= request.due_at)
        return RequestRow(
            request,
            labels.status_badge(request, is_mine=not self.for_desk),
            _(request.kind.row.short_name),
            self.step(request, asks, scheduled, calls),
            clock,
            is_on_time=in_time and request.waiting_since is None,
        )

    def step(
        self,
        request: ReferenceRequest,
        asks: list[Ask],
        scheduled: Meeting | None,
        calls: Sequence[Meeting] = (),
    ) -> str:
        if request.waiting_since is not None:
            who = request.requester.name if self.for_desk else _("You")
            return _("%(who)s to answer: %(question)s", who=who, question=labels.waiting_for_text(request))
        if request.state is RequestState.SUBMITTED:
            return _("Review and respond") if self.for_desk else _("We’re reviewing it")
        if request.state is RequestState.MATCHING:
            return _("Choose who to ask") if self.for_desk else _("We’re looking for a customer who fits")
        if scheduled is not None and request.state is RequestState.SCHEDULED:
            return self._scheduled(scheduled, asks)
        if live := request_status.open_asks(asks):
            moved = {call.ask_id for call in calls if call.state is MeetingState.MOVED}
            return self._asked(request, live[0], moved=live[0].id in moved)
        return self._ended(request)

    def _scheduled(self, call: Meeting, asks: list[Ask]) -> str:
        ask = next((one for one in asks if one.id == call.ask_id), None)
        if call.starts_at and call.starts_at < self.service_levels.now:
            return _("Took place %(when)s; we ask both sides how it went", when=moment(call.starts_at))
        who = self.name(ask) if ask else ""
        return ", ".join(part for part in (moment(call.starts_at), who) if part)

    def _asked(self, request: ReferenceRequest, ask: Ask, *, moved: bool = False) -> str:
        who = self.name(ask)
        if ask.state is AskState.SENT:
            return _("%(who)s has until %(day)s to answer", who=who, day=day(ask.due_on))
        if moved:
            return _("We asked %(who)s for other times", who=who)
        if ask.kind.has_meeting:
            return _("%(who)s said yes; %(prospect)s picks a time", who=who, prospect=request.prospect)
        return _("%(who)s said yes; we’re preparing it", who=who)

    def _ended(self, request: ReferenceRequest) -> str:
        if request.state is RequestState.DELIVERED:
            return _("Record how the deal ended")
        if request.unfulfilled_reason:
            return str(labels.UNFULFILLED_REASONS[request.unfulfilled_reason])
        return request.outcome_note or request.withdrawn_reason

    def name(self, ask: Ask) -> str:
        if self.for_desk or advocate_description.is_name_visible(ask, self.service_levels.name_after_yes):
            return ask.advocate.name
        return _("A customer")
