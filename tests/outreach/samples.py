"""One letter of every kind, with the fields its writer gives: what each letter needs, and what it looks like."""

from datetime import UTC, date, datetime
from typing import Any

from uuid_utils.compat import uuid7

from portal.links import Purpose
from portal.outreach.kinds import LetterKind as Kind
from portal.outreach.letters import Link, Page

TUESDAY = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
MEETING: dict[str, Any] = {
    "with_whom": "Tom Baker, Initech",
    "starts_at": TUESDAY,
    "minutes": 20,
    "dial_in": "https://meet.example/abc",
    "questions": ["How long did the move take?", "What would you do differently?"],
}
ASK: dict[str, Any] = {"prospect": "Initech", "kind": "call", "minutes": 20, "due_on": date(2026, 11, 27)}
AGREED = ["Reference calls and site visits", "My name in a quote"]
SAMPLES: dict[Kind, tuple[dict[str, Any], dict[str, Link | Page]]] = {
    Kind.SIGN_IN: ({}, {"sign_in": Link(Purpose.SIGN_IN, uuid7())}),
    Kind.NEW_LINK: ({"what": "your call with Initech"}, {"page": Link(Purpose.SLOT, uuid7())}),
    Kind.MEMBER_INVITATION: (
        {"invited_by": "Dana Okafor", "roles": ["Sales rep", "Programme manager"]},
        {"member": Link(Purpose.MEMBER, uuid7())},
    ),
    Kind.JOIN_CONFIRMATION: ({"purposes": AGREED}, {"join": Link(Purpose.JOIN, uuid7())}),
    Kind.ENROLL_INVITATION: (
        {
            "from_name": "Dana Okafor",
            "from_title": "Programme manager, Ledgerworks",
            "note": "Great talk in May!",
        },
        {"invite": Link(Purpose.INVITE, uuid7())},
    ),
    Kind.WELCOME: ({"purposes": AGREED}, {"home": Page("my/asks")}),
    Kind.PENDING_REVIEW: (
        {"person": "Ada Lindqvist", "company": "Nordbank", "email": "ada@nordbank.example", "title": "VP IT"},
        {"person": Page("advocates/1")},
    ),
    Kind.ASK: (
        ASK
        | {
            "why_you": "Initech’s CFO is choosing between Ledger Pro and Brightbook. You made that move in 2023, "
            "so your story is the one that would help.",
            "earliest": date(2026, 11, 30),
            "latest": date(2026, 12, 4),
            "agreed_on": date(2025, 2, 14),
            "from_name": "Dana Okafor",
            "from_title": "Programme manager, Ledgerworks",
        },
        {"answer": Link(Purpose.ANSWER, uuid7())},
    ),
    Kind.ASK_REMINDER: (
        ASK | {"agreed_on": date(2025, 2, 14), "from_name": "Dana Okafor", "from_title": ""},
        {"answer": Link(Purpose.ANSWER, uuid7())},
    ),
    Kind.ASK_RECEIPT: (
        ASK | {"accepted": True, "slots": [TUESDAY]},
        {"answer": Link(Purpose.ANSWER, uuid7())},
    ),
    Kind.ASK_WITHDRAWN: (ASK | {"reason": "They chose a site visit instead."}, {}),
    Kind.REQUEST_SUBMITTED: (
        {"rep": "Sam Reed", "prospect": "Initech", "kind": "call", "needed_by": date(2026, 12, 4)}
        | {"product": "Ledger Pro", "industry": "Banking", "region": "EMEA", "deal": "Initech, €310,000"},
        {"request": Page("requests/1")},
    ),
    Kind.REQUEST_UPDATE: (
        {
            "prospect": "Initech",
            "number": 1042,
            "news": "scheduled",
            "starts_at": TUESDAY,
            "who": "Ada Lindqvist",
            "helper": "Carlos Mendes",
        },
        {"request": Page("requests/1")},
    ),
    Kind.NEW_TIMES: (ASK | {"note": "Sorry, our CFO is away."}, {"times": Link(Purpose.TIMES, uuid7())}),
    Kind.SLOTS_FOR_PROSPECT: (
        {"prospect": "Initech", "minutes": 20, "slots": [TUESDAY, TUESDAY], "rep": "Sam Reed"}
        | {"who": "Ada Lindqvist, VP IT at Nordbank", "time_zone": "America/Chicago"},
        {"slot": Link(Purpose.SLOT, uuid7())},
    ),
    Kind.MEETING_CONFIRMED: (MEETING, {"calendar": Link(Purpose.CALENDAR, uuid7())}),
    Kind.MEETING_REMINDER: (MEETING | {"ahead": "day"}, {"calendar": Link(Purpose.CALENDAR, uuid7())}),
    Kind.MEETING_CANCELLED: (MEETING | {"reason": "Initech has decided."}, {}),
    Kind.AFTER_CALL_QUESTION: (MEETING, {"after_call": Link(Purpose.AFTER_CALL, uuid7())}),
    Kind.THANKS_OUTCOME: (ASK | {"outcome": "won", "from_name": "Sam Reed"}, {"impact": Page("my/impact")}),
    Kind.OWN: ({"company": "Nordbank", "from_name": "Dana Okafor"}, {}),
}
NEWS = [
    *(
        "message",
        "question",
        "asked",
        "accepted",
        "declined",
        "expired",
        "scheduled",
        "no_time_fits",
        "moved",
        "contradicted",
        "silent",
    ),
    *("not_held", "delivered", "unfulfilled", "withdrawn", "duplicate", "content"),
    *("logged", "logged_new", "something new"),
]
