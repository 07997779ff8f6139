"""A letter as an e-mail (RFC 5322, 2045, 6047): text and HTML as alternatives, a calendar file where there is one."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime

from portal.gateways.mail import OutgoingLetter, unsubscribe_headers
from portal.text import is_one_line
from tenants.clock import utc_now
from tenants.email_addresses import ascii_domain


class InvalidHeader(ValueError):
    """A name, subject or address that would write headers of its own, or that is no address."""


def to_mime(letter: OutgoingLetter) -> EmailMessage:
    """Raises BadHeader."""
    on_top = (letter.subject, letter.sender_name, letter.sender, letter.recipient_name, letter.recipient)
    require_one_line(*on_top, letter.reply_to)
    message = EmailMessage(policy=SMTPUTF8 if needs_smtputf8(letter) else SMTP)
    message["From"] = address(letter.sender_name, letter.sender)
    message["To"] = address(letter.recipient_name, letter.recipient)
    if letter.reply_to:
        message["Reply-To"] = address("", letter.reply_to)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(utc_now())
    message["Message-ID"] = f"<{letter.id}@{address('', letter.sender).domain}>"
    message["Auto-Submitted"] = "auto-generated"
    for name, value in unsubscribe_headers(letter.unsubscribe).items():
        message[name] = value
    _add_content(message, letter)
    return message


def require_one_line(*texts: str) -> None:
    if not all(map(is_one_line, texts)):
        raise InvalidHeader("A name, subject or address holds a line break.")


def needs_smtputf8(letter: OutgoingLetter) -> bool:
    """Does any address need a server that speaks SMTPUTF8? Without it Python would write a mangled one."""
    specs = (letter.sender, letter.recipient, letter.reply_to)
    return not all(spec.rpartition("@")[0].isascii() for spec in specs)


def address(name: str, spec: str) -> Address:
    """Domains travel in ASCII (UTS 46); what stands before the @ is taken as it is. Raises BadHeader."""
    user, _, domain = spec.strip().rpartition("@")
    try:
        if not (user and domain and is_one_line(user)):
            raise ValueError(spec)
        return Address(name, user, ascii_domain(domain))
    except (ValueError, IndexError) as wrong:
        raise InvalidHeader(f"“{spec}” is not an address that mail can go to.") from wrong


def _add_content(message: EmailMessage, letter: OutgoingLetter) -> None:
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    if letter.calendar:
        method = letter.calendar_method
        message.add_alternative(letter.calendar, subtype="calendar", params={"method": method})
        name = "cancelled.ics" if method == "CANCEL" else "invitation.ics"
        message.add_attachment(letter.calendar.encode(), maintype="application", subtype="ics", filename=name)
