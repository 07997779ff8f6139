"""The email that asks for a consent more, and a link once more to its page."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from portal.advocates.emails import JOINING
from portal.advocates.models import Advocate, ConsentText
from portal.declarations.content_blocks import Quotation
from portal.declarations.email_content import Recipient, SignedLink
from portal.declarations.email_kinds import EmailClass, EmailKind
from portal.declarations.field_makers import link_field, text_field
from portal.declarations.merge_fields import MergeField, MergeFieldType
from portal.declarations.sample_emails import SENDER, WORKSPACE, SampleEmail, sample_link
from portal.declarations.sending import send
from portal.i18n import mark
from portal.links import LinkPurpose
from portal.outreach.consent_requests.eligibility import ConsentCandidate
from portal.outreach.consent_requests.models import ConsentRequest
from portal.outreach.emails import NEW_LINK
from portal.outreach.messages.compose_many import EmailDraft, compose_many
from tenants.clock import utc_now
from tenants.database import tenant
from tenants.models import Membership

FURTHER_PURPOSE = EmailKind(
    name="further_purpose",
    label=mark("Request for another consent"),
    sent_when=mark("Sent when you ask people in the program for another consent, at most once a year each."),
    subject=mark("May we ask you one thing more: {{consent_title}}?"),
    group=JOINING,
    fields=(
        text_field("consent_title", mark("What the recipient may agree to, such as: Surveys and research")),
        MergeField(
            "consent_text",
            mark("The exact words the recipient would agree to"),
            lambda context: Quotation(context["consent_text"]),
            MergeFieldType.BLOCK,
        ),
        link_field("consent", mark("Where the recipient says yes or no")),
    ),
    required_links=("consent_link",),
    sample=SampleEmail(
        {
            "consent_title": "Surveys and research",
            "consent_text": "Ledgerworks may ask me what I think of its products. My answers carry my name.",
            "from_name": SENDER,
            "from_title": WORKSPACE,
        },
        sample_link("consent", LinkPurpose.FURTHER_PURPOSE),
    ),
    email_class=EmailClass.PROGRAM,
)
KINDS = (FURTHER_PURPOSE,)


def further_purpose_key(request_id: UUID) -> str:
    return f"further purpose:{request_id}"


def new_link_key(request: ConsentRequest) -> str:
    return f"{further_purpose_key(request.id)}:link:{request.link_version}:{utc_now():%Y%m%d%H}"


def send_consent_requests(
    session: Session,
    text: ConsentText,
    asked: Sequence[tuple[UUID, ConsentCandidate]],
    by: Membership,
    *,
    bulk: bool,
) -> None:
    fields = {"consent_title": text.title, "consent_text": text.text}
    fields |= {"from_name": by.name, "from_title": tenant(session).name}
    drafts = [
        EmailDraft(
            kind=FURTHER_PURPOSE,
            recipient=Recipient(one.email, one.name, advocate_id=one.id),
            occasion=further_purpose_key(request_id),
            about=(Advocate.__tablename__, one.id),
            fields=fields,
            links={"consent": SignedLink(LinkPurpose.FURTHER_PURPOSE, request_id)},
            purpose=one.basis or "",
            bulk=bulk,
        )
        for request_id, one in asked
    ]
    compose_many(session, drafts)


def send_new_link(session: Session, request: ConsentRequest, advocate: Advocate, title: str) -> None:
    send(
        session,
        NEW_LINK,
        Recipient(advocate.email, advocate.name, advocate_id=advocate.id),
        new_link_key(request),
        about=(Advocate.__tablename__, advocate.id),
        fields={"what": title},
        links={"page": SignedLink(LinkPurpose.FURTHER_PURPOSE, request.id, request.link_version)},
    )
