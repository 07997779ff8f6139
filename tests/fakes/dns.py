"""A name server on this machine that does what its script says: answers, knows nothing, fails, falls silent."""

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rdtypes.ANY.CNAME
import dns.rdtypes.ANY.TXT
import dns.rrset

from portal.demo.processes import free_port

BY_UDP = 1232  # bytes; what is longer has to be fetched by TCP
PIECE = 255  # bytes of one string of a text record
TRIES = 10
TXT, CNAME, IN = dns.rdatatype.TXT, dns.rdatatype.CNAME, dns.rdataclass.IN


class Mood(StrEnum):
    """What is said about a name in place of an answer."""

    SILENT = "nothing comes back"
    FAILS = "server failure"
    EMPTY = "the name is known, and has no such record"
    LOOPS = "the answer leads in a circle"


@dataclass
class NameServer:
    """Names it was told nothing about do not exist."""

    texts: dict[str, list[bytes]] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    moods: dict[str, Mood] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    by_tcp: list[str] = field(default_factory=list)
    address: str = ""

    def says(self, name: str, *texts: str | bytes) -> None:
        self.texts[name] = [text.encode() if isinstance(text, str) else text for text in texts]

    def leads(self, name: str, target: str) -> None:
        self.aliases[name] = target

    def is_(self, mood: Mood, *names: str) -> None:
        self.moods |= dict.fromkeys(names, mood)

    def answer(self, raw: bytes, *, tcp: bool) -> bytes:
        """Empty: not a word."""
        asked = dns.message.from_wire(raw)
        name = asked.question[0].name.to_text().rstrip(".").lower()
        (self.by_tcp if tcp else self.asked).append(name)
        said = dns.message.make_response(asked)
        said.flags |= dns.flags.RA
        if self.moods.get(name) is Mood.SILENT:
            return b""
        self._write(said, name)
        return _whole(said) if tcp else _packet(said)

    def _write(self, said: dns.message.Message, name: str) -> None:
        if self.moods.get(name) is Mood.LOOPS:
            said.answer += [_alias(name, "round." + name), _alias("round." + name, name)]
            return
        while name in self.aliases:
            said.answer.append(_alias(name, self.aliases[name]))
            name = self.aliases[name]
        if name in self.texts:
            said.answer.append(_texts(name, self.texts[name]))
        elif self.moods.get(name) is Mood.FAILS:
            said.set_rcode(dns.rcode.SERVFAIL)
        elif self.moods.get(name) is not Mood.EMPTY:
            said.set_rcode(dns.rcode.NXDOMAIN)


def _alias(name: str, target: str) -> dns.rrset.RRset:
    leads = dns.rdtypes.ANY.CNAME.CNAME(IN, CNAME, dns.name.from_text(target))
    return dns.rrset.from_rdata(dns.name.from_text(name), 60, leads)


def _texts(name: str, texts: list[bytes]) -> dns.rrset.RRset:
    pieces = [[text[at : at + PIECE] for at in range(0, len(text), PIECE)] or [b""] for text in texts]
    return dns.rrset.from_rdata(
        dns.name.from_text(name), 60, *[dns.rdtypes.ANY.TXT.TXT(IN, TXT, each) for each in pieces]
    )


def _packet(said: dns.message.Message) -> bytes:
    try:
        return bytes(said.to_wire(max_size=BY_UDP))
    except dns.exception.TooBig:
        said.answer.clear()
        said.flags |= dns.flags.TC
        return bytes(said.to_wire())


def _whole(said: dns.message.Message) -> bytes:
    wire = said.to_wire(max_size=65535)
    return struct.pack("!H", len(wire)) + wire


@contextmanager
def name_server() -> Iterator[NameServer]:
    script = NameServer()

    class ByUdp(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            raw, socket = self.request
            if answer := script.answer(raw, tcp=False):
                socket.sendto(answer, self.client_address)

    class ByTcp(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            length = struct.unpack("!H", self.rfile.read(2))[0]
            self.wfile.write(script.answer(self.rfile.read(length), tcp=True))

    servers = _both(ByUdp, ByTcp)
    script.address = "{}:{}".format(*servers[0].server_address)
    threads = [threading.Thread(target=server.serve_forever, args=(0.01,)) for server in servers]
    for thread in threads:
        thread.start()
    try:
        yield script
    finally:
        for server, thread in zip(servers, threads, strict=True):
            server.shutdown()
            thread.join()
            server.server_close()


def _both(by_udp: Any, by_tcp: Any) -> list[Any]:
    """Both ways at one port: what is free for the one may be taken for the other."""
    for _ in range(TRIES):
        first = socketserver.UDPServer(("127.0.0.1", free_port()), by_udp)
        try:
            return [first, socketserver.TCPServer(first.server_address, by_tcp)]
        except OSError:
            first.server_close()
    raise OSError("no port is free for a name server")
