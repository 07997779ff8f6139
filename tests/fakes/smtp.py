"""A mail server on this machine that does what its script says: takes, refuses, puts off, hangs up, falls silent."""

# ruff: noqa: N802 (aiosmtpd calls these names)

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from enum import StrEnum
from ssl import SSLContext
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from portal.demo.processes import free_port
from tests.waiting import PATIENCE

ACCEPT = "250 taken"


class Mood(StrEnum):
    """What happens once the whole email has arrived."""

    HANG_UP_AFTER = "the connection drops after the email was taken"
    FALL_SILENT = "the email is taken and no answer comes"


@dataclass
class MailServer:
    """`at_hello` to `at_end`: what is said next, in order; when they run out, every email is taken. At the end it
    takes whatever it does not turn away with a 4 or a 5, however unclearly it says so."""

    at_hello: list[str] = field(default_factory=list)
    at_sender: list[str] = field(default_factory=list)
    at_recipient: list[str] = field(default_factory=list)
    at_end: list[str | Mood] = field(default_factory=list)
    taken: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)  # the same, as it came
    envelopes: list[tuple[str, str]] = field(default_factory=list)  # (MAIL FROM, RCPT TO)
    speaks_utf8: bool = True
    connections: int = 0
    logins: int = 0  # that were tried
    url: str = ""

    async def handle_EHLO(
        self, server: Any, session: Any, envelope: Any, hostname: str, lines: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        if not self.speaks_utf8:
            lines = [line for line in lines if "SMTPUTF8" not in line]
        return [self.at_hello.pop(0)] if self.at_hello else lines

    async def handle_HELO(self, server: Any, session: Any, envelope: Any, hostname: str) -> str:
        session.host_name = hostname
        return self.at_hello.pop(0) if self.at_hello else "250 fine"

    async def handle_MAIL(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        said = self.at_sender.pop(0) if self.at_sender else "250 fine"
        if said.startswith("250"):
            envelope.mail_from = address
        return said

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        said = self.at_recipient.pop(0) if self.at_recipient else "250 fine"
        if said.startswith("250"):
            envelope.rcpt_tos.append(address)
            self.envelopes.append((envelope.mail_from, address))
        return said

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        said = self.at_end.pop(0) if self.at_end else ACCEPT
        if isinstance(said, Mood) or said[0] not in "45":
            self.raw.append(envelope.content)
            self.taken.append(message_from_bytes(envelope.content, policy=policy.default))
        if said is Mood.HANG_UP_AFTER:
            server.transport.abort()
        elif said is Mood.FALL_SILENT:
            await asyncio.sleep(3600)
        return str(said)


@contextmanager
def mail_server(
    *, login: tuple[str, str] | None = None, tls: SSLContext | None = None, whole: bool = False
) -> Iterator[MailServer]:
    """With `tls` it takes emails only after STARTTLS, or as `whole`, speaks TLS from the first byte."""
    script, port = MailServer(), free_port()
    asking = {"require_starttls": True} if tls and not whole else {}
    more: dict[str, Any] = {"ssl_context": tls} if whole else {"tls_context": tls}
    more |= asking | _asking_for(script, login)
    controller = Controller(script, hostname="127.0.0.1", port=port, ready_timeout=PATIENCE, **more)
    controller.start()
    user = f"{login[0]}:{login[1]}@" if login else ""
    script.url = f"{'smtps' if whole else 'smtp'}://{user}127.0.0.1:{port}"
    try:
        yield script
    finally:
        controller.stop()


def _asking_for(script: MailServer, login: tuple[str, str] | None) -> dict[str, Any]:
    if login is None:
        return {}

    def check(server: Any, session: Any, envelope: Any, mechanism: str, given: Any) -> AuthResult:
        script.logins += 1
        right = isinstance(given, LoginPassword) and (given.login.decode(), given.password.decode()) == login
        return AuthResult(success=right, handled=right)  # else the server would say nothing at all

    return {"authenticator": check, "auth_require_tls": False}
