"""Does SendGrid let this key send from this address? Asked with an email that SendGrid only checks and never sends."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from sendgrid.helpers.mail import Email as SendGridEmail
from sendgrid.helpers.mail import Mail, MailSettings, PlainTextContent, SandBoxMode, To

from portal.gateways.http import HttpAnswer, RequestNotSent, ResponseUnknown
from portal.gateways.sendgrid import error_messages

SUBJECT = "Does this key work?"
RATE_LIMITED, SERVER_ERROR = 429, 500


class KeyResult(StrEnum):
    WORKS = "works"
    REFUSED = "refused"
    NO_ANSWER = "unheard"  # SendGrid was away, or busy


@dataclass(frozen=True)
class KeyCheckResult:
    """`said`: SendGrid's own words, or what kept us from hearing any."""

    result: KeyResult
    message: str = ""


def check_key(call: Callable[[bytes], HttpAnswer], address: str) -> KeyCheckResult:
    try:
        answer = call(_sandbox_email(address))
    except (RequestNotSent, ResponseUnknown) as away:
        return KeyCheckResult(KeyResult.NO_ANSWER, str(away))
    if answer.status < 300:
        return KeyCheckResult(KeyResult.WORKS)
    trial = (
        KeyResult.NO_ANSWER
        if answer.status == RATE_LIMITED or answer.status >= SERVER_ERROR
        else KeyResult.REFUSED
    )
    return KeyCheckResult(trial, error_messages(answer) or str(answer.status))


def _sandbox_email(address: str) -> bytes:
    """From the address to itself, in SendGrid's sandbox."""
    mail = Mail(SendGridEmail(address), To(address), SUBJECT, PlainTextContent(SUBJECT))
    mail.mail_settings = MailSettings(sandbox_mode=SandBoxMode(enable=True))
    return json.dumps(mail.get()).encode()
