"""SMTP: TLS, a login, one connection kept open. It knows no letter by its id, so doubt is left to a person."""

import re
import smtplib
import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from email.errors import MessageError
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from portal.gateways.mail import Addressed, Bundle, OutgoingLetter, Receipt, Settling, Verdict, fill
from portal.gateways.mime import BadHeader, address, as_message, needs_utf8

TIMEOUT = 15.0  # seconds to connect and for each answer
PORTS = {"smtp": 587, "smtps": 465}
LOCAL = {"localhost", "127.0.0.1", "::1"}
AWAY = (OSError, smtplib.SMTPException, ValueError)  # the last: a login that is not plain ASCII
NOT_THERE = "The mail server could not be reached: {said}"
UNWELCOME = (
    "The mail server refused us, whoever the reader is. Nothing was sent; an admin should look at our login there and "
    "at the sender's address. It said: {said}"
)
SAID = "The mail server said: {said}"
SLOW = "The mail server was too slow for this batch."
FELL_SILENT = "The mail server fell silent while it took the letter ({said}). It may have arrived."
UNCLEAR = "The mail server did not say whether it took the letter ({said}). It may have arrived."
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
    wanted = parse_qs(parts.query).get("tls", ["off" if host in LOCAL else "starttls"])[-1]
    if wanted not in {"starttls", "off"}:
        raise ValueError("MAIL_URL takes ?tls=starttls or ?tls=off, nothing else.")
    return "whole" if parts.scheme == "smtps" else wanted


class NotTaken(Exception):
    """The server answered, or could not be asked: this letter was certainly not taken."""

    def __init__(self, verdict: Verdict, why: str) -> None:
        super().__init__(why)
        self.verdict, self.why = verdict, why


class Unwelcome(NotTaken):
    """The server refuses us and not a reader: what is true of this letter is true of all that would follow."""


class SmtpGateway:
    name: str = "smtp"
    account: str = ""
    settling: Settling = Settling.PERSON
    batch: int = 20

    def __init__(self, url: str, *, timeout: float = TIMEOUT) -> None:
        self.address, self.timeout = SmtpAddress.parse(url), timeout
        self.connection: smtplib.SMTP | None = None

    def send(self, bundle: Bundle, *, seconds: float) -> Sequence[Receipt]:
        return list(self._receipts(bundle, time.monotonic() + seconds))

    def close(self) -> None:
        if self.connection is not None:
            with suppress(smtplib.SMTPException, OSError):
                self.connection.quit()
        self.connection = None

    def _receipts(self, bundle: Bundle, until: float) -> Iterator[Receipt]:
        for number, letter in enumerate(bundle.letters):
            try:
                if time.monotonic() > until:
                    raise NotTaken(Verdict.RETRY, SLOW)
                yield self._send(*_written(bundle, letter))
            except Unwelcome as refusal:
                yield from (Receipt(one.id, refusal.verdict, refusal.why) for one in bundle.letters[number:])
                return
            except NotTaken as refusal:
                yield Receipt(letter.id, refusal.verdict, refusal.why)

    def _send(self, letter: OutgoingLetter, content: bytes) -> Receipt:
        try:
            smtp = self._ready()
            self._envelope(smtp, letter)
        except AWAY as away:
            self.drop()
            raise _not_begun(away) from away
        return self._hand_over(smtp, letter, content)

    def _ready(self) -> smtplib.SMTP:
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
        except AWAY:
            smtp.close()
            raise
        return smtp

    def _envelope(self, smtp: smtplib.SMTP, letter: OutgoingLetter) -> None:
        """Sender and recipient, up to the go-ahead for the content: nothing is taken before that."""
        smtp.ehlo_or_helo_if_needed()
        sender, recipient = (address("", spec).addr_spec for spec in (letter.sender, letter.recipient))
        options = ["SMTPUTF8"] if needs_utf8(letter) else []
        if options and not smtp.has_extn("smtputf8"):
            raise NotTaken(Verdict.REFUSED, "The mail server takes no addresses outside plain ASCII.")
        code, words = smtp.mail(sender, options)
        if _is_no(code):
            raise smtplib.SMTPSenderRefused(code, words, sender)
        self._expect(smtp, (code, words), 250)
        self._expect(smtp, smtp.rcpt(recipient), 250, 251, 252)
        self._expect(smtp, smtp.docmd("DATA"), 354)

    def _expect(self, smtp: smtplib.SMTP, answer: tuple[int, bytes], *fine: int) -> None:
        code, words = answer
        if code not in fine:
            raise self._turned_away(smtp, code, words)

    def _turned_away(self, smtp: smtplib.SMTP, code: int, words: bytes) -> NotTaken:
        """What it said, once nothing of this letter is left for the next one."""
        if code == 421 or not 400 <= code < 600:  # it goes, or nobody knows what it waits for
            self.drop()
        else:
            with suppress(smtplib.SMTPException, OSError):
                smtp.rset()
        verdict = Verdict.REFUSED if _is_no(code) else Verdict.RETRY
        return NotTaken(verdict, SAID.format(said=_answer(code, words)))

    def _hand_over(self, smtp: smtplib.SMTP, letter: OutgoingLetter, content: bytes) -> Receipt:
        """From the first byte of content on, silence proves nothing; nor does an answer that is no yes and no no."""
        try:
            smtp.send(content)
            code, words = smtp.getreply()
        except (OSError, smtplib.SMTPException) as silence:
            return self._in_doubt(letter, FELL_SILENT.format(said=_words(silence)))
        if 200 <= code < 300:
            return Receipt(letter.id, Verdict.ACCEPTED, provider_id=words.decode(errors="replace")[:200])
        if not 400 <= code < 600:
            return self._in_doubt(letter, UNCLEAR.format(said=_answer(code, words)))
        raise self._turned_away(smtp, code, words)

    def _in_doubt(self, letter: OutgoingLetter, why: str) -> Receipt:
        self.drop()
        return Receipt(letter.id, Verdict.UNKNOWN, why)

    def drop(self) -> None:
        if self.connection is not None:
            self.connection.close()
        self.connection = None


