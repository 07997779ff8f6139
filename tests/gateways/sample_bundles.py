"""Bundles for the tests of the gateways: a text with blanks, and people to read it."""

from dataclasses import replace
from itertools import count
from typing import Any
from uuid import uuid4

from portal.gateways.mail import AddressedEmail, Bundle, MessageTemplate, placeholder

ICS = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"
LINE_ENDS = [
    "\u2028",
    "\u2029",
    "\x85",
    "\v",
    "\f",
    "\x1c",
    "\x1d",
    "\x1e",
    "\r",
    "\n",
]  # as Python counts lines
HELLO, HELLO_HTML = placeholder("name"), placeholder("name_html")
PAPER = MessageTemplate(
    subject=f"Could you talk to Initech, {HELLO}? – Ärger",
    text=f"Hello {HELLO},\n\n.a line that starts with a dot\n.\nbye",
    html=f"<p>Hello {HELLO_HTML}</p>",
)
number = count(1)


def addressed(recipient: str = "", name: str = "Ada", **more: Any) -> AddressedEmail:
    plain = AddressedEmail(
        id=uuid4(),
        recipient=recipient or f"ada{next(number)}@example.com",
        recipient_name=f"{name} Lindqvist",
        substitutions={HELLO: name, HELLO_HTML: name.replace("&", "&amp;").replace("<", "&lt;")},
    )
    return replace(plain, **more)


def bundle(*emails: AddressedEmail, **more: Any) -> Bundle:
    plain = Bundle(
        tenant_id=uuid4(),
        sender_name="Ledgerworks",
        sender="emails@goodword.example",
        template=PAPER,
        emails=emails or (addressed(),),
    )
    return replace(plain, **more)
