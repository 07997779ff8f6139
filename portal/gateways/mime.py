"""Builds the message of an email (RFC 5322, 2045, 6047): text, HTML and a calendar file, if any."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime

from portal.gateways.mail import CALENDAR_FILE_NAMES, OutgoingEmail, unsubscribe_headers
from portal.text import is_one_line
from tenants.clock import utc_now
from tenants.email_addresses import ascii_domain


class InvalidHeader(ValueError):
    """A name, subject or address that would write headers of its own, or that is no address."""


def to_mime(email: OutgoingEmail) -> EmailMessage:
    on_top = (email.subject, email.sender_name, email.sender, email.recipient_name, email.recipient)
    require_one_line(*on_top, email.reply_to)
    message = EmailMessage(policy=SMTPUTF8 if needs_smtputf8(email) else SMTP)
    message["From"] = address(email.sender_name, email.sender)
    message["To"] = address(email.recipient_name, email.recipient)
    if email.reply_to:
        message["Reply-To"] = address("", email.reply_to)
    message["Subject"] = email.subject
    message["Date"] = format_datetime(utc_now())
    message["Message-ID"] = f"<{email.id}@{address('', email.sender).domain}>"
    message["Auto-Submitted"] = "auto-generated"
    for name, value in unsubscribe_headers(email.unsubscribe).items():
        message[name] = value
    _add_content(message, email)
    return message


def require_one_line(*texts: str) -> None:
    if not all(map(is_one_line, texts)):
        raise InvalidHeader("A name, subject or address contains a line break.")


def needs_smtputf8(email: OutgoingEmail) -> bool:
    """Tell whether an address needs SMTPUTF8; without it Python would write a mangled one."""
    specs = (email.sender, email.recipient, email.reply_to)
    return not all(spec.rpartition("@")[0].isascii() for spec in specs)


def address(name: str, spec: str) -> Address:
    """Write an address with its domain in ASCII (UTS 46) and the rest as it is. Raise InvalidHeader."""
    user, _, domain = spec.strip().rpartition("@")
    try:
        if not (user and domain and is_one_line(user)):
            raise ValueError(spec)
        return Address(name, user, ascii_domain(domain))
    except (ValueError, IndexError) as wrong:
        raise InvalidHeader(f"“{spec}” is not an address that mail can go to.") from wrong


def _add_content(message: EmailMessage, email: OutgoingEmail) -> None:
    message.set_content(email.text)
    message.add_alternative(email.html, subtype="html")
    if email.calendar:
        method = email.calendar_method
        message.add_alternative(email.calendar, subtype="calendar", params={"method": method})
        name = CALENDAR_FILE_NAMES.get(method, CALENDAR_FILE_NAMES["REQUEST"])
        message.add_attachment(email.calendar.encode(), maintype="application", subtype="ics", filename=name)
