"""SMTP: TLS, a login, one connection kept open. It knows no email by its id, so a person resolves the unknown."""

import re
import smtplib
import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from email.errors import MessageError
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from portal.gateways.mail import (
    AddressedEmail,
    Bundle,
    OutgoingEmail,
    SendOutcome,
    SendResult,
    UnknownResolution,
    personalize,
)
from portal.gateways.mime import InvalidHeader, address, needs_smtputf8, to_mime

TIMEOUT = 15.0  # seconds to connect and for each answer
PORTS = {"smtp": 587, "smtps": 465}
LOCAL = {"localhost", "127.0.0.1", "::1"}
CONNECTION_ERRORS = (OSError, smtplib.SMTPException, ValueError)  # the last: a login that is not plain ASCII
UNREACHABLE = "We couldn’t reach the mail server: {said}"
SENDER_REJECTED = (
    "The mail server rejects everything we send. Nothing was sent; an admin should check our login there "
    "and the sender’s address. It said: {said}"
)
SERVER_SAID = "The mail server said: {said}"
BATCH_TIMEOUT = "The mail server was too slow for this batch."
NO_FINAL_REPLY = (
    "The mail server stopped responding while it was accepting the email ({said}). It may have arrived."
)
UNCLEAR_REPLY = "The mail server didn’t say whether it accepted the email ({said}). It may have arrived."
LINE_ENDS, DOTS = re.compile(rb"\r\n|\r|\n"), re.compile(rb"(?m)^\.")


@dataclass(frozen=True)
class SmtpAddress:
    """What MAIL_URL says: smtp://user:password@host:587 (STARTTLS) or smtps://… (TLS from the first byte)."""

    host: str
    port: int
    user: str
    password: str
    tls: str  # "whole", "starttls" or "off" (only to this machine, or by ?tls=off)

    @classmethod
    def parse(cls, url: str) -> "SmtpAddress":
        parts = urlsplit(url)
        host = parts.hostname or ""
        return cls(
            host,
            parts.port or PORTS[parts.scheme],
            unquote(parts.username or ""),
            unquote(parts.password or ""),
            _tls(parts, host),
        )


def _tls(parts: SplitResult, host: str) -> str:
    mode = parse_qs(parts.query).get("tls", ["off" if host in LOCAL else "starttls"])[-1]
    if mode not in {"starttls", "off"}:
        raise ValueError("MAIL_URL takes ?tls=starttls or ?tls=off, nothing else.")
    return "whole" if parts.scheme == "smtps" else mode


class NotAccepted(Exception):
    """The server answered, or could not be asked: this email was certainly not taken."""

    def __init__(self, verdict: SendOutcome, why: str) -> None:
        super().__init__(why)
        self.outcome, self.reason = verdict, why


class SenderRejected(NotAccepted):
    """The server refuses us and not a reader: what is true of this email is true of all that would follow."""


