"""200 people say yes to the last 50 seats at once, over HTTP: `python -m tests.bench.last_seats`. JSON lines.

Real processes of the web server answer them. Each round is an event of its own. It ends with 1 where in any round
another number than the seats was accepted, the wait list is out of order, or somebody got anything but a plain answer.
"""

import argparse
import json
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from threading import Barrier
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy import select

from portal import links
from portal.advocates.models import Advocate
from portal.app import create_app
from portal.asks.policies import EVENTS_30, GUEST_ATTENTION_90
from portal.events.guest_models import EventGuest, GuestState
from portal.events.models import Event
from portal.policies import PolicyValue
from tenants.models import Membership, Role
from tests.bench.matching import _server
from tests.bench.slow_clients import _environment, serving
from tests.events.events import event, invite, switch_on
from tests.world import World

PATIENCE = 120.0  # seconds for one answer
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
PROCESSES = "2"


@dataclass
class Guest:
    """One browser, with the page open."""

    port: int
    path: str
    cookie: str = ""
    csrf: str = ""

    def open(self) -> None:
        line = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        line.request("GET", self.path)
        answer = line.getresponse()
        self.csrf = TOKEN.findall(answer.read().decode())[0]
        self.cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
        line.close()

    def say_yes(self) -> int:
        line = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        head = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": self.cookie}
        line.request("POST", self.path, urlencode({"csrf_token": self.csrf}), head)
        status = line.getresponse().status
        line.close()
        return status


def main(arguments: Sequence[str] | None = None) -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--guests", type=int, default=200)
    asked.add_argument("--seats", type=int, default=50)
    asked.add_argument("--rounds", type=int, default=20)
    given = asked.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        _, settings = _server()
        world = World.build(create_app(settings), "Acme")
        people, dana = _people(world, given.guests)
        env = _environment(settings, Path(folder))
        with serving(["portal.web.server", "--workers", PROCESSES], env, Path(folder) / "web.log") as port:
            faults = [
                fault
                for number in range(given.rounds)
                for fault in play(world, dana, people, given.seats, port, number + 1)
            ]
    sys.exit(f"Not as promised: {faults}" if faults else 0)


def _people(world: World, number: int) -> tuple[list[Advocate], Membership]:
    dana = world.member(Role.MANAGER)
    switch_on(world)
    with world.session() as session:  # the same people are invited round after round
        for policy in (EVENTS_30, GUEST_ATTENTION_90):
            session.add(PolicyValue(name=policy.name, value=policy.high))
    return [world.advocate() for _ in range(number)], dana


def play(
    world: World, dana: Membership, people: Sequence[Advocate], seats: int, port: int, number: int
) -> list[str]:
    """One event: invite everybody, open every page, and press at once."""
    held = event(world, capacity=seats, host_id=dana.id)
    guests = [Guest(port, path) for path in _invite(world, dana, held, people)]
    with ThreadPoolExecutor(len(guests)) as pool:
        list(pool.map(Guest.open, guests))
        start, began = Barrier(len(guests)), time.monotonic()

        def press(guest: Guest) -> int:
            start.wait()
            return guest.say_yes()

        statuses = Counter(pool.map(press, guests))
        seconds = time.monotonic() - began
    faults = [f"round {number}: {fault}" for fault in _faults(world, held, seats, len(guests), statuses)]
    print(json.dumps(_said(number, len(guests), seats, seconds, faults)), flush=True)  # noqa: T201
    return faults


def _said(number: int, guests: int, seats: int, seconds: float, faults: list[str]) -> dict[str, object]:
    value = round(guests / seconds, 1)
    named = {"name": "last_seats", "round": number, "guests": guests, "seats": seats}
    return named | {"value": value, "unit": "answers/s", "faults": faults}


def _invite(world: World, dana: Membership, held: Event, people: Sequence[Advocate]) -> list[str]:
    """By a wave of the event's own campaign; the paths of their answer pages."""
    invite(world, held, people, dana)
    with world.session() as session:
        asks = session.scalars(select(EventGuest.ask_id).where(EventGuest.event_id == held.id)).all()
    return [_path(world, ask_id) for ask_id in asks if ask_id]


def _path(world: World, ask_id: UUID) -> str:
    return f"/a/{links.token(links.LinkPurpose.ANSWER, world.tenant_id, ask_id)}"


def _faults(world: World, held: Event, seats: int, guests: int, statuses: Counter[int]) -> list[str]:
    with world.session() as session:
        rows = session.scalars(
            select(EventGuest).where(EventGuest.event_id == held.id).order_by(EventGuest.place)
        )
        line = list(rows)
    states = Counter(row.state for row in line)
    waits = [row for row in line if row.state is GuestState.WAITLISTED]
    times = [row.waitlisted_at for row in waits]
    expected = {
        "answers": (dict(statuses), {303: guests}),
        "accepted": (states[GuestState.ACCEPTED], min(seats, guests)),
        "waiting": (len(waits), max(guests - seats, 0)),
        "seats taken": (world.reload(held).seats_taken, min(seats, guests)),
        "places": ([row.place for row in waits], list(range(1, len(waits) + 1))),
        "order": (times, sorted(moment for moment in times if moment)),
    }
    return [f"{name}: {was} instead of {wanted}" for name, (was, wanted) in expected.items() if was != wanted]


if __name__ == "__main__":
    main()
