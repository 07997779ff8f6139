"""Asks the domain name system. What comes back is what was found, nothing, or silence; asking never raises."""

import socket
import time
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from typing import cast
from urllib.parse import urlsplit

import dns.exception
import dns.message
import dns.name
import dns.nameserver
import dns.rdatatype
import dns.resolver
import structlog
from dns.rdtypes.ANY.TXT import TXT

from tenants.email_addresses import ascii_domain

log = structlog.get_logger()
PORT = 53
TRY_SECONDS = 2.0  # seconds; a lost packet is sent again
UDP_PAYLOAD = 1232  # bytes of one answer by UDP; what is longer comes by TCP
MAX_TEXT = 2000  # characters of one text; a key has 800, what is longer is a joke


class TxtStatus(StrEnum):
    FOUND = "found"
    NOTHING = "nothing"
    SILENT = "silent"  # no answer in time, or a server that could not say


@dataclass(frozen=True)
class TxtAnswer:
    """The TXT records under a name; `aliases`: the names the question was led to (CNAME), in order."""

    name: str
    status: TxtStatus
    texts: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


class DnsResolver:
    """One round of questions: each may take `seconds`, all together three times as long. Several threads may ask."""

    def __init__(self, server: str = "", *, seconds: float = 5.0) -> None:
        """`server` is host[:port]; empty: the one this machine uses."""
        self.server, self.seconds = server, seconds
        self.deadline = time.monotonic() + 3 * seconds

    def txt_records(self, name: str) -> TxtAnswer:
        try:
            return self._query(name)
        except dns.resolver.NoAnswer as empty:
            return _no_records(name, empty.kwargs.get("response"))
        except dns.resolver.NXDOMAIN as unknown:
            return _no_records(name, next(iter(unknown.kwargs.get("responses", {}).values()), None))
        except (dns.exception.DNSException, OSError, ValueError) as silence:
            log.info("name server said nothing", name=name, why=str(silence)[:300])
            return TxtAnswer(name, TxtStatus.SILENT)

    def _query(self, name: str) -> TxtAnswer:
        left = min(self.seconds, self.deadline - time.monotonic())
        if left <= 0:
            return TxtAnswer(name, TxtStatus.SILENT)
        whole = dns.name.from_text(_in_ascii(name))  # ends in a dot: no search list is tried
        answer = make_resolver(self.server).resolve(whole, dns.rdatatype.TXT, lifetime=left)
        texts = sorted(printable(b"".join(cast(TXT, record).strings)) for record in answer)
        return TxtAnswer(name, TxtStatus.FOUND, tuple(texts), _aliases(answer.response))


def _in_ascii(name: str) -> str:
    """Label by label: those of ours begin with an underscore, which is none of IDNA's."""
    return ".".join(label if label.isascii() else ascii_domain(label) for label in name.split("."))


def make_resolver(server: str) -> dns.resolver.Resolver:
    made = dns.resolver.Resolver(configure=not server)
    if server:
        made.nameservers = [_nameserver(server)]
    made.timeout, made.cache = TRY_SECONDS, None
    made.use_edns(0, 0, UDP_PAYLOAD)
    return made


def _nameserver(address: str) -> dns.nameserver.Nameserver:
    bare = address.count(":") > 1 and not address.startswith("[")  # IPv6 without a port
    parts = urlsplit(f"//[{address}]" if bare else f"//{address}")
    host = parts.hostname or ""
    try:
        ip_address(host)
    except ValueError:
        host = str(socket.getaddrinfo(host, None, type=socket.SOCK_DGRAM)[0][4][0])
    return dns.nameserver.Do53Nameserver(host, parts.port or PORT)


def _no_records(name: str, response: dns.message.Message | None) -> TxtAnswer:
    """There is no text, yet a CNAME may stand there that leads to nowhere."""
    return TxtAnswer(name, TxtStatus.NOTHING, aliases=_aliases(response))


def _aliases(response: dns.message.Message | None) -> tuple[str, ...]:
    if not isinstance(response, dns.message.QueryMessage):
        return ()
    chain = response.resolve_chaining().cnames
    return tuple(str(rrset[0].target).rstrip(".").lower() for rrset in chain)


def printable(raw: bytes) -> str:
    """Replace what cannot be shown or stored: anybody may write anything into a text record."""
    text = raw[: 4 * MAX_TEXT].decode(errors="replace")
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)[:MAX_TEXT]