def _written(bundle: Bundle, one: Addressed) -> tuple[OutgoingLetter, bytes]:
    """Whole before the server is asked: what cannot be written down is this letter's own trouble, nobody else's."""
    try:
        letter = fill(bundle, one)
        return letter, _as_data(bytes(as_message(letter)))
    except BadHeader as wrong:
        raise NotTaken(Verdict.REFUSED, str(wrong)) from wrong
    except (ValueError, LookupError, MessageError) as wrong:
        raise NotTaken(Verdict.REFUSED, f"This letter could not be written: {wrong}") from wrong


def _as_data(content: bytes) -> bytes:
    """Lines end in CRLF, a leading dot is doubled, a lone dot ends it (RFC 5321, 4.5.2)."""
    lines = DOTS.sub(b"..", LINE_ENDS.sub(b"\r\n", content))
    return lines + (b"" if lines.endswith(b"\r\n") else b"\r\n") + b".\r\n"


def _not_begun(problem: Exception) -> NotTaken:
    """A no before any reader was named speaks of our login or our sender. That can be mended; the letter is fine."""
    if isinstance(problem, smtplib.SMTPResponseException) and _is_no(problem.smtp_code):
        return Unwelcome(Verdict.RETRY, UNWELCOME.format(said=_words(problem)))
    return NotTaken(Verdict.RETRY, NOT_THERE.format(said=_words(problem)))


def _is_no(code: int) -> bool:
    return 500 <= code < 600


def _answer(code: int, words: bytes | str) -> str:
    """As it can be kept: no column holds a NUL."""
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    return f"{code} {text.replace(chr(0), '')[:300]}"


def _words(problem: Exception) -> str:
    if isinstance(problem, smtplib.SMTPResponseException):
        return _answer(problem.smtp_code, problem.smtp_error)
    return str(problem) or type(problem).__name__
