"""A SendGrid on this machine that has good days and bad ones: a program of its own, or a thread in a test.

    python -m tests.fakes.sendgrid --port 8025 --script '{"chances": {"busy": 0.03}, "news": {"url": "http://…"}}'

It counts how often it took each email, tells of them afterwards (sendgrid_events.py), and can be asked and told:
GET /fake (counts), GET /fake/emails/<id> (the email as its reader gets it), POST /fake/script (changes).
"""

import argparse
import json
import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests.fakes import sendgrid_body
from tests.fakes.sendgrid_body import OURS, TRIAL, faults, is_trial, official
from tests.fakes.sendgrid_events import News

KEY = "SG.right.key"


class Mood(StrEnum):
    """What becomes of a call."""

    BUSY = "busy"  # 429
    BROKEN = "broken"  # 500, nothing is taken
    BROKEN_AFTER = "broken_after"  # 500, though the emails are taken
    GONE = "gone"  # hangs up without taking or saying anything
    GONE_AFTER = "gone_after"  # takes the emails and hangs up
    SILENT = "silent"  # takes the emails and says nothing
    ELSEWHERE = "elsewhere"  # a redirect
    NOT_ALLOWED = "not_allowed"  # 403


TAKING = {None, Mood.BROKEN_AFTER, Mood.GONE_AFTER, Mood.SILENT}
REFUSALS = {
    Mood.BROKEN: (500, "internal server error"),
    Mood.BROKEN_AFTER: (500, "internal server error"),
    Mood.NOT_ALLOWED: (403, "The from address does not match a verified Sender Identity."),
}


@dataclass(kw_only=True)
class Script:
    """`moods`: what happens next, in order. `chances`: how likely each mood is, once those are used up."""

    key: str = KEY
    moods: list[Mood] = field(default_factory=list)
    chances: dict[Mood, float] = field(default_factory=dict)
    seed: int = 1
    sink: bool = False  # only count and say yes: for measuring others
    check: bool = True
    description: str = ""  # the file with SendGrid's own description
    names_the_bad: bool = True  # do errors say which email is to blame?
    busy_for: float = 2.0  # seconds
    silence: float = 60.0  # seconds
    slow: tuple[float, float] = (0.0, 0.0)  # seconds before an answer, between these two
    closes: bool = False  # hangs up after each answer, without saying that it will


