"""The email that invites a colleague."""

from sqlalchemy.orm import Session

from portal.declarations.content_blocks import FactTable
from portal.declarations.email_content import Recipient, SignedLink
from portal.declarations.email_kinds import EmailKind
from portal.declarations.field_makers import colleague_field, link_field
from portal.declarations.merge_fields import MergeContext, MergeField, MergeFieldType
from portal.declarations.sample_emails import SENDER, SampleEmail, sample_link
from portal.declarations.sending import send
from portal.i18n import mark
from portal.links import LinkPurpose
from portal.role_labels import ROLE_LABELS
from portal.signin.emails import SIGNING_IN
from tenants.models import Membership, Role


def roles(context: MergeContext) -> str:
    return ", ".join(context["roles"])


def facts(context: MergeContext) -> FactTable:
    return FactTable(
        (
            (context.translate(mark("Workspace")), context.workspace),
            (context.translate(mark("Your role")), roles(context)),
        )
    )


MEMBER_INVITATION = EmailKind(
    name="member_invitation",
    label=mark("Invitation for a colleague"),
    sent_when=mark("Sent when you invite a colleague."),
    subject=mark("{{invited_by}} invites you to {{workspace}}"),
    group=SIGNING_IN,
    fields=(
        colleague_field("invited_by", mark("Who invites")),
        MergeField("roles", mark("The recipient’s role, such as: Sales rep, Program manager"), roles),
        MergeField("facts", mark("The workspace and the recipient’s role"), facts, MergeFieldType.BLOCK),
        link_field("member", mark("Where the recipient accepts")),
    ),
    required_links=("member_link",),
    sample=SampleEmail(
        {"invited_by": SENDER, "roles": ["Sales rep", "Program manager"]},
        sample_link("member", LinkPurpose.MEMBER),
    ),
    signature_field="invited_by",
    is_to_members=True,
)
KINDS = (MEMBER_INVITATION,)


def member_invitation_key(member: Membership) -> str:
    return f"member:{member.id}:{member.link_version}"


def send_member_invitation(session: Session, member: Membership, invited_by: str) -> None:
    send(
        session,
        MEMBER_INVITATION,
        Recipient(member.email, member.name, user_id=member.user_id),
        member_invitation_key(member),
        about=(Membership.__tablename__, member.id),
        fields={"invited_by": invited_by, "roles": [ROLE_LABELS[Role(role)] for role in member.roles]},
        links={"member": SignedLink(LinkPurpose.MEMBER, member.id, member.link_version)},
    )
