"""What the page of one request shows, worked out once for its reader."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from sqlalchemy.orm import Session

from portal import history
from portal.asks.models import Ask, AskState
from portal.asks.policies import ask_rules
from portal.asks.queries import ASKED_STATES
from portal.history import HistoryEntry
from portal.references import labels, request_status
from portal.references import queries as references_queries
from portal.references.feedback import actions
from portal.references.history_actions import RequestAction
from portal.references.matching import advocate_description
from portal.references.matching import queries as matching_queries
from portal.references.matching.candidate_list import CandidateList, candidate_list
from portal.references.meetings.rescheduling_actions import is_ahead
from portal.references.models import (
    Meeting,
    MeetingAnswer,
    MeetingState,
    ReferenceRequest,
    RequestMessage,
    RequestMove,
)
from portal.references.requests.progress import ProgressStep, RequestProgress
from portal.references.service_levels import ServiceLevels, SlaClock, service_levels
from portal.web.filters import moment
from tenants.models import MANAGER_ROLES, Membership


@dataclass(frozen=True)
class AskDetail:
    """An ask with its meeting, as the page shows it."""

    ask: Ask
    name: str
    meeting: Meeting | None
    answers: Sequence[MeetingAnswer]
    slots: int

    @property
    def is_over(self) -> bool:
        return self.ask.state not in ASKED_STATES

    @property
    def has_contradiction(self) -> bool:
        return actions.has_contradiction(self.answers)


@dataclass
class RequestDetail:
    session: Session
    request: ReferenceRequest
    member: Membership
    service_levels: ServiceLevels
    asks: Sequence[Ask]
    meetings: Mapping[UUID, Meeting]
    answers: Sequence[MeetingAnswer]
    messages: Sequence[RequestMessage]

    @property
    def for_desk(self) -> bool:
        return self.member.has_role(*MANAGER_ROLES)

    @property
    def is_mine(self) -> bool:
        return self.request.requester_id == self.member.id

    @cached_property
    def favor_minutes(self) -> int:
        return ask_rules(self.session).of(self.request.kind).favor_minutes

    @property
    def title(self) -> str:
        return labels.request_title(self.request)

    def can(self, move: str) -> bool:
        return RequestMove[move] in self.request.moves

    @property
    def is_running(self) -> bool:
        return self.request.state in references_queries.RUNNING

    @cached_property
    def clock(self) -> SlaClock:
        return self.service_levels.current_clock(self.request)

    @property
    def can_ask_more(self) -> bool:
        return (
            self.request.state in request_status.ASKABLE_STATES
            and request_status.references_still_needed(self.request, self.asks) > 0
        )

    @cached_property
    def candidate_list(self) -> CandidateList | None:
        if not self.can_ask_more:
            return None
        return candidate_list(matching_queries.candidates(self.session, self.request), for_desk=self.for_desk)

    @property
    def must_give_up(self) -> bool:
        candidates = self.candidate_list if self.for_desk and self.can("GIVE_UP") else None
        elsewhere = self.ready_for_delivery or self.scheduled or self.can("CLOSE")
        return candidates is not None and not (candidates.best or candidates.can_relax or elsewhere)

    def name(self, ask: Ask) -> str:
        if self.for_desk or advocate_description.is_name_visible(ask, self.service_levels.name_after_yes):
            return ask.advocate.name
        return advocate_description.name_before_yes(ask)

    @cached_property
    def ask_details(self) -> list[AskDetail]:
        return [self._call(ask) for ask in self.asks if ask.state is not AskState.PROPOSED]

    def _call(self, ask: Ask) -> AskDetail:
        meeting = self.meetings.get(ask.id)
        own = [answer for answer in self.answers if meeting and answer.meeting_id == meeting.id]
        offered = meeting is not None and meeting.state is MeetingState.OFFERED
        slots = len(references_queries.slots(self.session, meeting)) if offered and meeting else 0
        return AskDetail(ask, self.name(ask), meeting, own, slots)

    @property
    def ready_for_delivery(self) -> AskDetail | None:
        ready = (
            call
            for call in self.ask_details
            if call.ask.state is AskState.ACCEPTED and not call.ask.kind.has_meeting
        )
        return next(ready, None)

    @property
    def scheduled(self) -> AskDetail | None:
        agreed = (
            call for call in self.ask_details if call.meeting and call.meeting.state is MeetingState.SCHEDULED
        )
        return next(agreed, None)

    @property
    def double_booked(self) -> list[AskDetail]:
        return [
            call
            for call in self.ask_details
            if call.meeting and call.meeting.double_booked and is_ahead(call.meeting)
        ]

    @property
    def has_begun(self) -> bool:
        call = self.scheduled
        starts = call.meeting.starts_at if call and call.meeting else None
        return starts is not None and starts <= self.service_levels.now

    @property
    def offered(self) -> AskDetail | None:
        waiting = (
            call for call in self.ask_details if call.meeting and call.meeting.state is MeetingState.OFFERED
        )
        return next(waiting, None)

    @cached_property
    def similar_requests(self) -> list[ReferenceRequest]:
        if not (self.for_desk and self.can("MARK_DUPLICATE")):
            return []
        similar = references_queries.similar_open_requests(
            self.session, self.request.prospect, self.request.deal_id
        )
        return [one for one in similar if one.id != self.request.id]

    @property
    def can_share_link(self) -> bool:
        """Tell whether the reader may know the advocate, whom the prospect's link shows."""
        call = self.offered
        released = call is not None and advocate_description.is_name_visible(
            call.ask, self.service_levels.name_after_yes
        )
        return self.for_desk or released

    @property
    def needs_contact(self) -> bool:
        return self.offered is not None and not self.request.contact_email

    @property
    def history(self) -> list[tuple[str, str, str]]:
        known = {str(ask.advocate_id): self.name(ask) for ask in self.asks}
        lines = history.entries_about(self.session, self.request)
        told = ((line, self._told(line, known)) for line in lines)
        return [(moment(line.created_at), line.by_name, text) for line, text in told if text]

    def _told(self, line: HistoryEntry, names: Mapping[str, str]) -> str:
        """Nothing where a release that runs beside this one wrote something that is new."""
        if line.action not in labels.HISTORY_TEXTS:
            return ""
        return labels.history_text(RequestAction(line.action), line.detail, names, for_desk=self.for_desk)

    @property
    def steps(self) -> list[ProgressStep]:
        return RequestProgress(
            self.request, self.service_levels, self.asks, list(self.meetings.values())
        ).steps


def request_detail(session: Session, request: ReferenceRequest, member: Membership) -> RequestDetail:
    calls = references_queries.request_activity(session, request)
    return RequestDetail(
        session,
        request,
        member,
        service_levels(session),
        *calls,
        references_queries.messages(session, request),
    )
