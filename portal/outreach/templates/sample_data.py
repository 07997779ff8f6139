"""One email of every kind as its writer gives it: for the preview, for the check at save and for a test to oneself."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from portal.links import LinkPurpose
from portal.outreach.email_content import PageLink, SignedLink
from portal.outreach.email_kinds import EmailKind as K
from portal.outreach.templates.catalog.request_updates import REQUEST_UPDATES

SAMPLE_ID = UUID("00000000-0000-7000-8000-000000000000")  # no row is called so: links lead to nothing
TUESDAY, THURSDAY = datetime(2026, 11, 24, 14, 0, tzinfo=UTC), datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
ALL_REQUEST_UPDATES = (*REQUEST_UPDATES, "something new")


class SampleEmail(NamedTuple):
    fields: dict[str, Any]
    links: dict[str, SignedLink | PageLink]


class SampleSigner(NamedTuple):
    """Whose email it would be: whoever looks at it, where they work."""

    name: str
    workspace: str


DEFAULT_SIGNER = SampleSigner("Dana Okafor", "Ledgerworks")
SIGNATURE_FIELDS = {
    K.MEMBER_INVITATION: "invited_by",
    K.ADDRESS_CONFIRMATION: "by",
    K.ADDRESS_CHANGED: "by",
    K.SLOTS_FOR_PROSPECT: "rep",
}  # where another field than `from_name` signs


def sample_email(kind: K, by: SampleSigner = DEFAULT_SIGNER) -> SampleEmail:
    its = SAMPLE_EMAILS[kind]
    signed = {SIGNATURE_FIELDS.get(kind, "from_name"): by.name, "from_title": by.workspace}
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
SIGNED_ASK = {**ASK, "from_name": DEFAULT_SIGNER.name}
AGREED_PURPOSES = ["Reference calls and site visits", "My name in a quote"]


def _link(name: str, purpose: LinkPurpose) -> dict[str, SignedLink | PageLink]:
    return {name: SignedLink(purpose, SAMPLE_ID)}


CALL_LINKS = _link("calendar", LinkPurpose.CALENDAR) | _link("call", LinkPurpose.CALL)
SAMPLE_EMAILS: Mapping[K, SampleEmail] = {
    K.SIGN_IN: SampleEmail({}, _link("sign_in", LinkPurpose.SIGN_IN)),
    K.NEW_LINK: SampleEmail({"what": "your call with Initech"}, _link("page", LinkPurpose.SLOT)),
    K.MEMBER_INVITATION: SampleEmail(
        {"invited_by": DEFAULT_SIGNER.name, "roles": ["Sales rep", "Program manager"]},
        _link("member", LinkPurpose.MEMBER),
    ),
    K.ADDRESS_CONFIRMATION: SampleEmail({"by": DEFAULT_SIGNER.name}, _link("address", LinkPurpose.ADDRESS)),
    K.ADDRESS_CHANGED: SampleEmail({"by": DEFAULT_SIGNER.name}, {}),
    K.JOIN_CONFIRMATION: SampleEmail({"purposes": AGREED_PURPOSES}, _link("join", LinkPurpose.JOIN)),
    K.ENROLL_INVITATION: SampleEmail(
        {
            "from_name": DEFAULT_SIGNER.name,
            "from_title": DEFAULT_SIGNER.workspace,
            "note": "Great talk in May!",
        },
        _link("invite", LinkPurpose.INVITE),
    ),
    K.WELCOME: SampleEmail({"purposes": AGREED_PURPOSES}, {"home": PageLink("my/me")}),
    K.FURTHER_PURPOSE: SampleEmail(
        {
            "consent_title": "Surveys and research",
            "consent_text": "Ledgerworks may ask me what I think of its products. My answers carry my name.",
            "from_name": DEFAULT_SIGNER.name,
            "from_title": DEFAULT_SIGNER.workspace,
        },
        _link("consent", LinkPurpose.FURTHER_PURPOSE),
    ),
    K.PENDING_REVIEW: SampleEmail(
        {},
        {"person": PageLink("advocates")},
    ),
    K.ASK: SampleEmail(
        {
            **SIGNED_ASK,
            "why_you": "Initech’s CFO is choosing between Ledger Pro and Brightbook. You made that move in 2023, "
            "so your story would help.",
            "questions": MEETING["questions"],
            "earliest": date(2026, 11, 30),
            "latest": date(2026, 12, 4),
            "agreed_on": date(2025, 2, 14),
        },
        _link("answer", LinkPurpose.ANSWER),
    ),
    K.ASK_REMINDER: SampleEmail(
        {**SIGNED_ASK, "questions": MEETING["questions"], "agreed_on": date(2025, 2, 14)},
        _link("answer", LinkPurpose.ANSWER),
    ),
    K.ASK_RECEIPT: SampleEmail(
        {**ASK, "accepted": True, "slots": [TUESDAY, THURSDAY]}, _link("answer", LinkPurpose.ANSWER)
    ),
    K.ASK_WITHDRAWN: SampleEmail({**ASK, "reason": "They chose a site visit instead."}, {}),
    K.REQUEST_SUBMITTED: SampleEmail(
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
        {"request": PageLink("requests")},
    ),
    K.REQUEST_UPDATE: SampleEmail(
        {
            "prospect": "Initech",
            "number": 1042,
            "news": "scheduled",
            "starts_at": TUESDAY,
            "who": "Ada Lindqvist",
            "helper": "Carlos Mendes",
            "of": 1041,
            "note": "They’d like to hear about the first month.",
        },
        {"request": PageLink("requests")},
    ),
    K.SLOTS_FOR_PROSPECT: SampleEmail(
        {
            "prospect": "Initech",
            "minutes": 20,
            "slots": [TUESDAY, THURSDAY],
            "rep": "Sam Reed",
            "who": "Ada Lindqvist, VP IT, Nordbank",
        },
        _link("slot", LinkPurpose.SLOT),
    ),
    K.NEW_TIMES: SampleEmail({**ASK, "note": "Sorry, our CFO is away."}, _link("times", LinkPurpose.TIMES)),
    K.MEETING_CONFIRMED: SampleEmail(MEETING, CALL_LINKS),
    K.MEETING_REMINDER: SampleEmail({**MEETING, "ahead": "day"}, CALL_LINKS),
    K.MEETING_CANCELLED: SampleEmail({**MEETING, "reason": "Initech has decided."}, {}),
    K.AFTER_CALL_QUESTION: SampleEmail(MEETING, _link("after_call", LinkPurpose.AFTER_CALL)),
    K.THANKS_OUTCOME: SampleEmail(
        {**SIGNED_ASK, "outcome": "won", "note": "Your call made the difference."},
        {"impact": PageLink("my/impact")},
    ),
    K.OWN: SampleEmail({"company": "Nordbank", "from_name": DEFAULT_SIGNER.name}, {}),
}
