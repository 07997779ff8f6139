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
from portal.outreach.email_kinds import EmailKind
from portal.outreach.labels import EMAIL_KINDS, HOLD_REASONS, SEQUENCE_NAMES
from portal.outreach.models import HoldReason
from portal.outreach.sequences.audience import Audience
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
from portal.web.badges import StatusBadge
from portal.web.filters import moment, number, region

PROGRAM_DESCRIPTIONS = {
    "asks": _l("An ask that nobody answers is repeated once, gently. Any answer stops it."),
    "meetings": _l("Both sides of a call get a word before it. A call that moves or is cancelled stops it."),
}
STATES = {
    SequenceState.DRAFT: StatusBadge(_l("Draft"), "", "pencil"),
    SequenceState.RUNNING: StatusBadge(_l("Running"), "now", "player-play"),
    SequenceState.PAUSED: StatusBadge(_l("Paused"), "warn", "player-pause"),
    SequenceState.FINISHED: StatusBadge(_l("Finished"), "", "flag"),
}
RUN_STATES = {
    RunState.WAITING: StatusBadge(_l("On the way"), "", "clock-hour-4"),
    RunState.DONE: StatusBadge(_l("Done"), "", "checks"),
    RunState.STOPPED: StatusBadge(_l("Stopped"), "", "x"),
}
STOP_REASONS = {
    StopReason.ANSWERED: StatusBadge(_l("Answered"), "good", "circle-check"),
    StopReason.WITHDRAWN: StatusBadge(_l("Taken back or ended"), "", "x"),
    StopReason.UNSUBSCRIBED: StatusBadge(_l("Wants no more emails"), "", "mail-off"),
    StopReason.LEFT: StatusBadge(_l("Left the program"), "", "door-exit"),
    StopReason.LIMIT: StatusBadge(_l("The sequence reached its goal"), "", "target-arrow"),
    StopReason.BY_HAND: StatusBadge(_l("Ended by a manager"), "", "hand-stop"),
}
HISTORY_ACTIONS = {
    SequenceAction.CREATED: _l("Made"),
    SequenceAction.CHANGED: _l("Changed"),
    SequenceAction.STARTED: _l("Started"),
    SequenceAction.PAUSED: _l("Paused"),
    SequenceAction.RESUMED: _l("Went on"),
    SequenceAction.FINISHED: _l("Ended"),
    SequenceAction.COMPLETED: _l("Everybody had every email"),
    SequenceAction.RECIPIENT_REMOVED: _l("One person taken out"),
}
OUTCOMES = {
    ForecastOutcome.GETS: _l("Get it"),
    ForecastOutcome.LATER: _l("Get it later"),
    ForecastOutcome.NOT: _l("Do not get it"),
}
DRY_RUN_REASONS = {  # reasons of the dry run that no rule of the claim knows
    StatusCode.SEQUENCE_LIMIT: _l("the sequence stops before their turn"),
    StatusCode.NO_ADDRESS: _l("no address that mail can go to"),
    StatusCode.TOO_LATE: _l("its time has passed"),
    StatusCode.NO_CONSENT: _l("no consent to such emails"),
    StatusCode.ADVOCATE_PAUSED: _l("on a pause"),
}


def sequence_name(sequence: EmailSequence) -> str:
    return str(SEQUENCE_NAMES.get(sequence.program, sequence.name))


def email_name(step: SequenceStep, names: Mapping[UUID, str]) -> str:
    """What the email of a step is called."""
    own = names.get(step.template_id) if step.template_id else None
    return own or str(EMAIL_KINDS[EmailKind(step.kind)])


def delay(minutes: int, program: str) -> str:
    """At once, after 3 days, one hour before the call."""
    length = _length(abs(minutes))
    if minutes < 0 and program == "meetings":
        return _("%(time)s before the call", time=length)
    if minutes < 0:
        return _("%(time)s before", time=length)
    if program == "asks":
        return _("%(time)s after the ask", time=length)
    return _("At the start") if minutes == 0 else _("%(time)s after the start", time=length)