@dataclass
class SendGrid:
    script: Script = field(default_factory=Script)
    news: News = field(default_factory=News)
    url: str = ""
    taken: Counter[str] = field(default_factory=Counter)  # by the argument that names an email
    many: int = 0  # emails taken by the sink
    calls: int = 0
    connections: int = 0
    complaints: list[dict[str, str]] = field(default_factory=list)  # what was wrong with our calls
    emails: dict[str, tuple[dict[str, Any], dict[str, Any]]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.random = random.Random(self.script.seed)
        self.official = [official(Path(self.script.description))] if self.script.description else []

    def mood(self) -> Mood | None:
        with self.lock:
            self.calls += 1
            if self.script.moods:
                return Mood(self.script.moods.pop(0))
            dice = self.random.random()
            for mood, chance in self.script.chances.items():
                if (dice := dice - chance) < 0:
                    return Mood(mood)
        return None

    def wrong_with(self, body: Any) -> list[dict[str, str]]:
        ours = TRIAL if is_trial(body) else OURS
        found = list(faults(body, ours, *self.official)) if self.script.check else []
        self.complaints += found
        return found or list(self._bad_addresses(body))

    def _bad_addresses(self, body: dict[str, Any]) -> Iterator[dict[str, str]]:
        """Addresses that begin with "bad" are no addresses here; of "odd" ones it is not said which they are."""
        for number, reader in enumerate(body["personalizations"]):
            address = reader["to"][0]["email"]
            if address.startswith("bad"):
                yield {
                    "message": "Does not contain a valid address.",
                    "field": f"personalizations.{number}.to.0.email",
                }
            elif address.startswith("odd"):
                yield {"message": "Bad Request"}

    def take(self, body: dict[str, Any]) -> None:
        with self.lock:
            for reader in body["personalizations"]:
                gw = reader["custom_args"]["gw"]
                self.taken[gw] += 1
                self.emails[gw] = (body, reader)
        for reader in body["personalizations"]:
            self.news.tell_of(reader["custom_args"]["gw"], reader["to"][0]["email"])

    def email(self, gw: str) -> dict[str, Any]:
        """As its reader gets it."""
        body, reader = self.emails[gw]
        more = {
            "sender": body["from"],
            "headers": reader.get("headers", {}),
            "attachments": body.get("attachments", []),
        }
        return sendgrid_body.filled(body, reader) | more

    def counts(self) -> dict[str, Any]:
        with self.lock:
            return {
                "taken": dict(self.taken),
                "many": self.many,
                "calls": self.calls,
                "complaints": self.complaints[:20],
                "events": {"posted": self.news.posted, "waiting": self.news.waiting},
                "public_key": self.news.signer.public_key,
            }

    def change(self, given: dict[str, Any]) -> None:
        for name, value in given.pop("news", {}).items():
            setattr(self.news, name, value)
        for name, value in given.items():
            setattr(self.script, name, value)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    fake: SendGrid

    def setup(self) -> None:
        super().setup()
        self.fake.connections += 1

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/fake/script":
            self.fake.change(json.loads(body))
            self._say(200, {})
        elif self.path != "/v3/mail/send":
            self._refuse(404, "not found")
        elif self.fake.script.sink:
            self.fake.many += body.count(b'"custom_args"')
            self._say(202, message_id="sink")
        else:
            self._send(body)

    def do_GET(self) -> None:
        gw = self.path.removeprefix("/fake/emails/")
        if gw in self.fake.emails:
            self._say(200, self.fake.email(gw))
        else:
            self._say(200, self.fake.counts()) if self.path == "/fake" else self._refuse(404, "not found")

    def _send(self, raw: bytes) -> None:
        if self.headers.get("Authorization") != f"Bearer {self.fake.script.key}":
            self._refuse(401, "The provided authorization grant is invalid, expired, or revoked")
        elif len(raw) > sendgrid_body.LARGEST:
            self._refuse(413, "content too large")
        else:
            self._in_some_mood(self.fake.mood(), json.loads(raw))

    def _in_some_mood(self, mood: Mood | None, body: Any) -> None:
        """Only a call that holds no fault is taken."""
        if mood in TAKING and (wrong := self.fake.wrong_with(body)):
            known = wrong if self.fake.script.names_the_bad else [{"message": "Bad Request"}]
            self._say(400, {"errors": known})
            return
        if mood is None and is_trial(body):
            self._say(200, {})
            return
        if mood in TAKING and not is_trial(body):
            self.fake.take(body)
        self._answer(mood)

    def _answer(self, mood: Mood | None) -> None:
        time.sleep(self.fake.random.uniform(*self.fake.script.slow))
        if mood in {Mood.GONE, Mood.GONE_AFTER, Mood.SILENT}:
            time.sleep(self.fake.script.silence if mood == Mood.SILENT else 0)
            self._hang_up()
        elif mood == Mood.BUSY:
            reset = {"X-RateLimit-Reset": str(int(time.time() + self.fake.script.busy_for))}
            self._say(429, {"errors": [{"field": None, "message": "too many requests"}]}, **reset)
        elif mood == Mood.ELSEWHERE:
            self._say(307, {}, Location=f"{self.fake.url}/elsewhere")
        elif mood in REFUSALS:
            self._refuse(*REFUSALS[mood])
        else:
            self._say(202, message_id=uuid4().hex)

    def _refuse(self, status: int, words: str) -> None:
        self._say(status, {"errors": [{"message": words, "field": None}]})

    def _say(self, status: int, said: Any = None, *, message_id: str = "", **headers: str) -> None:
        content = b"" if said is None else json.dumps(said).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if message_id:
            self.send_header("X-Message-Id", message_id)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()
        if self.fake.script.closes:
            self.close_connection = True

    def _hang_up(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, *_: Any) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_: Any) -> None:
        """A caller that hangs up, as its workers are killed."""


@contextmanager
def sendgrid(port: int = 0, *, news: News | None = None, **script: Any) -> Iterator[SendGrid]:
    fake = SendGrid(Script(**script), news or News())
    server = Server(("127.0.0.1", port), type("Own", (Handler,), {"fake": fake}))
    fake.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    fake.news.start()
    try:
        yield fake
    finally:
        fake.news.close()
        server.shutdown()
        server.server_close()


def main() -> None:
    """Prints one line of JSON with its address and the public key of its events, then serves until it is ended."""
    read = argparse.ArgumentParser(description=__doc__)
    read.add_argument("--port", type=int, default=0)
    read.add_argument("--script", type=json.loads, default={})
    given = read.parse_args()
    news = News(**given.script.pop("news", {}))
    with sendgrid(given.port, news=news, **given.script) as fake:
        said = {"url": fake.url, "public_key": news.signer.public_key, "script": asdict(fake.script)}
        print(json.dumps(said), flush=True)  # noqa: T201
        threading.Event().wait()


if __name__ == "__main__":
    main()
