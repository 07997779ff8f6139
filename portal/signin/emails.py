"""The email that lets somebody in."""

from sqlalchemy.orm import Session

from portal.declarations.content_blocks import VerificationCode
from portal.declarations.email_content import Recipient, SignedLink
from portal.declarations.email_kinds import EmailGroup, EmailKind
from portal.declarations.field_makers import link_field
from portal.declarations.merge_fields import MergeContext, MergeField, MergeFieldType
from portal.declarations.sample_emails import SampleEmail, sample_link
from portal.declarations.sending import send
from portal.gateways.queue import WorkQueue
from portal.i18n import mark
from portal.links import LinkPurpose
from tenants.models import SignInRequest, User

SIGNING_IN = EmailGroup(mark("Signing in"), 60)


def code(context: MergeContext) -> VerificationCode:
    return VerificationCode(context.link_code("sign_in"))


SIGN_IN = EmailKind(
    name="sign_in",
    label=mark("Sign-in"),
    sent_when=mark("Sent when someone asks for a sign-in link."),
    subject=mark("Sign in to {{workspace}}"),
    group=SIGNING_IN,
    fields=(
        MergeField("code", mark("The code to enter on another device"), code, MergeFieldType.BLOCK),
        link_field("sign_in", mark("Signs the recipient in, once")),
    ),
    required_links=("sign_in_link",),
    sample=SampleEmail({}, sample_link("sign_in", LinkPurpose.SIGN_IN)),
    is_shown_to_staff=False,
    is_to_members=True,
    is_time_sensitive=True,
    queue=WorkQueue.SIGN_IN,
)
KINDS = (SIGN_IN,)


def sign_in_key(asked: SignInRequest) -> str:
    return f"sign_in:{asked.id}" + (f":{asked.email_count}" if asked.email_count > 1 else "")


def send_sign_in_link(session: Session, asked: SignInRequest, user: User) -> None:
    send(
        session,
        SIGN_IN,
        Recipient(user.email, user.name, user_id=user.id),
        sign_in_key(asked),
        links={"sign_in": SignedLink(LinkPurpose.SIGN_IN, asked.id)},
    )