def _length(minutes: int) -> str:
    if minutes % DAY == 0:
        return ngettext("%(num)d day", "%(num)d days", minutes // DAY)
    if minutes % HOUR == 0:
        return ngettext("%(num)d hour", "%(num)d hours", minutes // HOUR)
    return ngettext("%(num)d minute", "%(num)d minutes", minutes)


def state_sentence(sequence: EmailSequence, waiting: int) -> str:
    """Where it stands, in a sentence."""
    if sequence.state is SequenceState.DRAFT:
        return _("A draft: nobody gets anything before you start it.")
    if sequence.state is SequenceState.FINISHED:
        return _("Finished %(when)s. Nobody gets another email of it.", when=moment(sequence.ended_at))
    people = ngettext("%(n)s person is on the way", "%(n)s people are on the way", waiting, n=number(waiting))
    if sequence.state is SequenceState.PAUSED:
        return _("It rests, and nothing of it leaves. %(people)s.", people=people)
    return f"{people}." if waiting else _nobody_waiting(sequence)


def _nobody_waiting(sequence: EmailSequence) -> str:
    if sequence.program != OWN:
        return _("Nobody is on the way at the moment.")
    if sequence.max_emails is not None or sequence.max_answers is not None:
        return _("Nobody gets another email. It ends by itself once those that wait have left.")
    return _("Every email is written. It ends by itself once those that wait have left.")


def end_warning(people: int) -> str:
    """What ending it does; for the question before it."""
    nobody = ngettext(
        "%(n)s person gets no further email.",
        "%(n)s people get no further email.",
        people,
        n=number(people),
    )
    rest = _("What is written and has not left does not leave. Nothing can start it again.")
    return " ".join([nobody, rest]) if people else rest


def pause_warning(people: int) -> str:
    rests = ngettext(
        "%(n)s person on the way gets nothing before it goes on.",
        "%(n)s people on the way get nothing before it goes on.",
        people,
        n=number(people),
    )
    held = _("What is written and has not left is held until it goes on.")
    return " ".join([rests, held]) if people else held


def resume_warning(people: int) -> str:
    goes_on = ngettext(
        "%(n)s person is on the way.", "%(n)s people are on the way.", people, n=number(people)
    )
    now = _("Emails that the pause held leave now; reminders whose moment has passed are left out.")
    return " ".join([goes_on, now]) if people else now


START_REQUESTED = _l(
    "Thousands of people are being put on their way. It starts in a minute; load this page again then."
)
RESUME_REQUESTED = _l("Thousands of emails wait, so it goes on in a minute; load this page again then.")
END_REQUESTED = _l(
    "Nothing of it leaves any more. It is about thousands of people, so it shows as ended in a minute."
)


def started(people: int, max_emails: int | None) -> str:
    """After it began."""
    whom = ngettext("Started for %(n)s person.", "Started for %(n)s people.", people, n=number(people))
    if max_emails is not None and max_emails < people:
        most = ngettext("%(num)d email", "%(num)d emails", max_emails)
        return " ".join([whom, _("It stops after %(emails)s, whoever gets them.", emails=most)])
    hours = ngettext(
        "The first email leaves within their reading hours.",
        "The first letters leave within their reading hours.",
        people,
    )
    return " ".join([whom, hours])


def gets_it(many: int, first: datetime) -> str:
    """After the number: get it in their reading hours, from Tue 24 Nov, 08:00 CET."""
    return ngettext(
        "gets it, at %(when)s", "get it in their reading hours, from %(when)s", many, when=moment(first)
    )


def gets_later(many: int, reason: object) -> str:
    return ngettext("gets it later: %(why)s", "get it later: %(why)s", many, why=reason)


def gets_nothing(many: int, reason: object) -> str:
    return ngettext("does not get it: %(why)s", "do not get it: %(why)s", many, why=reason)


def run_badge(run: SequenceRun) -> StatusBadge:
    return STOP_REASONS[run.stop_reason] if run.stop_reason else RUN_STATES[run.state]


def subject_name(run: SequenceRun) -> str:
    """What the emails are about, where they say so: the prospect, else the reader's company."""
    return str(run.fields.get("prospect") or run.fields.get("company") or "")


def hours_text(sequence: EmailSequence) -> str:
    if sequence.window_from is None:
        return ""
    return _(
        "%(first)s:00 to %(until)s:00 by the reader’s clock",
        first=sequence.window_from,
        until=sequence.window_until,
    )


def consent_name(sequence: EmailSequence) -> str:
    return str(PURPOSES[ConsentPurpose(sequence.purpose)]) if sequence.purpose in set(ConsentPurpose) else ""


def audience_text(sequence: EmailSequence) -> str:
    """Everybody who agreed, who uses Ledger Pro, in Banking."""
    if sequence.program != OWN:
        return ""
    chosen = Audience.from_json(sequence.audience)
    narrower = [
        _("who use %(product)s", product=chosen.product) if chosen.product else "",
        _("in %(region)s", region=region(chosen.region)) if chosen.region else "",
        chosen.industry,
    ]
    return ", ".join([_("Everybody enrolled who agreed"), *filter(None, narrower)])


def limit_text(sequence: EmailSequence) -> str:
    """500 emails or 20 answers."""
    given = (
        _n_emails(sequence.max_emails) if sequence.max_emails else "",
        _n_answers(sequence.max_answers) if sequence.max_answers else "",
    )
    emails, answers = given
    return _("%(one)s or %(other)s", one=emails, other=answers) if all(given) else emails or answers


def _n_emails(many: int) -> str:
    return ngettext("%(n)s email", "%(n)s emails", many, n=number(many))


def _n_answers(many: int) -> str:
    return ngettext("%(n)s answer", "%(n)s answers", many, n=number(many))


def short_reason(hold: HoldReason, code: StatusCode) -> Any:
    """A reason of the dry run in a few words, for many people at once."""
    return DRY_RUN_REASONS.get(code) or HOLD_REASONS[hold].word


def history_sentence(action: str, detail: Mapping[str, Any], program: str) -> str:
    """A line of the sequence's history."""
    if action == SequenceAction.STARTED:
        many = int(detail.get("people", 0))
        return ngettext("Started for %(n)s person", "Started for %(n)s people", many, n=number(many))
    if action == SequenceAction.ANSWERED:
        many = int(detail.get("people", 0))
        return ngettext("%(n)s person has answered", "%(n)s people have answered", many, n=number(many))
    if action == SequenceAction.CHANGED and "after" in detail:
        return _("Changed: %(steps)s", steps=", ".join(delay(each, program) for each in detail["after"]))
    if action == SequenceAction.FINISHED and detail.get("why") == StopReason.LIMIT:
        return _("Ended by itself: it reached its goal")
    return str(HISTORY_ACTIONS[SequenceAction(action)])
