"""Does SendGrid let this key send from this address? Asked with a letter that SendGrid only checks and never sends."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from sendgrid.helpers.mail import Email, Mail, MailSettings, PlainTextContent, SandBoxMode, To

from portal.gateways.http import Answer, NoAnswer, NotDelivered
from portal.gateways.sendgrid import words_of

SUBJECT = "Does this key work?"
BUSY, BROKEN = 429, 500


class Trial(StrEnum):
    WORKS = "works"
    REFUSED = "refused"
    UNHEARD = "unheard"  # SendGrid was away, or busy


@dataclass(frozen=True)
class Tried:
    """`said`: SendGrid's own words, or what kept us from hearing any."""

    trial: Trial
    said: str = ""


def try_key(call: Callable[[bytes], Answer], address: str) -> Tried:
    """`call`: a SendGrid gateway's. Nothing is sent to anybody, whatever the answer."""
    try:
        answer = call(_letter(address))
    except (NotDelivered, NoAnswer) as away:
        return Tried(Trial.UNHEARD, str(away))
    if answer.status < 300:
        return Tried(Trial.WORKS)
    trial = Trial.UNHEARD if answer.status == BUSY or answer.status >= BROKEN else Trial.REFUSED
    return Tried(trial, words_of(answer) or str(answer.status))


def _letter(address: str) -> bytes:
    """From the address to itself, in SendGrid's sandbox."""
    mail = Mail(Email(address), To(address), SUBJECT, PlainTextContent(SUBJECT))
    mail.mail_settings = MailSettings(sandbox_mode=SandBoxMode(enable=True))
    return json.dumps(mail.get()).encode()
