"""What happened, in sentences a manager reads."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from portal.advocates.history_actions import DepartureReason
from portal.advocates.labels import (
    DEPARTURE_REASONS,
    FIELD_NAMES,
    FIELD_VALUE_NAMES,
    HISTORY_ACTIONS,
    PURPOSES,
    SOURCES,
)
from portal.advocates.models import ConsentPurpose, ConsentSource
from portal.custom_fields import labels as field_labels
from portal.outreach.labels import HOLD_REASONS, kind_name
from portal.outreach.messages.labels import GIVEN_UP, STATES
from portal.outreach.models import EmailState, HoldReason
from portal.tags import labels as tag_labels
from portal.text import mid_sentence
from portal.web.filters import day

EntryDetail = Mapping[str, Any]
# of a person's history: what happened to the person, to their tags, and to their custom fields
ACTION_WORDS: Sequence[Mapping[Any, Any]] = (
    HISTORY_ACTIONS,
    tag_labels.HISTORY_ACTIONS,
    field_labels.HISTORY_ACTIONS,
)


def email_text(kind: str, state: str, detail: EntryDetail) -> str:
    return _("Email “%(name)s”, %(state)s", name=kind_name(kind), state=_email_state(state, detail))


def _email_state(state: str, detail: EntryDetail) -> str:
    """on hold until Wed 25 Nov: outside reading hours"""
    if detail["given_up"]:
        return mid_sentence(str(GIVEN_UP.word))
    if state == EmailState.HELD:
        return _held(str(HOLD_REASONS[HoldReason(detail["hold_reason"])].word), detail["until"])
    word = mid_sentence(str(STATES[EmailState(state)].word))
    read = _("opened") if detail["opens"] or detail["clicks"] else ""
    return ", ".join(part for part in (word, read) if part)


def _held(reason: str, until: str | None) -> str:
    if until is None:
        return _("on hold: %(reason)s", reason=reason)
    return _("on hold until %(day)s: %(reason)s", day=day(datetime.fromisoformat(until)), reason=reason)


def consent_text(source: ConsentSource, detail: EntryDetail) -> str:
    where, what = str(SOURCES[source]), ", ".join(str(PURPOSES[purpose]) for purpose in detail["purposes"])
    if detail["given"]:
        return _("Consent given %(where)s: %(what)s", where=where, what=what)
    return _("Consent withdrawn %(where)s: %(what)s", where=where, what=what)


def declined_text(purpose: str) -> str:
    return _("Said no when asked for a further consent: %(what)s", what=PURPOSES[ConsentPurpose(purpose)])


def suppression_text(detail: EntryDetail) -> str:
    if detail["by_file"]:
        return _opted_out(_purpose_name(detail["purpose"]))
    where = _("from a link in an email") if detail["by_email"] else _("on the preferences page")
    if not detail["purpose"]:
        return _("Unsubscribed from all emails, %(where)s", where=where)
    what = _purpose_name(detail["purpose"])
    return _("Unsubscribed from emails about %(what)s, %(where)s", what=what, where=where)


def _purpose_name(purpose: str) -> str:
    return str(PURPOSES[ConsentPurpose(purpose)]) if purpose else ""


def _opted_out(what: str) -> str:
    if what:
        return _("Opted out of %(what)s in your CRM (imported file)", what=what)
    return _("Opted out of emails in your CRM (imported file)")


def action_text(action: str, detail: EntryDetail) -> str:
    happened = str(next(words[action] for words in ACTION_WORDS if action in words))
    until = _("until %(day)s", day=day(date.fromisoformat(detail["until"]))) if detail.get("until") else ""
    why = str(detail.get("why") or detail.get("reason") or detail.get("to") or _reason(detail))
    changed = [change_text(*each) for each in detail.get("changes", {}).items()]
    changes = "; ".join([*changed, *_added_and_removed(detail)])
    return ". ".join(part for part in (", ".join(filter(None, (happened, until))), changes, why) if part)


def _added_and_removed(detail: EntryDetail) -> Iterator[str]:
    if detail.get("added"):
        yield _("added: %(names)s", names=", ".join(detail["added"]))
    if detail.get("removed"):
        yield _("removed: %(names)s", names=", ".join(detail["removed"]))


def _reason(detail: EntryDetail) -> str:
    code = detail.get("reason_code")
    return str(DEPARTURE_REASONS[DepartureReason(code)]) if code else ""


def change_text(column: str, change: Sequence[Any]) -> str:
    before, after = (_value_text(column, value) for value in change)
    return _(
        "%(what)s: %(before)s → %(after)s", what=FIELD_NAMES.get(column, column), before=before, after=after
    )


def _value_text(column: str, value: Any) -> str:
    names = FIELD_VALUE_NAMES.get(column, {})
    parts = value if isinstance(value, list) else [value]
    return ", ".join(str(names.get(part, part)) for part in parts if part) or _("empty")
