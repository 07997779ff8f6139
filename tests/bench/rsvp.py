"""What a guest's pages cost: `python -m tests.bench.rsvp`. JSON lines; about a minute.

CPU of the public page of an event and of a guest's first answer, sent with a form, beside the house's own signed GET
that reads one row, and beside a bare Flask page with one query. The bare page is served by plain Granian, ours by the
server of the product. It ends with 1 where the page costs more than four bare ones, or the answer more than twelve.
"""

import json
import re
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.client import HTTPConnection, HTTPResponse
from itertools import cycle
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy import insert

from portal import links
from portal.advocates.joining_actions import submit_join_request
from portal.advocates.profile import ContactDetails, JoinSubmission, Preferences
from portal.app import create_app
from portal.bootstrap import log_problems_only
from portal.events.agenda_models import EventSession, EventSpeaker
from portal.events.guest_models import EventGuest, GuestSource, GuestState
from portal.events.link_purposes import LINK_PATHS, EventLinkPurpose
from portal.events.models import Event, EventKind, EventState, RegistrationMode
from portal.links import LinkPurpose
from portal.settings import Settings
from tenants.clock import utc_now
from tenants.database import database
from tests.bench.matching import _server
from tests.bench.slow_clients import _environment, _processes, serving
from tests.world import World

REQUESTS, ROUNDS = (
    300,
    5,
)  # of one measure, CPU being told in hundredths of a second; the first round warms up
SPEAKERS, SESSIONS = 4, 4
BARE = ["granian", "--interface", "wsgi", "--blocking-threads", "1", "--no-ws", "tests.bench.bare_page:app"]
MOST = {"rsvp_page_vs_bare": 4.0, "rsvp_post_vs_bare": 12.0}
AIM = {"rsvp_page_vs_bare": 2.0, "rsvp_post_vs_bare": 6.0}
PRODUCTION = {  # without the clock of development
    "GOODWORD_ENV": "production",
    "MAIL_URL": "smtp://127.0.0.1:9",
    "MAIL_FROM": "Goodword <goodword@bench.example>",
}
SECRET = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
Ask = Callable[[HTTPConnection], HTTPResponse]


def main() -> None:
    log_problems_only()
    with tempfile.TemporaryDirectory() as folder:
        _, settings = _server()
        pages = Pages.build(settings)
        env = _environment(settings, Path(folder)) | PRODUCTION
        with (
            serving(["portal.web.server"], env, Path(folder) / "web.log") as ours,
            serving(BARE, env, Path(folder) / "bare.log") as bare,
        ):
            said = list(measure(pages, ours, bare))
    sys.exit(f"Not as promised: {short}" if (short := [one for one in said if is_short(one)]) else 0)


def is_short(said: dict[str, object]) -> bool:
    return float(str(said["ratio"])) > MOST.get(str(said["name"]), float(str(said["ratio"])))


class Pages:
    """An event with an agenda and speakers, a person asked to join, and guests who have not answered."""

    def __init__(self, world: World, event: Event, one_row: str, guests: list[str]) -> None:
        self.public = f"/e/{world.slug}/{event.slug}"
        self.one_row, self.guests = one_row, cycle(guests)

    @classmethod
    def build(cls, settings: Settings) -> "Pages":
        world = World.build(create_app(settings), "Acme")
        event = _event(world)
        guests = _guests(world, event, REQUESTS * (ROUNDS + 1))
        one_row = _join_confirmation(world)
        database.engine.dispose()
        return cls(world, event, one_row, guests)


def _event(world: World) -> Event:
    starts = utc_now() + timedelta(days=21)
    with world.session() as session:
        event = Event(
            kind=EventKind.WEBINAR,
            title="Close the month in three days",
            slug="close-the-month",
            description="Three teams show how they got there from nine.\n\n* A close calendar\n* What auditors want",
            state=EventState.OPEN,
            opened_at=utc_now(),
            starts_at=starts,
            ends_at=starts + timedelta(hours=3),
            records_close_at=starts + timedelta(days=10),
            time_zone="Europe/Berlin",
            venue="Haus am Ufer",
            capacity=100_000,
            registration=RegistrationMode.CUSTOMERS,
        )
        session.add(event)
        session.flush()
        for number in range(SESSIONS):
            begins = starts + timedelta(minutes=40 * number)
            session.add(EventSession(event_id=event.id, title=f"Session {number}", starts_at=begins))
        for number in range(SPEAKERS):
            session.add(EventSpeaker(event_id=event.id, name=f"Speaker {number}", title="Head of Finance"))
    return event


