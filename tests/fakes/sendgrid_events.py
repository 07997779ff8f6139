"""What SendGrid tells afterwards: signed batches of events, late, repeated, in any order, until they are taken."""

import base64
import heapq
import http.client
import itertools
import json
import random
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sendgrid.helpers.eventwebhook.eventwebhook_header import EventWebhookHeader

Event = dict[str, Any]
Planned = tuple[float, int, Event]  # when, a number of its own, what
FATES: dict[str, list[Event]] = {  # by what an address begins with; all others are delivered
    "bounce": [{"event": "processed"}, {"event": "bounce", "type": "bounce", "reason": "550 no such user"}],
    "block": [{"event": "processed"}, {"event": "bounce", "type": "blocked", "reason": "554 not today"}],
    "drop": [{"event": "dropped", "reason": "Bounced Address"}],
    "spam": [{"event": "processed"}, {"event": "delivered"}, {"event": "spamreport"}],
    "leave": [{"event": "processed"}, {"event": "delivered"}, {"event": "unsubscribe"}],
}
FINE: list[Event] = [{"event": "processed"}, {"event": "delivered", "response": "250 OK"}]


class Signer:
    """A key pair of its own, as SendGrid makes one for each webhook."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())

    @property
    def public_key(self) -> str:
        """As SendGrid shows it: base64 without the lines of PEM."""
        raw = self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(raw).decode()

    def headers(self, body: bytes, at: float | None = None) -> dict[str, str]:
        stamp = str(int(time.time() if at is None else at))
        signature = self.key.sign(stamp.encode() + body, ec.ECDSA(SHA256()))
        return {
            EventWebhookHeader.SIGNATURE: base64.b64encode(signature).decode(),
            EventWebhookHeader.TIMESTAMP: stamp,
            "Content-Type": "application/json",
        }


numbers = itertools.count(1)


def event(kind: str, gw: str, email: str = "ada@example.com", **more: Any) -> Event:
    """One event about the email that `gw` names."""
    number = next(numbers)
    return {
        "email": email,
        "timestamp": int(time.time()),
        "smtp-id": f"<{number}@ismtpd>",
        "event": kind,
        "sg_event_id": f"event-{number}-{random.getrandbits(64):x}",
        "sg_message_id": f"{number}.recvd-1",
        "gw": gw,
    } | more


@dataclass(kw_only=True)
class News:
    """Posts to a webhook. `chance_of_silence`: the share of emails of which nothing is ever told."""

    url: str = ""
    delay: float = 0.1  # seconds from an email to the first event about it
    spread: float = 0.3  # seconds over which events and their repeats come in any order
    repeats: int = 1  # times that each event is told; SendGrid has been seen to tell one 46 times
    chance_of_repeats: float = 1.0  # the share of events that are told more than once
    batch: int = 500
    silent: bool = False
    chance_of_silence: float = 0.0
    seed: int = 1
    signer: Signer = field(default_factory=Signer)
    posted: int = 0  # events that were taken
    refused: int = 0  # posts that were not
    _due: list[Planned] = field(default_factory=list)
    _lock: threading.Condition = field(default_factory=threading.Condition)
    _order: Any = field(default_factory=itertools.count)
    _in_hand: int = 0
    _closed: bool = False

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    def start(self) -> None:
        threading.Thread(target=self._post_all, daemon=True).start()

    def close(self) -> None:
        with self._lock:
            self._closed = True
            self._lock.notify()

    def tell_of(self, gw: str, email: str) -> None:
        """An email was taken."""
        if not self.url or self.silent:
            return
        with self._lock:
            if self._random.random() >= self.chance_of_silence:
                for facts in next((fate for mark, fate in FATES.items() if email.startswith(mark)), FINE):
                    self._plan(event(facts["event"], gw, email) | facts)
                self._lock.notify()

    @property
    def waiting(self) -> int:
        """What is being posted has not arrived yet."""
        with self._lock:
            return len(self._due) + self._in_hand

    def _plan(self, planned: Event) -> None:
        again = self._random.random() < self.chance_of_repeats
        for _ in range(self.repeats if again else 1):
            at = time.monotonic() + self.delay + self._random.random() * self.spread
            heapq.heappush(self._due, (at, next(self._order), planned))

    def _post_all(self) -> None:
        pause = 0.05
        while (batch := self._next()) is not None:
            if self._post([planned for _, _, planned in batch]):
                self._put_down(posted=len(batch))
                pause = 0.05
                continue
            time.sleep(pause)
            pause = min(pause * 2, 2.0)
            self._put_down(again=batch)

    def _put_down(self, *, posted: int = 0, again: Sequence[Planned] = ()) -> None:
        with self._lock:
            self._in_hand = 0
            self.posted += posted
            self.refused += bool(again)
            for one in again:
                heapq.heappush(self._due, one)

    def _next(self) -> list[Planned] | None:
        """What is due, a batch at most; None when it is over."""
        with self._lock:
            while not self._closed:
                if self._due and self._due[0][0] <= time.monotonic():
                    most = min(self.batch, len(self._due))
                    now = time.monotonic()
                    taken = [heapq.heappop(self._due) for _ in range(most) if self._due[0][0] <= now]
                    self._random.shuffle(taken)
                    self._in_hand = len(taken)
                    return taken
                self._lock.wait(0.02 if self._due else 0.5)
        return None

    def _post(self, events: Sequence[Event]) -> bool:
        body = json.dumps(events).encode()
        to = urlsplit(self.url)
        line = http.client.HTTPConnection(to.hostname or "", to.port, timeout=10)
        try:
            line.request("POST", to.path, body, self.signer.headers(body))
            return 200 <= line.getresponse().status < 300
        except (OSError, http.client.HTTPException):
            return False
        finally:
            line.close()
