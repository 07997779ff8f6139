"""What every mail gateway takes, and what it says about each email.

Emails of one text leave together: the text once, with placeholders where recipients differ, and for each recipient what
replaces them. A gateway that can send many at a time passes both on; the others personalize the text themselves.
"""

import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol
from uuid import UUID

NONCE = secrets.token_hex(4)  # nobody who types a name can guess what a placeholder looks like
PLACEHOLDER = re.compile(rf"gw{NONCE}-[a-z0-9-]+?-gw")
CALENDAR_FILE_NAMES = {"REQUEST": "invitation.ics", "CANCEL": "cancelled.ics"}  # by the method of RFC 5546


def placeholder(name: str) -> str:
    return f"gw{NONCE}-{name.replace('_', '-')}-gw"


@dataclass(frozen=True, kw_only=True)
class MessageTemplate:
    """A text with placeholders; HTML and plain text have their own, already escaped for each."""

    subject: str
    text: str
    html: str


@dataclass(kw_only=True, slots=True)  # not frozen: that costs four times as much, and there are many
class AddressedEmail:
    """One recipient. `substitutions`: every placeholder of the template, and what replaces it. They hold live links."""

    id: UUID
    recipient: str
    recipient_name: str
    substitutions: Mapping[str, str]
    unsubscribe: str = ""  # the one-click address (RFC 8058); empty for what somebody asked for
    calendar: str = ""  # the .ics
    calendar_method: str = ""  # REQUEST or CANCEL


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """Emails of one workspace and one text. Never logged and never stored: it holds live links."""

    tenant_id: UUID
    sender_name: str
    sender: str
    reply_to: str = ""
    template: MessageTemplate
    emails: Sequence[AddressedEmail]
    tracked: bool = False  # may opens and clicks be counted?


@dataclass(frozen=True, kw_only=True)
class OutgoingEmail:
    """An email with every blank filled, for gateways that take one at a time."""

    id: UUID
    tenant_id: UUID
    sender_name: str
    sender: str
    reply_to: str = ""
    recipient_name: str
    recipient: str
    subject: str
    text: str
    html: str
    unsubscribe: str = ""
    calendar: str = ""
    calendar_method: str = ""


def personalized(bundle: Bundle) -> Iterator[OutgoingEmail]:
    for email in bundle.emails:
        yield personalize(bundle, email)


def personalize(bundle: Bundle, email: AddressedEmail) -> OutgoingEmail:
    template, blanks = bundle.template, email.substitutions
    return OutgoingEmail(
        id=email.id,
        tenant_id=bundle.tenant_id,
        sender_name=bundle.sender_name,
        sender=bundle.sender,
        reply_to=bundle.reply_to,
        recipient_name=email.recipient_name,
        recipient=email.recipient,
        subject=substitute(template.subject, blanks),
        text=substitute(template.text, blanks),
        html=substitute(template.html, blanks),
        unsubscribe=email.unsubscribe,
        calendar=email.calendar,
        calendar_method=email.calendar_method,
    )


def substitute(text: str, blanks: Mapping[str, str]) -> str:
    """Fill each tag once: what a person typed is never read as a tag."""
    return PLACEHOLDER.sub(lambda found: blanks[found[0]], text)


def unsubscribe_headers(address: str) -> dict[str, str]:
    """Return headers (RFC 2369, RFC 8058) for a button that posts to the address, without a browser."""
    if not address:
        return {}
    return {"List-Unsubscribe": f"<{address}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


class SendOutcome(StrEnum):
    ACCEPTED = "accepted"
    REFUSED = "refused"  # for good: another try would end the same
    RETRY = "retry"  # not taken, that is certain; later perhaps
    UNKNOWN = "unknown"  # nobody can say whether it was taken


class SendResult(NamedTuple):
    email_id: UUID
    outcome: SendOutcome
    reason: str = ""  # in words, for the manager who looks at the email
    provider_id: str = ""
    retry_after: float = 0  # seconds the provider asked us to wait before another try


class UnknownResolution(StrEnum):
    """How an email whose fate is unknown is settled. Never by a blind second sending."""

    RETRY = "again"  # the gateway takes an email once by its id, so trying again is safe
    PERSON = "person"  # nobody but a person can decide
    DELIVERY_EVENTS = "delivery_events"
    """The provider tells us afterwards; silence while later emails are heard of means: not taken."""


UNKNOWN_RESOLUTIONS = {
    "mailbox": UnknownResolution.RETRY,
    "sendgrid": UnknownResolution.DELIVERY_EVENTS,
    "smtp": UnknownResolution.PERSON,
}  # by the gateway's name


class MailGateway(Protocol):
    name: str
    account: str  # tells accounts at one provider apart; no secret
    unknown_resolution: UnknownResolution
    max_batch: int  # emails a call

    def send(self, bundle: Bundle, *, seconds: float) -> Sequence[SendResult]:
        """Return a result for every email; begin none after `seconds`. Raising or silence leaves it unknown."""
        ...