def _guests(world: World, event: Event, number: int) -> list[str]:
    people = [
        {
            "event_id": event.id,
            "name": f"Guest {n}",
            "email": f"g{n}@x.example",
            "email_norm": f"g{n}@x.example",
        }
        for n in range(number)
    ]
    more = {"source": GuestSource.REGISTERED, "state": GuestState.INVITED, "tenant_id": world.tenant_id}
    with world.session() as session:
        ids = session.scalars(
            insert(EventGuest).returning(EventGuest.id), [one | more for one in people]
        ).all()
    return [_path(EventLinkPurpose.GUEST, world.tenant_id, one) for one in ids]


def _path(purpose: EventLinkPurpose, tenant_id: UUID, row_id: UUID) -> str:
    return f"/{LINK_PATHS[purpose]}/{links.token(purpose, tenant_id, row_id)}"


def _join_confirmation(world: World) -> str:
    """The page behind the email of whoever would like to join: it reads one row."""
    contact = ContactDetails(name="Ada Lindqvist", email="ada@wabtec.example")
    with world.session() as session:
        request = submit_join_request(session, JoinSubmission(contact=contact, preferences=Preferences()))
        token = links.token(LinkPurpose.JOIN, world.tenant_id, request.id, request.link_version)
    return f"/join/confirm/{token}"


def measure(pages: Pages, ours: int, bare: int) -> Iterator[dict[str, object]]:
    """Turn by turn, so that a busy minute of the machine meets all."""
    asked: dict[str, tuple[int, Ask]] = {
        "bare": (bare, _get("/7")),
        "one_row": (ours, _get(pages.one_row)),
        "page": (ours, _get(pages.public)),
        "post": (ours, _answer(pages, ours)),
    }
    rounds = [{name: _cpu(port, ask) for name, (port, ask) in asked.items()} for _ in range(ROUNDS + 1)][1:]
    cost = {name: statistics.median(each[name] for each in rounds) * 1000 for name in asked}
    for name in ("page", "post"):
        yield _say(f"rsvp_{name}_vs_bare", cost[name], cost["bare"], one_row=round(cost["one_row"], 3))
        yield _say(f"rsvp_{name}_vs_one_row", cost[name], cost["one_row"])


def _get(path: str) -> Ask:
    def ask(line: HTTPConnection) -> HTTPResponse:
        line.request("GET", path)
        return _read(line, 200)

    return ask


def _answer(pages: Pages, port: int) -> Ask:
    """Each guest's first yes; the form's secret is of one browser."""
    line = HTTPConnection("127.0.0.1", port, timeout=60)
    line.request("GET", next(pages.guests))
    answer = line.getresponse()
    cookie = str(answer.headers["Set-Cookie"]).partition(";")[0]
    found = SECRET.search(answer.read().decode())
    assert found is not None
    body = urlencode({"csrf_token": found.group(1), "answer": "yes", "whole": "1"})
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}

    def ask(line: HTTPConnection) -> HTTPResponse:
        line.request("POST", next(pages.guests), body, headers)
        return _read(line, 303)

    return ask


def _read(line: HTTPConnection, expected: int) -> HTTPResponse:
    answer = line.getresponse()
    said = answer.read()
    assert answer.status == expected, (answer.status, said[:2000])
    return answer


def _cpu(port: int, ask: Ask) -> float:
    """Seconds of CPU a request, of all processes that serve it."""
    processes = _processes(port)
    before = sum(sum(each.cpu_times()[:2]) for each in processes)
    line = HTTPConnection("127.0.0.1", port, timeout=60)
    for _ in range(REQUESTS):
        ask(line)
    line.close()
    return (sum(sum(each.cpu_times()[:2]) for each in processes) - before) / REQUESTS


def _say(name: str, value: float, against: float, **more: float) -> dict[str, object]:
    said: dict[str, object] = {"name": name, "value": round(value, 3), "unit": "ms"}
    said |= {"ratio": round(value / against, 2), "against": round(against, 3), **more}
    said |= {"aim": AIM[name]} if name in AIM else {}
    print(json.dumps(said), flush=True)  # noqa: T201
    return said


if __name__ == "__main__":
    main()
