"""What a person finds in the newest sign-in email, without waiting for the mail."""

from dataclasses import dataclass

from sqlalchemy import select

from portal import links
from portal.links import LinkPurpose
from portal.signin.codes import code_of
from tenants.database import system_session
from tenants.email_addresses import normalize_email
from tenants.models import SignInRequest


@dataclass(frozen=True)
class Email:
    link: str
    code: str
    wrong_code: str


def newest_request(email: str) -> SignInRequest:
    newest = select(SignInRequest).where(SignInRequest.email_norm == normalize_email(email))
    with system_session(read_only=True) as session:
        return session.scalars(newest.order_by(SignInRequest.id.desc()).limit(1)).one()


def newest(email: str) -> Email:
    asked = newest_request(email)
    assert asked.tenant_id is not None
    code = code_of(asked)
    token = links.token(LinkPurpose.SIGN_IN, asked.tenant_id, asked.id)
    return Email(f"/sign-in/link/{token}", code, wrong_code=("B" if code[0] == "A" else "A") + code[1:])
