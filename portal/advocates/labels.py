"""Names of the states, kinds and codes of advocates, as pages and forms show them."""

from collections.abc import Mapping
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from portal.advocates.ask_kinds import AskKind, willing_kinds
from portal.advocates.consent_verification import ConsentFault, ConsentFaultKind
from portal.advocates.history_actions import AdvocateAction, DepartureReason
from portal.advocates.models import AdvocateState, ConsentPurpose, ConsentSource, Provenance
from portal.badges import StatusBadge
from portal.web.refusal_text import name_states


def kind_name(kind: AskKind) -> str:
    name = _(kind.row.name)
    return name[:1].upper() + name[1:]


KIND_NAMES = {kind: LazyString(kind_name, kind) for kind in AskKind}
SHORT_KIND_NAMES = {kind: _l(kind.row.short_name) for kind in AskKind}
PURPOSES = {
    ConsentPurpose.CALLS: _l("calls"),
    ConsentPurpose.NAME: _l("name in writing"),
    ConsentPurpose.EVENTS: _l("events and boards"),
    ConsentPurpose.REVIEWS: _l("reviews"),
    ConsentPurpose.FEEDBACK: _l("surveys and research"),
    ConsentPurpose.REFERRALS: _l("recommendations"),
    ConsentPurpose.NEWS: _l("news"),
}
STATES = {
    AdvocateState.CANDIDATE: StatusBadge(_l("Not invited yet"), "", "user"),
    AdvocateState.PENDING: StatusBadge(_l("Needs approval"), "warn", "user-question"),
    AdvocateState.INVITED: StatusBadge(_l("Invited"), "", "send"),
    AdvocateState.ENROLLED: StatusBadge(_l("Enrolled"), "", "user-check"),
    AdvocateState.PAUSED: StatusBadge(_l("Paused"), "", "player-pause"),
    AdvocateState.REFUSED: StatusBadge(_l("Declined"), "", "user-x"),
    AdvocateState.DEPARTED: StatusBadge(_l("Left"), "", "door-exit"),
    AdvocateState.ERASED: StatusBadge(_l("Erased"), "", "eraser"),
}
name_states(STATES)
PROVENANCE = {
    Provenance.INVITED: _l("Invitation"),
    Provenance.SELF_JOINED: _l("Join page"),
    Provenance.NOMINATED: _l("Nomination"),
    Provenance.IMPORTED: _l("Import"),
    Provenance.REFERRED: _l("Referral"),
}
OWN_PROVENANCE = {  # as the person reads it
    Provenance.INVITED: _l("from our invitation"),
    Provenance.SELF_JOINED: _l("from the join page"),
    Provenance.NOMINATED: _l("a colleague suggested you"),
    Provenance.IMPORTED: _l("from your account record"),
    Provenance.REFERRED: _l("someone referred you"),
}
SOURCES = {
    ConsentSource.JOIN: _l("on the join page"),
    ConsentSource.INVITATION: _l("in reply to the invitation"),
    ConsentSource.OWN_PAGE: _l("on their own page"),
    ConsentSource.EMAIL: _l("from an email"),
}
DEPARTURE_REASONS = {DepartureReason.ON_THEIR_OWN: _l("Left on their own")}
CONSENT_FAULTS = {
    ConsentFaultKind.LINE_MISSING: _l("Entry %(line)d is missing."),
    ConsentFaultKind.LINE_CHANGED: _l("Entry %(line)d was changed after it was written."),
    ConsentFaultKind.PERSONAL_DATA_MISSING: _l(
        "Entry %(line)d has no email address, although the person wasn’t erased (entries without one: "
        "%(lines)d)."
    ),
    ConsentFaultKind.SHORTENED: _l(
        "Entries were removed: there were %(line)d on %(day)s, and now there are %(lines)d."
    ),
    ConsentFaultKind.REWRITTEN: _l(
        "The record was rewritten: entry %(line)d isn’t the same as it was on %(day)s."
    ),
    ConsentFaultKind.ADVOCATE_DIFFERS: _l("The consents in use don’t match the record."),
}
SENIORITY = {
    "c_level": _l("Executive (CxO)"),
    "vp": _l("Vice president"),
    "director": _l("Director or head of"),
    "manager": _l("Manager"),
    "staff": _l("Specialist"),
}
PERSONA = {
    "it": _l("IT"),
    "finance": _l("Finance"),
    "operations": _l("Operations"),
    "data": _l("Data and analytics"),
    "other": _l("Other"),
}
SHORT_SENIORITY = {  # before the department: VP IT
    "c_level": _l("C-level"),
    "vp": _l("VP"),
    "director": _l("Director"),
    "manager": _l("Manager"),
}
SHORT_PERSONA = {name: PERSONA[name] for name in ("it", "finance", "operations")} | {"data": _l("Data")}
LANGUAGES = {
    "en": _l("English"),
    "de": _l("German"),
    "fr": _l("French"),
    "es": _l("Spanish"),
    "it": _l("Italian"),
    "nl": _l("Dutch"),
    "pt": _l("Portuguese"),
    "pl": _l("Polish"),
    "sv": _l("Swedish"),
    "ja": _l("Japanese"),
    "ko": _l("Korean"),
    "zh": _l("Chinese"),
}
HISTORY_ACTIONS = {
    AdvocateAction.ADDED: _l("Added"),
    AdvocateAction.INVITED: _l("Invited to join"),
    AdvocateAction.NOMINATED: _l("Nominated"),
    AdvocateAction.APPROVED: _l("Approved by a manager"),
    AdvocateAction.JOINED: _l("Joined and confirmed the address"),
    AdvocateAction.ENROLLED: _l("Enrolled"),
    AdvocateAction.PAUSED: _l("Paused"),
    AdvocateAction.RESUMED: _l("Resumed"),
    AdvocateAction.REFUSED: _l("Declined"),
    AdvocateAction.DEPARTED: _l("Left the program"),
    AdvocateAction.PREFERENCES_CHANGED: _l("Changed limits or topics"),
    AdvocateAction.CORRECTED: _l("Corrected"),
    AdvocateAction.ADDRESS_ENTERED: _l("New address entered"),
    AdvocateAction.ADDRESS_WITHDRAWN: _l("New address withdrawn"),
    AdvocateAction.ADDRESS_CHANGED: _l("New address confirmed"),
}
FIELD_NAMES = {
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
FIELD_VALUE_NAMES: Mapping[str, Mapping[str, Any]] = {
    "seniority": SENIORITY,
    "persona": PERSONA,
    "languages": LANGUAGES,
}


def short_role(seniority: str, persona: str) -> str:
    """“VP IT”; what is not known is left out."""
    words = (SHORT_SENIORITY.get(seniority), SHORT_PERSONA.get(persona))
    return " ".join(str(word) for word in words if word) or _("Customer")


def language_name(code: str) -> str:
    return str(LANGUAGES.get(code, code))


def willing_to(minutes: Mapping[AskKind, int]) -> dict[AskKind, str]:
    return {kind: _(kind.row.willing, minutes=minutes[kind]) for kind in willing_kinds()}


def describe_fault(fault: ConsentFault) -> str:
    day = format_date(fault.day, "d MMM y") if fault.day else ""
    return str(CONSENT_FAULTS[fault.kind]) % {"line": fault.line, "lines": fault.lines, "day": day}


def describe_record_fault(fault: ConsentFault) -> str:
    return _("Consents about single records: %(fault)s", fault=describe_fault(fault))
