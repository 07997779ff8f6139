"""The line of states on a request's page: what is done, when, how long it took, what is due next."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import get_template_attribute
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from portal.asks.models import Ask
from portal.asks.models import State as AskState
from portal.references import queries, words
from portal.references.clock import Clock, Promises, Stage
from portal.references.models import Meeting, MeetingState, ReferenceRequest, State
from portal.web.filters import day, moment

Step = dict[str, object]
ORDER = (State.SUBMITTED, State.MATCHING, State.ASKED, State.SCHEDULED, State.DELIVERED, State.CLOSED)
FELL_THROUGH = {
    AskState.DECLINED: _l("said no"),
    AskState.EXPIRED: _l("no answer in time"),
    AskState.WITHDRAWN: _l("the ask was taken back"),
    AskState.NOT_HELD: _l("the call didn’t take place"),
}


@dataclass(frozen=True)
class Line:
    wanted: ReferenceRequest
    promised: Promises
    asks: Sequence[Ask]
    meetings: Sequence[Meeting]

    @property
    def steps(self) -> list[Step]:
        return [
            self._submitted(),
            self._matching(),
            self._asked(),
            *self._scheduled(),
            self._delivered(),
            self._closed(),
        ]

    def _submitted(self) -> Step:
        clock = self.promised.at(self.wanted, Stage.ANSWERED)
        note = self._met(clock) if clock.met_at else self._ticking(Stage.ANSWERED)
        return self._step(State.SUBMITTED, True, moment(self.wanted.submitted_at), note)

    def _matching(self) -> Step:
        clock = self.promised.at(self.wanted, Stage.NAMED)
        past = self.wanted.named_at is not None
        when = self._met_words(clock) if past else _("Name due %(when)s", when=moment(clock.due))
        note = Markup() if past else self._ticking(Stage.NAMED)
        return self._step(
            State.MATCHING, self.wanted.answered_at is not None, when if self._alive or past else "", note
        )

    def _asked(self) -> Step:
        first = next((ask for ask in self.asks if ask.sent_at), None)
        if first and self._is_ahead(State.ASKED):
            return self._step(State.ASKED, False, self._went_back())
        sent = moment(first.sent_at) if first else (_("Next") if self.wanted.state is State.MATCHING else "")
        return self._step(State.ASKED, first is not None, sent)

    def _went_back(self) -> str:
        """Why the request is looking for somebody again."""
        over = [ask for ask in self.asks if ask.state in FELL_THROUGH]
        last = max(over, key=lambda ask: ask.ended_at or ask.answered_at or ask.created_at, default=None)
        if last is None:
            return ""
        at = day(last.ended_at or last.answered_at or last.created_at)
        return _("Went back on %(day)s: %(why)s", day=at, why=str(FELL_THROUGH[last.state]))

    def _is_ahead(self, state: State) -> bool:
        """Later on the line than where the request is now, though it may have been there before."""
        now = self.wanted.state
        return now in ORDER and state in ORDER and ORDER.index(state) > ORDER.index(now)

    def _scheduled(self) -> list[Step]:
        if not self.wanted.kind.has_meeting:
            return []
        times = [call.starts_at for call in self.meetings if call.starts_at]
        if self._is_ahead(State.SCHEDULED):
            return [self._step(State.SCHEDULED, False, self._came_to_nothing() if times else "")]
        return [self._step(State.SCHEDULED, bool(times), moment(max(times)) if times else "")]

    def _came_to_nothing(self) -> str:
        last = max((call for call in self.meetings if call.starts_at), key=lambda call: call.created_at)
        was_off = last.state is MeetingState.CANCELLED
        return _("The call was cancelled") if was_off else _("The call didn’t take place")

    def _delivered(self) -> Step:
        at = self.wanted.delivered_at
        due = _("Due %(day)s", day=day(self.promised.due(self.wanted, Stage.HELD))) if self._alive else ""
        note = Markup() if at or self.wanted.named_at is None else self._ticking(Stage.HELD)
        return self._step(State.DELIVERED, at is not None, moment(at) if at else due, note)

    def _closed(self) -> Step:
        ended = not self._alive and self.wanted.state is not State.DELIVERED
        state = self.wanted.state if ended else State.CLOSED
        when = moment(self.wanted.ended_at) if ended else _("Won, lost or open")
        note = self._status(*words.status(self.wanted, is_mine=False)) if self.wanted.outcome else Markup()
        return self._step(state, ended, when, note)

    @property
    def _alive(self) -> bool:
        return self.wanted.state in queries.RUNNING

    def _step(self, state: State, reached: bool, when: str, note: Markup | None = None) -> Step:
        is_now = state is self.wanted.state
        drawn = "now" if is_now else "done" if reached and not self._is_ahead(state) else "next"
        return {"name": words.STATES[state], "state": drawn, "when": when, "note": note or ""}

    def _met(self, clock: Clock) -> Markup:
        return self._status(words.met(clock), "warn" if clock.late else "good", "check")

    def _met_words(self, clock: Clock) -> str:
        return words.met(clock) if clock.met_at else ""

    def _ticking(self, stage: Stage) -> Markup:
        """The clock stands under the state whose promise is open now."""
        if not self._alive or self.promised.of(self.wanted).stage is not stage:
            return Markup()
        word, _percent, tone, icon = words.clock(self.promised.of(self.wanted))
        return self._status(word, tone, icon or ("clock-exclamation" if tone == "bad" else "clock-hour-4"))

    def _status(self, word: str, tone: str, icon: str) -> Markup:
        return Markup(get_template_attribute("components/ui.html", "status")(word, tone, icon))  # noqa: S704
