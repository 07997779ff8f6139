"""The local mailbox of demo and development: a table. It takes an email once by its id, in its own transaction."""

from collections.abc import Sequence

from sqlalchemy.dialects.postgresql import insert

from portal.gateways.mail import (
    Bundle,
    OutgoingEmail,
    SendOutcome,
    SendResult,
    UnknownResolution,
    personalized,
    unsubscribe_headers,
)
from tenants.clock import utc_now
from tenants.database import system_session
from tenants.email_addresses import normalize_email
from tenants.models import MailboxEmail


class MailboxGateway:
    name: str = "mailbox"
    account: str = ""
    unknown_resolution: UnknownResolution = UnknownResolution.RETRY
    max_batch: int = 100

    def send(self, bundle: Bundle, *, seconds: float) -> Sequence[SendResult]:
        rows = [_row(email) for email in personalized(bundle)]
        if rows:
            with system_session() as session:
                session.execute(insert(MailboxEmail).on_conflict_do_nothing(), rows)
        return [SendResult(email.id, SendOutcome.ACCEPTED) for email in bundle.emails]


def _row(email: OutgoingEmail) -> dict[str, object]:
    return {
        "id": email.id,
        "created_at": utc_now(),
        "tenant_id": email.tenant_id,
        "sender": f"{email.sender_name} <{email.sender}>",
        "recipient": email.recipient,
        "recipient_norm": normalize_email(email.recipient),
        "subject": email.subject,
        "text": email.text,
        "html": email.html,
        "headers": _headers(email),
        "calendar": email.calendar,
    }


def _headers(email: OutgoingEmail) -> dict[str, str]:
    to = {"To": f"{email.recipient_name} <{email.recipient}>".strip()}
    return (
        to | ({"Reply-To": email.reply_to} if email.reply_to else {}) | unsubscribe_headers(email.unsubscribe)
    )
