"""Emails as SendGrid takes them: one text for up to 1,000 readers, or one email by itself with its blanks filled.

What is the same for all readers is built with SendGrid's own classes, once a call. What differs from reader to reader
is plain dicts: a class for each of 1,000 readers would take five times as long.
"""

import base64
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from sendgrid.helpers.mail import (
    Attachment,
    ClickTracking,
    Disposition,
    FileContent,
    FileName,
    FileType,
    HtmlContent,
    Mail,
    OpenTracking,
    PlainTextContent,
    SubscriptionTracking,
    TrackingSettings,
)
from sendgrid.helpers.mail import Email as SendGridEmail

from portal.gateways import email_ids
from portal.gateways.mail import (
    CALENDAR_FILE_NAMES,
    PLACEHOLDER,
    AddressedEmail,
    Bundle,
    MessageTemplate,
    OutgoingEmail,
    personalize,
    unsubscribe_headers,
)
from portal.gateways.mime import InvalidHeader, address, require_one_line

MAX_CALL_BYTES = 30 * 1000 * 1000  # bytes of a whole call
MAX_SUBSTITUTION_BYTES = 10_000  # bytes of the substitutions of one reader
OUR_ARGUMENT = "gw"  # SendGrid gives it back with every event
PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
NOT_ASCII = (
    "SendGrid doesn’t deliver to addresses outside plain ASCII before the @. Nothing was sent to “{spec}”."
)


class SendGridRecipient(NamedTuple):
    """An email whose address and name were looked at. `is_alone`: it has something no other email may have."""

    email: AddressedEmail
    to: Mapping[str, str]
    is_single: bool


@dataclass(frozen=True)
class PlaceholderSet:
    """The placeholders of a template: looked up once, not once for each recipient."""

    tags: frozenset[str]
    in_subject: Sequence[str]  # those of the subject

    @classmethod
    def of(cls, template: MessageTemplate) -> "PlaceholderSet":
        tags = PLACEHOLDER.findall(template.subject + template.text + template.html)
        return cls(frozenset(tags), sorted(set(PLACEHOLDER.findall(template.subject))))

    def recipient(self, email: AddressedEmail) -> SendGridRecipient:
        if not self.tags <= email.substitutions.keys():
            raise InvalidHeader("A field of this email has no value.")
        require_one_line(email.recipient_name, *(email.substitutions[tag] for tag in self.in_subject))
        to = {"email": _sendgrid_address(email.recipient)}
        if email.recipient_name:
            to["name"] = email.recipient_name
        return SendGridRecipient(email, to, bool(email.calendar) or _is_too_large(email.substitutions))


def shared_body(bundle: Bundle, template: MessageTemplate | OutgoingEmail) -> dict[str, Any]:
    """Build the body without recipients. Raise InvalidHeader, and what SendGrid's classes raise."""
    require_one_line(bundle.sender_name, template.subject)
    mail = Mail(
        from_email=SendGridEmail(_sendgrid_address(bundle.sender), bundle.sender_name),
        subject=template.subject,
        plain_text_content=PlainTextContent(template.text),
        html_content=HtmlContent(template.html),
    )
    if bundle.reply_to:
        mail.reply_to = SendGridEmail(_sendgrid_address(bundle.reply_to))
    mail.tracking_settings = TrackingSettings(
        ClickTracking(bundle.tracked, enable_text=False),
        OpenTracking(bundle.tracked),
        SubscriptionTracking(enable=False),
    )
    return dict(mail.get())


def batch_body(shared: Mapping[str, Any], tenant_id: UUID, readers: Iterable[SendGridRecipient]) -> bytes:
    return _encode({**shared, "personalizations": [_personalization(tenant_id, one) for one in readers]})


def single_body(bundle: Bundle, one: SendGridRecipient) -> bytes:
    email = personalize(bundle, one.email)
    person = _personalization(bundle.tenant_id, one)
    del person["substitutions"]
    files = {"attachments": [_calendar(email).get()]} if email.calendar else {}
    return _encode({**shared_body(bundle, email), **files, "personalizations": [person]})


def split_repeated_recipients(readers: Sequence[SendGridRecipient]) -> list[list[SendGridRecipient]]:
    """Split recipients into calls in which nobody is written to twice."""
    found: list[list[SendGridRecipient]] = []
    seen: dict[str, int] = {}
    for one in readers:
        address = one.to["email"].lower()
        number = seen[address] = seen.get(address, -1) + 1
        if number == len(found):
            found.append([])
        found[number].append(one)
    return found


def _personalization(tenant_id: UUID, one: SendGridRecipient) -> dict[str, Any]:
    email = one.email
    made = {
        "to": [one.to],
        "substitutions": email.substitutions,
        "custom_args": {OUR_ARGUMENT: email_ids.encode(tenant_id, email.id)},
    }
    if email.unsubscribe:
        made["headers"] = unsubscribe_headers(email.unsubscribe)
    return made


def _calendar(email: OutgoingEmail) -> Attachment:
    name = CALENDAR_FILE_NAMES.get(email.calendar_method, CALENDAR_FILE_NAMES["REQUEST"])
    kind = f"text/calendar; method={email.calendar_method}" if email.calendar_method else "text/calendar"
    content = base64.b64encode(email.calendar.encode()).decode()
    return Attachment(FileContent(content), FileName(name), FileType(kind), Disposition("attachment"))


def _encode(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")


def _is_too_large(blanks: Mapping[str, str]) -> bool:
    signs = sum(map(len, blanks)) + sum(map(len, blanks.values()))
    if signs * 4 <= MAX_SUBSTITUTION_BYTES:  # no sign takes more than four bytes
        return False
    return (
        sum(len(each.encode(errors="replace")) for pair in blanks.items() for each in pair)
        > MAX_SUBSTITUTION_BYTES
    )


def _sendgrid_address(spec: str) -> str:
    """Nearly all addresses are plain; the others are looked at closely, which takes its time.

    SendGrid says yes to emails outside ASCII before the @ and drops the email afterwards.
    """
    if PLAIN_ADDRESS.fullmatch(spec):
        return spec
    plain = address("", spec).addr_spec
    if not plain.isascii():
        raise InvalidHeader(NOT_ASCII.format(spec=spec))
    return plain
