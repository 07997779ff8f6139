"""What happened, in sentences a manager reads."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.advocates.labels import LANGUAGES, PERSONA, PURPOSES, SENIORITY, SOURCES
from portal.advocates.models import Source
from portal.asks.models import Kind, State
from portal.outreach.kinds import LetterKind
from portal.outreach.labels import HOLDS
from portal.outreach.labels import KINDS as KINDS_OF_LETTERS
from portal.outreach.models import Hold
from portal.references.words import KINDS, WHY_NO
from portal.web.filters import day

LETTERS = {
    "enroll_invitation": _l("Invitation to join"),
    "join_confirmation": _l("Please confirm"),
    "address_confirmation": _l("Please confirm your new address"),
    "address_changed": _l("Your address was changed"),
    "welcome": _l("Welcome"),
    "ask": _l("Ask"),
    "ask_reminder": _l("Reminder of an ask"),
    "ask_receipt": _l("Receipt of the answer"),
    "ask_withdrawn": _l("Ask taken back"),
    "new_times": _l("New times wanted"),
    "new_link": _l("New link"),
    "meeting_confirmed": _l("The call has a time"),
    "meeting_reminder": _l("Reminder of the call"),
    "meeting_cancelled": _l("The call is cancelled"),
    "after_call_question": _l("Question after the call"),
    "thanks_outcome": _l("What it led to"),
    "own": _l("News"),
}
SENT = {
    "queued": _l("on its way"),
    "sending": _l("on its way"),
    "accepted": _l("sent"),
    "delivered": _l("delivered"),
    "bounced": _l("came back"),
    "complained": _l("marked as spam"),
    "failed": _l("failed"),
    "unknown": _l("not known whether it arrived"),
}
HAPPENED = {
    "added": _l("Became known here"),
    "invited": _l("Invited to join"),
    "nominated": _l("Nominated"),
    "approved": _l("Let in by a manager"),
    "joined": _l("Filled in the join page and confirmed"),
    "enrolled": _l("Enrolled"),
    "paused": _l("Paused"),
    "resumed": _l("Came back from the pause"),
    "refused": _l("Said no"),
    "departed": _l("Left the programme"),
    "wishes changed": _l("Changed limits or topics"),
    "edited": _l("Edited"),
    "corrected": _l("Corrected"),
    "new address entered": _l("New address entered"),
    "new address withdrawn": _l("New address withdrawn"),
    "address changed": _l("New address confirmed"),
    "imported": _l("Came with an import"),
}
COLUMNS = {
    "first_name": _l("First name"),
    "last_name": _l("Last name"),
    "title": _l("Job title"),
    "seniority": _l("Seniority"),
    "persona": _l("Department"),
    "company": _l("Company"),
    "products": _l("Uses"),
    "use_cases": _l("Topics"),
    "languages": _l("Speaks"),
    "time_zone": _l("Time zone"),
    "email": _l("Email"),
}
NAMED: Mapping[str, Mapping[str, Any]] = {
    "seniority": SENIORITY,
    "persona": PERSONA,
    "languages": LANGUAGES,
}
ANSWERS = {
    State.PROPOSED: _l("proposed"),
    State.SENT: _l("asked, no answer yet"),
    State.ACCEPTED: _l("said yes"),
    State.COMPLETED: _l("done"),
    State.NOT_HELD: _l("fell through"),
    State.DECLINED: _l("said no"),
    State.EXPIRED: _l("no answer in time"),
    State.WITHDRAWN: _l("taken back"),
}
Detail = Mapping[str, Any]


def of_ask(kind: Kind, state: State, detail: Detail) -> str:
    favour, whom = str(KINDS[kind]), detail["subject"]
    about = _("%(favour)s for %(whom)s", favour=favour, whom=whom) if whom else favour
    why = str(WHY_NO.get(detail["reason"], detail["reason"]))
    parts = [
        f"{about}: {ANSWERS[state]}",
        why,
        _("arranged outside") if detail["outside"] else "",
        _("over the budget: %(why)s", why=detail["override"]) if detail["override"] else "",
    ]
    return ". ".join(part for part in parts if part)


def of_letter(kind: str, state: str, detail: Detail) -> str:
    name = LETTERS.get(kind) or KINDS_OF_LETTERS[LetterKind(kind)]
    return _("Letter “%(name)s”, %(state)s", name=name, state=_stands(state, detail))


def _stands(state: str, detail: Detail) -> str:
    """held until Wed 25 Nov: outside reading hours"""
    if detail["given_up"]:
        return _("given up")
    if state == "held":
        return _held(str(HOLDS[Hold(detail["held_for"])].word), detail["until"])
    words = str(SENT.get(state, state))
    read = _("opened by the reader") if detail["opens"] or detail["clicks"] else ""
    return ", ".join(part for part in (words, read) if part)


def _held(reason: str, until: str | None) -> str:
    if until is None:
        return _("held: %(reason)s", reason=reason)
    return _("held until %(day)s: %(reason)s", day=day(datetime.fromisoformat(until)), reason=reason)


def of_consent(source: Source, detail: Detail) -> str:
    where, what = str(SOURCES[source]), ", ".join(str(PURPOSES[purpose]) for purpose in detail["purposes"])
    if detail["given"]:
        return _("Consent given %(where)s: %(what)s", where=where, what=what)
    return _("Consent taken back %(where)s: %(what)s", where=where, what=what)


def of_end(detail: Detail) -> str:
    """Letters of one purpose or, without one, all of them."""
    if detail["by_file"]:
        return _opted_out(str(PURPOSES.get(detail["purpose"], detail["purpose"])))
    where = _("by the link of a letter") if detail["by_letter"] else _("on the page of preferences")
    if not detail["purpose"]:
        return _("Unsubscribed from all letters, %(where)s", where=where)
    what = str(PURPOSES.get(detail["purpose"], detail["purpose"]))
    return _("Unsubscribed from letters about %(what)s, %(where)s", what=what, where=where)


def _opted_out(what: str) -> str:
    if what:
        return _("Opted out of %(what)s in your CRM, by an imported file", what=what)
    return _("Opted out of emails in your CRM, by an imported file")


def of_history(what: str, detail: Detail) -> str:
    words = str(HAPPENED.get(what, what.capitalize()))
    until = _("back on %(day)s", day=day(date.fromisoformat(detail["until"]))) if detail.get("until") else ""
    why = str(detail.get("why") or detail.get("reason") or detail.get("to") or "")
    changes = "; ".join(of_change(*each) for each in detail.get("changes", {}).items())
    return ". ".join(part for part in (", ".join(filter(None, (words, until))), changes, why) if part)


def of_change(column: str, change: Sequence[Any]) -> str:
    """Job title: VP IT → CIO"""
    before, after = (_shown(column, value) for value in change)
    return _("%(what)s: %(before)s → %(after)s", what=COLUMNS.get(column, column), before=before, after=after)


def _shown(column: str, value: Any) -> str:
    names = NAMED.get(column, {})
    parts = value if isinstance(value, list) else [value]
    return ", ".join(str(names.get(part, part)) for part in parts if part) or _("empty")
