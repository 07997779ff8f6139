"""The emails of the ledger, the same for every program: an advocate's question, and a link once more.

What invites, reminds, confirms and thanks is each program's own.
"""

from uuid import UUID
from zlib import crc32

from sqlalchemy.orm import Session

from portal.advocates.asked_person import Askable
from portal.advocates.emails import TEAM_NOTIFICATIONS
from portal.asks.models import Ask
from portal.asks.summaries import summary_of
from portal.declarations.email_content import About, PageLink, Recipient, SignedLink
from portal.declarations.email_kinds import EmailKind
from portal.declarations.field_makers import external_quotation_field, link_field, text_field
from portal.declarations.merge_fields import MergeContext, MergeField
from portal.declarations.sample_emails import SampleEmail
from portal.declarations.sending import send
from portal.i18n import mark
from portal.links import LinkPurpose
from portal.outreach.emails import NEW_LINK
from tenants.clock import utc_now
from tenants.models import Membership


def advocate(context: MergeContext) -> str:
    return context.person_name("advocate") or context.translate(mark("An advocate"))


ASK_QUESTION = EmailKind(
    name="ask_question",
    label=mark("Notice: a question about an ask"),
    sent_when=mark("Sent to whoever asked when an advocate has a question before answering."),
    subject=mark("{{advocate}} has a question before answering"),
    group=TEAM_NOTIFICATIONS,
    fields=(
        MergeField("advocate", mark("Who has a question"), advocate),
        text_field("asked", mark("What they were asked, such as: Could you talk to Initech for 20 minutes?")),
        external_quotation_field("question", mark("The question in their own words")),
        link_field("person", mark("The person’s page")),
    ),
    required_links=("person_link",),
    sample=SampleEmail(
        {
            "advocate": "Ada Lindqvist",
            "asked": "Could you talk to Initech for 20 minutes?",
            "question": "Will anyone from their IT team be on the call?",
        },
        {"person": PageLink("advocates")},
    ),
    is_to_members=True,
)
KINDS = (ASK_QUESTION,)


def about(ask: Ask) -> About:
    return Ask.__tablename__, ask.id


def ask_sent_key(ask: Ask) -> str:
    """Of the email that asks, whatever the program: the time to answer runs from its leaving."""
    return sent_key(ask.id)


def sent_key(ask_id: UUID) -> str:
    return f"ask:{ask_id}:sent"


def question_key(ask: Ask, question: str) -> str:
    return f"ask:{ask.id}:question:{crc32(question.encode())}"


def new_link_key(ask: Ask) -> str:
    return f"ask:{ask.id}:link:{ask.link_version}:{utc_now():%Y%m%d%H}"


def recipient_of(ask: Ask) -> Recipient:
    asker = ask.sent_by
    reply_to = asker.email if asker is not None and asker.is_active else ""
    return Recipient(ask.advocate.email, ask.advocate.name, advocate_id=ask.advocate_id, reply_to=reply_to)


def recipient_of_many(advocate: Askable, by: Membership | None) -> Recipient:
    """As `recipient_of`, of a new ask; a name from before names were one line stops nobody else's email."""
    name = " ".join(advocate.name.split())
    return Recipient(
        advocate.email,
        name,
        advocate_id=advocate.id,
        reply_to=by.email if by else "",
        of_advocate=(advocate.link_version, advocate.time_zone),
    )


def send_question(session: Session, ask: Ask, question: str, to: Membership) -> None:
    send(
        session,
        ASK_QUESTION,
        Recipient(to.email, to.name, user_id=to.user_id, reply_to=ask.advocate.email),
        question_key(ask, question),
        about=about(ask),
        fields={
            "name": to.name,
            "advocate": ask.advocate.name,
            "asked": summary_of(session, ask).question,
            "question": question,
        },
        links={"person": PageLink(f"advocates/{ask.advocate_id}")},
    )


def send_new_link(session: Session, ask: Ask) -> None:
    send(
        session,
        NEW_LINK,
        recipient_of(ask),
        new_link_key(ask),
        about=about(ask),
        fields={
            "name": ask.advocate.first_name or ask.advocate.name,
            "phrase": summary_of(session, ask).link_phrase.name,
            "whom": ask.helps_name,
        },
        links={"page": SignedLink(LinkPurpose.ANSWER, ask.id, ask.link_version)},
    )