class SmtpGateway:
    name: str = "smtp"
    account: str = ""
    unknown_resolution: UnknownResolution = UnknownResolution.PERSON
    max_batch: int = 20

    def __init__(self, url: str, *, timeout: float = TIMEOUT) -> None:
        self.address, self.timeout = SmtpAddress.parse(url), timeout
        self.connection: smtplib.SMTP | None = None

    def send(self, bundle: Bundle, *, seconds: float) -> Sequence[SendResult]:
        return list(self._receipts(bundle, time.monotonic() + seconds))

    def close(self) -> None:
        if self.connection is not None:
            with suppress(smtplib.SMTPException, OSError):
                self.connection.quit()
        self.connection = None

    def _receipts(self, bundle: Bundle, until: float) -> Iterator[SendResult]:
        for number, email in enumerate(bundle.emails):
            try:
                if time.monotonic() > until:
                    raise NotAccepted(SendOutcome.RETRY, BATCH_TIMEOUT)
                yield self._send(*_encode(bundle, email))
            except SenderRejected as refusal:
                yield from (
                    SendResult(one.id, refusal.outcome, refusal.reason) for one in bundle.emails[number:]
                )
                return
            except NotAccepted as refusal:
                yield SendResult(email.id, refusal.outcome, refusal.reason)

    def _send(self, email: OutgoingEmail, content: bytes) -> SendResult:
        try:
            smtp = self._open_connection()
            self._envelope(smtp, email)
        except CONNECTION_ERRORS as away:
            self.drop()
            raise _before_content(away) from away
        return self._send_content(smtp, email, content)

    def _open_connection(self) -> smtplib.SMTP:
        """The open connection, checked by a NOOP, else a new one."""
        if self.connection is not None:
            with suppress(smtplib.SMTPException, OSError):
                if self.connection.noop()[0] == 250:
                    return self.connection
            self.drop()
        self.connection = self._connect()
        return self.connection

    def _connect(self) -> smtplib.SMTP:
        to, tls = self.address, ssl.create_default_context()
        if to.tls == "whole":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(to.host, to.port, timeout=self.timeout, context=tls)
        else:
            smtp = smtplib.SMTP(to.host, to.port, timeout=self.timeout)
        try:
            if to.tls == "starttls":
                smtp.starttls(context=tls)
            if to.user:
                smtp.login(to.user, to.password)
        except CONNECTION_ERRORS:
            smtp.close()
            raise
        return smtp

    def _envelope(self, smtp: smtplib.SMTP, email: OutgoingEmail) -> None:
        """Sender and recipient, up to the go-ahead for the content: nothing is taken before that."""
        smtp.ehlo_or_helo_if_needed()
        sender, recipient = (address("", spec).addr_spec for spec in (email.sender, email.recipient))
        options = ["SMTPUTF8"] if needs_smtputf8(email) else []
        if options and not smtp.has_extn("smtputf8"):
            raise NotAccepted(
                SendOutcome.REFUSED, "The mail server doesn’t accept addresses outside plain ASCII."
            )
        code, words = smtp.mail(sender, options)
        if _is_permanent(code):
            raise smtplib.SMTPSenderRefused(code, words, sender)
        self._expect(smtp, (code, words), 250)
        self._expect(smtp, smtp.rcpt(recipient), 250, 251, 252)
        self._expect(smtp, smtp.docmd("DATA"), 354)

    def _expect(self, smtp: smtplib.SMTP, answer: tuple[int, bytes], *fine: int) -> None:
        code, words = answer
        if code not in fine:
            raise self._rejection(smtp, code, words)

    def _rejection(self, smtp: smtplib.SMTP, code: int, words: bytes) -> NotAccepted:
        """What it said, once nothing of this email is left for the next one."""
        if code == 421 or not 400 <= code < 600:  # it goes, or nobody knows what it waits for
            self.drop()
        else:
            with suppress(smtplib.SMTPException, OSError):
                smtp.rset()
        verdict = SendOutcome.REFUSED if _is_permanent(code) else SendOutcome.RETRY
        return NotAccepted(verdict, SERVER_SAID.format(said=_reply_text(code, words)))

    def _send_content(self, smtp: smtplib.SMTP, email: OutgoingEmail, content: bytes) -> SendResult:
        """From the first byte of content on, silence proves nothing; nor does an answer that is no yes and no no."""
        try:
            smtp.send(content)
            code, words = smtp.getreply()
        except (OSError, smtplib.SMTPException) as silence:
            return self._unknown(email, NO_FINAL_REPLY.format(said=_error_text(silence)))
        if 200 <= code < 300:
            return SendResult(
                email.id, SendOutcome.ACCEPTED, provider_id=words.decode(errors="replace")[:200]
            )
        if not 400 <= code < 600:
            return self._unknown(email, UNCLEAR_REPLY.format(said=_reply_text(code, words)))
        raise self._rejection(smtp, code, words)

    def _unknown(self, email: OutgoingEmail, why: str) -> SendResult:
        self.drop()
        return SendResult(email.id, SendOutcome.UNKNOWN, why)

    def drop(self) -> None:
        if self.connection is not None:
            self.connection.close()
        self.connection = None


def _encode(bundle: Bundle, one: AddressedEmail) -> tuple[OutgoingEmail, bytes]:
    """Whole before the server is asked: what cannot be written down is this email's own trouble, nobody else's."""
    try:
        email = personalize(bundle, one)
        return email, _dot_stuffed(bytes(to_mime(email)))
    except InvalidHeader as wrong:
        raise NotAccepted(SendOutcome.REFUSED, str(wrong)) from wrong
    except (ValueError, LookupError, MessageError) as wrong:
        raise NotAccepted(SendOutcome.REFUSED, f"This email couldn’t be created: {wrong}") from wrong


def _dot_stuffed(content: bytes) -> bytes:
    """Lines end in CRLF, a leading dot is doubled, a lone dot ends it (RFC 5321, 4.5.2)."""
    lines = DOTS.sub(b"..", LINE_ENDS.sub(b"\r\n", content))
    return lines + (b"" if lines.endswith(b"\r\n") else b"\r\n") + b".\r\n"


def _before_content(problem: Exception) -> NotAccepted:
    """A no before any reader was named speaks of our login or our sender. That can be mended; the email is fine."""
    if isinstance(problem, smtplib.SMTPResponseException) and _is_permanent(problem.smtp_code):
        return SenderRejected(SendOutcome.RETRY, SENDER_REJECTED.format(said=_error_text(problem)))
    return NotAccepted(SendOutcome.RETRY, UNREACHABLE.format(said=_error_text(problem)))


def _is_permanent(code: int) -> bool:
    return 500 <= code < 600


def _reply_text(code: int, words: bytes | str) -> str:
    """As it can be kept: no column holds a NUL."""
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    return f"{code} {text.replace(chr(0), '')[:300]}"


def _error_text(problem: Exception) -> str:
    if isinstance(problem, smtplib.SMTPResponseException):
        return _reply_text(problem.smtp_code, problem.smtp_error)
    return str(problem) or type(problem).__name__
