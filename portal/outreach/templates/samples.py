"""One letter of every kind as its writer gives it: for the preview, for the check at save and for a test to oneself."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from portal.links import Purpose
from portal.outreach.kinds import LetterKind as K
from portal.outreach.letters import Link, Page
from portal.outreach.templates.catalogue.news import NEWS

NOBODY = UUID("00000000-0000-7000-8000-000000000000")  # no row is called so: links lead to nothing
TUESDAY, THURSDAY = datetime(2026, 11, 24, 14, 0, tzinfo=UTC), datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
ALL_NEWS = (*NEWS, "something new")


class Sample(NamedTuple):
    fields: dict[str, Any]
    links: dict[str, Link | Page]


class Signer(NamedTuple):
    """Whose letter it would be: whoever looks at it, where they work."""

    name: str
    workspace: str


DANA = Signer("Dana Okafor", "Ledgerworks")
NAMES = {
    K.MEMBER_INVITATION: "invited_by",
    K.ADDRESS_CONFIRMATION: "by",
    K.ADDRESS_CHANGED: "by",
    K.SLOTS_FOR_PROSPECT: "rep",
}  # where another field than `from_name` signs


def sample(kind: K, by: Signer = DANA) -> Sample:
    its = SAMPLES[kind]
    signed = {NAMES.get(kind, "from_name"): by.name, "from_title": by.workspace}
    return its._replace(
        fields=its.fields | {name: words for name, words in signed.items() if name in its.fields}
    )


MEETING: dict[str, Any] = {
    "with_whom": "Tom Baker, Initech",
    "starts_at": TUESDAY,
    "minutes": 20,
    "dial_in": "https://meet.example/abc",
    "questions": ["How long did the move take?", "What would you do differently?"],
    "rep": "Sam Reed",
}
ASK: dict[str, Any] = {
    "prospect": "Initech",
    "kind": "call",
    "minutes": 20,
    "due_on": date(2026, 11, 27),
}
ASKED = {**ASK, "from_name": DANA.name}
AGREED = ["Reference calls and site visits", "My name in a quote"]


def _link(name: str, purpose: Purpose) -> dict[str, Link | Page]:
    return {name: Link(purpose, NOBODY)}


CALL_LINKS = _link("calendar", Purpose.CALENDAR) | _link("call", Purpose.CALL)
SAMPLES: Mapping[K, Sample] = {
    K.SIGN_IN: Sample({}, _link("sign_in", Purpose.SIGN_IN)),
    K.NEW_LINK: Sample({"what": "your call with Initech"}, _link("page", Purpose.SLOT)),
    K.MEMBER_INVITATION: Sample(
        {"invited_by": DANA.name, "roles": ["Sales rep", "Programme manager"]},
        _link("member", Purpose.MEMBER),
    ),
    K.ADDRESS_CONFIRMATION: Sample({"by": DANA.name}, _link("address", Purpose.ADDRESS)),
    K.ADDRESS_CHANGED: Sample({"by": DANA.name}, {}),
    K.JOIN_CONFIRMATION: Sample({"purposes": AGREED}, _link("join", Purpose.JOIN)),
    K.ENROLL_INVITATION: Sample(
        {"from_name": DANA.name, "from_title": DANA.workspace, "note": "Great talk in May!"},
        _link("invite", Purpose.INVITE),
    ),
    K.WELCOME: Sample({"purposes": AGREED}, {"home": Page("my/me")}),
    K.PENDING_REVIEW: Sample(
        {},
        {"person": Page("advocates")},
    ),
    K.ASK: Sample(
        {
            **ASKED,
            "why_you": "Initech’s CFO is choosing between Ledger Pro and Brightbook. You made that move in 2023, "
            "so your story is the one that would help.",
            "questions": MEETING["questions"],
            "earliest": date(2026, 11, 30),
            "latest": date(2026, 12, 4),
            "agreed_on": date(2025, 2, 14),
        },
        _link("answer", Purpose.ANSWER),
    ),
    K.ASK_REMINDER: Sample(
        {**ASKED, "questions": MEETING["questions"], "agreed_on": date(2025, 2, 14)},
        _link("answer", Purpose.ANSWER),
    ),
    K.ASK_RECEIPT: Sample(
        {**ASK, "accepted": True, "slots": [TUESDAY, THURSDAY]}, _link("answer", Purpose.ANSWER)
    ),
    K.ASK_WITHDRAWN: Sample({**ASK, "reason": "They chose a site visit instead."}, {}),
    K.REQUEST_SUBMITTED: Sample(
        {
            "rep": "Sam Reed",
            "prospect": "Initech",
            "kind": "call",
            "needed_by": date(2026, 12, 4),
            "product": "Ledger Pro",
            "industry": "Banking",
            "region": "Europe, Middle East and Africa",
            "deal": "Initech, €310,000",
        },
        {"request": Page("requests")},
    ),
    K.REQUEST_UPDATE: Sample(
        {
            "prospect": "Initech",
            "number": 1042,
            "news": "scheduled",
            "starts_at": TUESDAY,
            "who": "Ada Lindqvist",
            "helper": "Carlos Mendes",
            "of": 1041,
            "note": "They would like to hear about the first month.",
        },
        {"request": Page("requests")},
    ),
    K.SLOTS_FOR_PROSPECT: Sample(
        {
            "prospect": "Initech",
            "minutes": 20,
            "slots": [TUESDAY, THURSDAY],
            "rep": "Sam Reed",
            "who": "Ada Lindqvist, VP IT, Nordbank",
        },
        _link("slot", Purpose.SLOT),
    ),
    K.NEW_TIMES: Sample({**ASK, "note": "Sorry, our CFO is away."}, _link("times", Purpose.TIMES)),
    K.MEETING_CONFIRMED: Sample(MEETING, CALL_LINKS),
    K.MEETING_REMINDER: Sample({**MEETING, "ahead": "day"}, CALL_LINKS),
    K.MEETING_CANCELLED: Sample({**MEETING, "reason": "Initech has decided."}, {}),
    K.AFTER_CALL_QUESTION: Sample(MEETING, _link("after_call", Purpose.AFTER_CALL)),
    K.THANKS_OUTCOME: Sample(
        {**ASKED, "outcome": "won", "note": "Your call made the difference."},
        {"impact": Page("my/impact")},
    ),
    K.OWN: Sample({"company": "Nordbank", "from_name": DANA.name}, {}),
}
