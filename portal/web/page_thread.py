"""The one thread of a process that makes pages. It waits for no client: what it reads is all here, what it writes is
gathered, and the event loop sends it at whatever pace the reader has."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication

from portal.web.environment import Environment
from portal.web.refusals import KEY, Refusal
from portal.web.room import NoRoom, Room
from portal.web.spool import IN_MEMORY, Spool

Headers = list[tuple[bytes, bytes]]


@dataclass
class Answer:
    body: Spool
    status: int = 500
    headers: Headers = field(default_factory=list)

    def start(self, status: str, headers: list[tuple[str, str]], _: Any = None) -> Callable[[bytes], object]:
        self.status = int(status.split(" ", 1)[0])
        self.headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        return self.body.write


def answer(app: WSGIApplication, given: Environment, room: Room) -> Answer:
    """The whole answer of the app; another one in words where the room for it is not there."""
    try:
        return _gathered(app, given, room)
    except NoRoom:
        return _gathered(app, given | {KEY: Refusal.NO_ROOM}, room)


def _gathered(app: WSGIApplication, given: Environment, room: Room) -> Answer:
    gathered = Answer(Spool(room, free=IN_MEMORY))
    start: StartResponse = gathered.start
    parts: Iterable[bytes] = app(given, start)
    try:
        for part in parts:
            gathered.body.write(part)
    except BaseException:
        gathered.body.close()
        raise
    finally:
        getattr(parts, "close", lambda: None)()
    return gathered
