"""The emails to an advocate about an ask: would you, a reminder, thank you for the answer, what it led to."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TypedDict
from zlib import crc32

from sqlalchemy.orm import Session

from portal.advocates.ask_kinds import AskKind
from portal.asks.emails import about, ask_sent_key, recipient_of
from portal.asks.models import Ask
from portal.declarations.email_content import (
    EmailFieldValue,
    FieldValue,
    PageLink,
    SignedLink,
)
from portal.declarations.email_kinds import EmailClass, EmailGroup, EmailKind
from portal.declarations.merge_fields import MergeContext, MergeField
from portal.declarations.reminders import ReminderSequence
from portal.declarations.sample_emails import THURSDAY, TUESDAY, SampleEmail, sample_link
from portal.declarations.sending import send
from portal.i18n import mark
from portal.links import LinkPurpose
from portal.outreach.sequences.actions import start_run
from portal.outreach.sequences.default_sequences import ensure_default_sequence
from portal.outreach.sequences.timing import DAY
from portal.references import sample_emails
from portal.references.asking import answer_email_fields, email_fields
from portal.references.emails import advocate_recipient, request_fields
from portal.references.models import DealOutcome, ReferenceRequest
from tenants.clock import utc_now
from tenants.models import Membership

ASKS = EmailGroup(mark("Asks"), 30)
YES, NO = mark("Thank you for saying yes to %(prospect)s"), mark("Noted: not this time for %(prospect)s")
WON, WHAT_CAME_OF_IT = (
    mark("You helped: %(prospect)s chose %(workspace)s"),
    mark("How it turned out with %(prospect)s"),
)


def ask_subject(context: MergeContext) -> str:
    return context.translate(
        AskKind(context["kind"]).row.question, prospect=context["prospect"], minutes=context.get("minutes")
    )


def receipt_subject(context: MergeContext) -> str:
    return context.translate(YES if context["accepted"] else NO, prospect=context["prospect"])


def thanks_subject(context: MergeContext) -> str:
    sentence = WON if context["outcome"] == DealOutcome.WON else WHAT_CAME_OF_IT
    return context.translate(sentence, prospect=context["prospect"], workspace=context.workspace)


QUESTION = MergeField(
    "question", mark("Could you talk to Initech for 20 minutes? (by the kind of ask)"), ask_subject
)
ASK = EmailKind(
    name="ask",
    label=mark("Ask"),
    sent_when=mark("Sent when you ask an advocate."),
    subject="{{question}}",
    group=ASKS,
    fields=(QUESTION, *email_fields.ASK),
    required_links=("answer_link",),
    sample=SampleEmail(
        {
            **sample_emails.SIGNED_ASK,
            "why_you": "Initech’s CFO is choosing between Ledger Pro and Brightbook. You made that move in 2023, "
            "so your story would help.",
            "questions": sample_emails.QUESTIONS,
            "earliest": date(2026, 11, 30),
            "latest": date(2026, 12, 4),
            "agreed_on": date(2025, 2, 14),
        },
        sample_link("answer", LinkPurpose.ANSWER),
    ),
    email_class=EmailClass.PROGRAM,
    needs_open_ask=True,
    asks_somebody=True,
)
ASK_REMINDERS = ReminderSequence(
    program="asks",
    label=mark("Ask reminders"),
    description=mark("If an ask goes unanswered, one gentle reminder is sent. Any answer stops it."),
    delay_text=mark("%(time)s after the ask"),
    minutes=(3 * DAY,),
    max_emails=2,
    min_distance=DAY,
    max_distance=30 * DAY,
)
ASK_REMINDER = EmailKind(
    name="ask_reminder",
    label=mark("Ask reminder"),
    sent_when=mark("Sent when an ask has gone unanswered for a few days."),
    subject=mark("Just a reminder: {{question}}"),
    group=ASKS,
    fields=(QUESTION, *email_fields.ASK),
    required_links=("answer_link",),
    sample=SampleEmail(
        {
            **sample_emails.SIGNED_ASK,
            "questions": sample_emails.QUESTIONS,
            "agreed_on": date(2025, 2, 14),
        },
        sample_link("answer", LinkPurpose.ANSWER),
    ),
    email_class=EmailClass.PROGRAM,
    needs_open_ask=True,
    reminders=ASK_REMINDERS,
)
ASK_RECEIPT = EmailKind(
    name="ask_receipt",
    label=mark("Answer receipt"),
    sent_when=mark("Sent when an advocate answers an ask."),
    subject="{{receipt}}",
    group=ASKS,
    fields=(
        MergeField(
            "receipt",
            mark("Thank you for saying yes to Initech, or: Noted: not this time for Initech"),
            receipt_subject,
        ),
        *answer_email_fields.RECEIPT,
    ),
    sample=SampleEmail(
        {**sample_emails.ASK, "accepted": True, "slots": [TUESDAY, THURSDAY]},
        sample_link("answer", LinkPurpose.ANSWER),
    ),
)
ASK_WITHDRAWN = EmailKind(
    name="ask_withdrawn",
    label=mark("Ask withdrawn"),
    sent_when=mark("Sent when you withdraw an ask."),
    subject=mark("No longer needed: your help for {{prospect}}"),
    group=ASKS,
    fields=answer_email_fields.WITHDRAWN,
    sample=SampleEmail({**sample_emails.ASK, "reason": "They chose a site visit instead."}, {}),
)
THANKS_OUTCOME = EmailKind(
    name="thanks_outcome",
    label=mark("Thank you"),
    sent_when=mark("Sent to the advocate when the deal behind a call is decided."),
    subject="{{headline}}",
    group=ASKS,
    fields=(
        MergeField(
            "headline", mark("You helped: Initech chose Ledgerworks (by the outcome)"), thanks_subject
        ),
        *answer_email_fields.THANKS_OUTCOME,
    ),
    sample=SampleEmail(
        {**sample_emails.SIGNED_ASK, "outcome": "won", "note": "Your call made the difference."},
        {"impact": PageLink("my/impact")},
    ),
    email_class=EmailClass.PROGRAM,
)
KINDS = (ASK, ASK_REMINDER, ASK_RECEIPT, ASK_WITHDRAWN, THANKS_OUTCOME)


class _AskContent(TypedDict):
    """What an email and its reminder both say."""

    fields: dict[str, EmailFieldValue]
    links: dict[str, SignedLink | PageLink]
    purpose: str


def ask_answered_key(ask: Ask) -> str:
    return f"ask:{ask.id}:answered"


def ask_withdrawn_key(ask: Ask) -> str:
    return f"ask:{ask.id}:withdrawn"


def thanks_key(ask: Ask, request: ReferenceRequest) -> str:
    line = f":{crc32(request.outcome_note.encode())}" if request.outcome_note else ""
    return f"ask:{ask.id}:thanks:{request.outcome}{line}"


def send_ask(session: Session, request: ReferenceRequest, ask: Ask, by: Membership) -> None:
    to, content = advocate_recipient(ask.advocate, by.email), _ask_content(request, ask, by)
    send(session, ASK, to, ask_sent_key(ask), about=about(ask), **content)
    reminders = ensure_default_sequence(session, ASK_REMINDERS)
    start_run(session, reminders, to, about=about(ask), anchor_at=ask.sent_at or utc_now(), **content)


def _ask_content(request: ReferenceRequest, ask: Ask, by: Membership) -> _AskContent:
    said: dict[str, EmailFieldValue] = {"minutes": ask.minutes, "due_on": ask.due_on, "why_you": ask.why_you}
    return {
        "fields": request_fields(request) | said | {"from_name": by.name},
        "links": {"answer": SignedLink(LinkPurpose.ANSWER, ask.id, ask.link_version)},
        "purpose": ask.kind.purpose.value,
    }


def send_receipt(
    session: Session, ask: Ask, request: ReferenceRequest, *, accepted: bool, slots: Sequence[datetime]
) -> None:
    zone = ask.advocate.time_zone
    send(
        session,
        ASK_RECEIPT,
        recipient_of(ask),
        ask_answered_key(ask),
        about=about(ask),
        fields=request_fields(request)
        | {
            "name": ask.advocate.first_name or ask.advocate.name,
            "accepted": accepted,
            "slots": list[FieldValue](slots),
        }
        | ({"time_zone": zone} if zone else {}),
        links={"answer": SignedLink(LinkPurpose.ANSWER, ask.id, ask.link_version)},
    )


def send_ask_withdrawn(session: Session, request: ReferenceRequest, ask: Ask) -> None:
    send(
        session,
        ASK_WITHDRAWN,
        advocate_recipient(ask.advocate),
        ask_withdrawn_key(ask),
        about=about(ask),
        fields=request_fields(request) | {"answered": ask.answered_at is not None},
    )


def send_thanks(session: Session, request: ReferenceRequest, ask: Ask) -> None:
    send(
        session,
        THANKS_OUTCOME,
        advocate_recipient(ask.advocate),
        thanks_key(ask, request),
        about=about(ask),
        fields=request_fields(request)
        | {
            "outcome": request.outcome.value if request.outcome else "",
            "note": request.outcome_note,
            "from_name": request.requester.name,
        },
        links={"impact": PageLink("my/impact")},
        purpose=ask.kind.purpose.value,
    )
