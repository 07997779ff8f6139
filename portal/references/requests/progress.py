"""The line of states on a request's page: what is done, when, how long it took, what is due next."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import get_template_attribute
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from portal.asks.models import Ask, AskState
from portal.badges import StatusBadge
from portal.references import labels, queries
from portal.references.models import Meeting, MeetingState, ReferenceRequest, RequestState
from portal.references.service_levels import ServiceLevels, SlaClock, SlaStage
from portal.web.filters import day, moment

ProgressStep = dict[str, object]
ORDER = (
    RequestState.SUBMITTED,
    RequestState.MATCHING,
    RequestState.ASKED,
    RequestState.SCHEDULED,
    RequestState.DELIVERED,
    RequestState.CLOSED,
)
UNSUCCESSFUL_ASK_TEXTS = {
    AskState.DECLINED: _l("said no"),
    AskState.EXPIRED: _l("no answer in time"),
    AskState.WITHDRAWN: _l("the ask was withdrawn"),
    AskState.NOT_HELD: _l("the call didn’t take place"),
}


@dataclass(frozen=True)
class RequestProgress:
    request: ReferenceRequest
    service_levels: ServiceLevels
    asks: Sequence[Ask]
    meetings: Sequence[Meeting]

    @property
    def steps(self) -> list[ProgressStep]:
        return [
            self._submitted(),
            self._matching(),
            self._asked(),
            *self._scheduled(),
            self._delivered(),
            self._closed(),
        ]

    def _submitted(self) -> ProgressStep:
        clock = self.service_levels.clock_of_stage(self.request, SlaStage.FIRST_RESPONSE)
        note = self._met(clock) if clock.met_at else self._ticking(SlaStage.FIRST_RESPONSE)
        return self._step(RequestState.SUBMITTED, True, moment(self.request.submitted_at), note)

    def _matching(self) -> ProgressStep:
        clock = self.service_levels.clock_of_stage(self.request, SlaStage.FIRST_ASK)
        past = self.request.first_ask_at is not None
        when = self._met_words(clock) if past else _("First ask due %(when)s", when=moment(clock.due))
        note = Markup() if past else self._ticking(SlaStage.FIRST_ASK)
        return self._step(
            RequestState.MATCHING,
            self.request.first_response_at is not None,
            when if self._alive or past else "",
            note,
        )

    def _asked(self) -> ProgressStep:
        first = next((ask for ask in self.asks if ask.sent_at), None)
        if first and self._is_ahead(RequestState.ASKED):
            return self._step(RequestState.ASKED, False, self._went_back())
        sent = (
            moment(first.sent_at)
            if first
            else (_("Next") if self.request.state is RequestState.MATCHING else "")
        )
        return self._step(RequestState.ASKED, first is not None, sent)

    def _went_back(self) -> str:
        """Why the request is looking for somebody again."""
        over = [ask for ask in self.asks if ask.state in UNSUCCESSFUL_ASK_TEXTS]
        last = max(over, key=lambda ask: ask.ended_at or ask.answered_at or ask.created_at, default=None)
        if last is None:
            return ""
        at = day(last.ended_at or last.answered_at or last.created_at)
        return _("Returned on %(day)s: %(why)s", day=at, why=str(UNSUCCESSFUL_ASK_TEXTS[last.state]))

    def _is_ahead(self, state: RequestState) -> bool:
        """Later on the line than where the request is now, though it may have been there before."""
        now = self.request.state
        return now in ORDER and state in ORDER and ORDER.index(state) > ORDER.index(now)

    def _scheduled(self) -> list[ProgressStep]:
        if not self.request.kind.has_meeting:
            return []
        times = [call.starts_at for call in self.meetings if call.starts_at]
        if self._is_ahead(RequestState.SCHEDULED):
            return [self._step(RequestState.SCHEDULED, False, self._came_to_nothing() if times else "")]
        return [self._step(RequestState.SCHEDULED, bool(times), moment(max(times)) if times else "")]

    def _came_to_nothing(self) -> str:
        last = max((call for call in self.meetings if call.starts_at), key=lambda call: call.created_at)
        was_off = last.state is MeetingState.CANCELLED
        return _("The call was canceled") if was_off else _("The call didn’t take place")

    def _delivered(self) -> ProgressStep:
        at = self.request.delivered_at
        due = (
            _("Due %(day)s", day=day(self.service_levels.due(self.request, SlaStage.DELIVERY)))
            if self._alive
            else ""
        )
        note = Markup() if at or self.request.first_ask_at is None else self._ticking(SlaStage.DELIVERY)
        return self._step(RequestState.DELIVERED, at is not None, moment(at) if at else due, note)

    def _closed(self) -> ProgressStep:
        ended = not self._alive and self.request.state is not RequestState.DELIVERED
        state = self.request.state if ended else RequestState.CLOSED
        when = moment(self.request.ended_at) if ended else _("Won, lost or open")
        note = (
            self._badge(labels.status_badge(self.request, is_mine=False))
            if self.request.outcome
            else Markup()
        )
        return self._step(state, ended, when, note)

    @property
    def _alive(self) -> bool:
        return self.request.state in queries.RUNNING

    def _step(
        self, state: RequestState, reached: bool, when: str, note: Markup | None = None
    ) -> ProgressStep:
        is_now = state is self.request.state
        drawn = "now" if is_now else "done" if reached and not self._is_ahead(state) else "next"
        return {"name": labels.STATES[state], "state": drawn, "when": when, "note": note or ""}

    def _met(self, clock: SlaClock) -> Markup:
        tone = "warn" if clock.is_late else "good"
        return self._badge(StatusBadge(labels.target_met_text(clock), tone, "check"))

    def _met_words(self, clock: SlaClock) -> str:
        return labels.target_met_text(clock) if clock.met_at else ""

    def _ticking(self, stage: SlaStage) -> Markup:
        """Place the clock under the state whose promise is open now."""
        if not self._alive or self.service_levels.current_clock(self.request).stage is not stage:
            return Markup()
        clock = labels.clock_badge(self.service_levels.current_clock(self.request))
        usual_icon = "clock-exclamation" if clock.tone == "bad" else "clock-hour-4"
        return self._badge(StatusBadge(clock.words, clock.tone, clock.icon or usual_icon))

    def _badge(self, of: StatusBadge) -> Markup:
        return Markup(get_template_attribute("components/ui.html", "badge")(of))  # noqa: S704
