"""Sequences in words: what each is called, when its emails go, how far it is, why somebody gets nothing."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal.advocates.labels import PURPOSES
from portal.advocates.models import ConsentPurpose
from portal.badges import StatusBadge
from portal.outreach import labels
from portal.outreach.labels import HOLD_REASONS
from portal.outreach.models import HoldReason
from portal.outreach.sequences.forecast import ForecastOutcome
from portal.outreach.sequences.models import (
    OWN,
    EmailSequence,
    RunState,
    SequenceAction,
    SequenceRun,
    SequenceState,
    SequenceStep,
    StopReason,
)
from portal.outreach.sequences.timing import DAY, HOUR
from portal.outreach.status_codes import StatusCode
from portal.web.filters import moment, number
from portal.web.refusal_text import name_states

STATES = {
    SequenceState.DRAFT: StatusBadge(_l("Draft"), "", "pencil"),
    SequenceState.RUNNING: StatusBadge(_l("Running"), "now", "player-play"),
    SequenceState.PAUSED: StatusBadge(_l("Paused"), "warn", "player-pause"),
    SequenceState.FINISHED: StatusBadge(_l("Finished"), "", "flag"),
}
name_states(STATES)
RUN_STATES = {
    RunState.WAITING: StatusBadge(_l("In progress"), "", "clock-hour-4"),
    RunState.DONE: StatusBadge(_l("Done"), "", "checks"),
    RunState.STOPPED: StatusBadge(_l("Stopped"), "", "x"),
}
name_states(RUN_STATES)
STOP_REASONS = {
    StopReason.ANSWERED: StatusBadge(_l("Replied"), "good", "circle-check"),
    StopReason.DISMISSED: StatusBadge(_l("Hid the ask"), "", "eye-off"),
    StopReason.WITHDRAWN: StatusBadge(_l("Withdrawn or ended"), "", "x"),
    StopReason.UNSUBSCRIBED: StatusBadge(_l("Unsubscribed"), "", "mail-off"),
    StopReason.LEFT: StatusBadge(_l("Left the program"), "", "door-exit"),
    StopReason.LIMIT: StatusBadge(_l("The sequence reached its limit"), "", "target-arrow"),
    StopReason.BY_HAND: StatusBadge(_l("Ended by a manager"), "", "hand-stop"),
}
HISTORY_ACTIONS = {
    SequenceAction.CREATED: _l("Created"),
    SequenceAction.CHANGED: _l("Changed"),
    SequenceAction.STARTED: _l("Started"),
    SequenceAction.PAUSED: _l("Paused"),
    SequenceAction.RESUMED: _l("Resumed"),
    SequenceAction.FINISHED: _l("Ended"),
    SequenceAction.COMPLETED: _l("All emails sent"),
    SequenceAction.RECIPIENT_REMOVED: _l("One recipient removed"),
    SequenceAction.ANSWERED: _l("Marked as replied"),
    SequenceAction.REFUSED: _l("Nothing was done"),
}
OUTCOMES = {
    ForecastOutcome.GETS: _l("Will receive"),
    ForecastOutcome.LATER: _l("Will receive later"),
    ForecastOutcome.NOT: _l("Won’t receive"),
}
DRY_RUN_REASONS = {  # reasons of the dry run that no rule of the claim knows
    StatusCode.SEQUENCE_LIMIT: _l("the sequence reaches its limit first"),
    StatusCode.NO_ADDRESS: _l("no valid email address"),
    StatusCode.TOO_LATE: _l("its time has passed"),
    StatusCode.NO_CONSENT: _l("no consent for these emails"),
    StatusCode.ADVOCATE_PAUSED: _l("paused"),
}


def sequence_name(sequence: EmailSequence) -> str:
    return labels.sequence_name(sequence.program, sequence.name)


def description(sequence: EmailSequence) -> str:
    found = labels.reminders_of(sequence.program)
    return _(found.description) if found else ""


def email_name(step: SequenceStep, names: Mapping[UUID, str]) -> str:
    own = names.get(step.template_id) if step.template_id else None
    return own or labels.kind_name(step.kind)


def delay(minutes: int, program: str) -> str:
    length, reminders = _length(abs(minutes)), labels.reminders_of(program)
    if reminders:
        return _(reminders.delay_text, time=length)
    return _("At the start") if minutes == 0 else _("%(time)s after the start", time=length)


def _length(minutes: int) -> str:
    if minutes % DAY == 0:
        return ngettext("%(num)d day", "%(num)d days", minutes // DAY)
    if minutes % HOUR == 0:
        return ngettext("%(num)d hour", "%(num)d hours", minutes // HOUR)
    return ngettext("%(num)d minute", "%(num)d minutes", minutes)


def state_sentence(sequence: EmailSequence, waiting: int) -> str:
    if sequence.state is SequenceState.DRAFT:
        return _("A draft: nothing is sent until you start it.")
    if sequence.state is SequenceState.FINISHED:
        return _("Finished %(when)s. No more emails will be sent.", when=moment(sequence.ended_at))
    people = ngettext(
        "%(n)s person is in progress", "%(n)s people are in progress", waiting, n=number(waiting)
    )
    if sequence.state is SequenceState.PAUSED:
        return _("Paused: nothing is sent. %(people)s.", people=people)
    return f"{people}." if waiting else _nobody_waiting(sequence)


def _nobody_waiting(sequence: EmailSequence) -> str:
    if sequence.program != OWN:
        return _("No one is in progress right now.")
    if sequence.max_emails is not None or sequence.max_answers is not None:
        return _("No more emails are planned. It ends once the waiting ones are sent.")
    return _("All emails have been created. It ends once the waiting ones are sent.")


def end_warning(people: int) -> str:
    nobody = ngettext(
        "%(n)s person won’t get any more emails.",
        "%(n)s people won’t get any more emails.",
        people,
        n=number(people),
    )
    rest = _("Emails waiting to be sent are canceled. You can’t restart it.")
    return " ".join([nobody, rest]) if people else rest


def pause_warning(people: int) -> str:
    rests = ngettext(
        "%(n)s person in progress gets nothing until you resume it.",
        "%(n)s people in progress get nothing until you resume it.",
        people,
        n=number(people),
    )
    held = _("Emails waiting to be sent are held until then.")
    return " ".join([rests, held]) if people else held


def resume_warning(people: int) -> str:
    goes_on = ngettext(
        "%(n)s person is in progress.", "%(n)s people are in progress.", people, n=number(people)
    )
    now = _("Emails that were held are sent now; reminders whose time has passed are skipped.")
    return " ".join([goes_on, now]) if people else now


START_REQUESTED = _l(
    "We’re adding thousands of recipients. It starts within a minute; reload this page then."
)
RESUME_REQUESTED = _l(
    "Thousands of emails are waiting, so it resumes within a minute; reload this page then."
)
END_REQUESTED = _l(
    "Nothing more is sent. With thousands of recipients, it takes about a minute to show as ended."
)


def started(people: int, max_emails: int | None) -> str:
    whom = ngettext("Started for %(n)s person.", "Started for %(n)s people.", people, n=number(people))
    if max_emails is not None and max_emails < people:
        most = ngettext("%(num)d email", "%(num)d emails", max_emails)
        return " ".join([whom, _("It stops after %(emails)s.", emails=most)])
    hours = ngettext(
        "The first email is sent during their working hours.",
        "The first emails are sent during their working hours.",
        people,
    )
    return " ".join([whom, hours])


def gets_it(many: int, first: datetime) -> str:
    return ngettext(
        "will receive it on %(when)s",
        "will receive it during their working hours, from %(when)s",
        many,
        when=moment(first),
    )


def gets_later(many: int, reason: object) -> str:
    return ngettext("will receive it later: %(why)s", "will receive it later: %(why)s", many, why=reason)


def gets_nothing(many: int, reason: object) -> str:
    return ngettext("won’t receive it: %(why)s", "won’t receive it: %(why)s", many, why=reason)


def run_badge(run: SequenceRun) -> StatusBadge:
    return STOP_REASONS[run.stop_reason] if run.stop_reason else RUN_STATES[run.state]


def subject_name(run: SequenceRun) -> str:
    return str(run.fields.get("prospect") or run.fields.get("company") or "")


def hours_text(sequence: EmailSequence) -> str:
    if sequence.window_from is None:
        return ""
    return _(
        "%(first)s:00 to %(until)s:00 in the recipient’s time zone",
        first=sequence.window_from,
        until=sequence.window_until,
    )


def consent_name(sequence: EmailSequence) -> str:
    return str(PURPOSES[ConsentPurpose(sequence.purpose)]) if sequence.purpose in set(ConsentPurpose) else ""


def limit_text(sequence: EmailSequence) -> str:
    given = (
        _n_emails(sequence.max_emails) if sequence.max_emails else "",
        _n_answers(sequence.max_answers) if sequence.max_answers else "",
    )
    emails, answers = given
    return _("%(one)s or %(other)s", one=emails, other=answers) if all(given) else emails or answers


def _n_emails(many: int) -> str:
    return ngettext("%(n)s email", "%(n)s emails", many, n=number(many))


def _n_answers(many: int) -> str:
    return ngettext("%(n)s reply", "%(n)s replies", many, n=number(many))


def short_reason(hold: HoldReason, code: StatusCode) -> Any:
    return DRY_RUN_REASONS.get(code) or HOLD_REASONS[hold].word


def history_sentence(action: str, detail: Mapping[str, Any], program: str) -> str:
    if action == SequenceAction.STARTED:
        many = int(detail.get("people", 0))
        return ngettext("Started for %(n)s person", "Started for %(n)s people", many, n=number(many))
    if action == SequenceAction.ANSWERED:
        many = int(detail.get("people", 0))
        return ngettext(
            "%(n)s person marked as replied", "%(n)s people marked as replied", many, n=number(many)
        )
    if action == SequenceAction.CHANGED and "after" in detail:
        return _("Changed: %(steps)s", steps=", ".join(delay(each, program) for each in detail["after"]))
    if action == SequenceAction.FINISHED and detail.get("why") == StopReason.LIMIT:
        return _("Ended: it reached its limit")
    if action == SequenceAction.REFUSED:
        return _("Nothing was done: %(why)s", why=_(str(detail.get("why", ""))))
    return str(HISTORY_ACTIONS[SequenceAction(action)])
