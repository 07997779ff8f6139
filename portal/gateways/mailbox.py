"""The local mailbox of demo and development: a table. It takes a letter once by its id, in its own transaction."""

from collections.abc import Sequence

from sqlalchemy.dialects.postgresql import insert

from portal.gateways.mail import (
    Bundle,
    OutgoingLetter,
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
        rows = [_row(letter) for letter in personalized(bundle)]
        if rows:
            with system_session() as session:
                session.execute(insert(MailboxEmail).on_conflict_do_nothing(), rows)
        return [SendResult(letter.id, SendOutcome.ACCEPTED) for letter in bundle.letters]


def _row(letter: OutgoingLetter) -> dict[str, object]:
    return {
        "id": letter.id,
        "created_at": utc_now(),
        "tenant_id": letter.tenant_id,
        "sender": f"{letter.sender_name} <{letter.sender}>",
        "recipient": letter.recipient,
        "recipient_norm": normalize_email(letter.recipient),
        "subject": letter.subject,
        "text": letter.text,
        "html": letter.html,
        "headers": _headers(letter),
        "calendar": letter.calendar,
    }


def _headers(letter: OutgoingLetter) -> dict[str, str]:
    to = {"To": f"{letter.recipient_name} <{letter.recipient}>".strip()}
    return (
        to
        | ({"Reply-To": letter.reply_to} if letter.reply_to else {})
        | unsubscribe_headers(letter.unsubscribe)
    )
