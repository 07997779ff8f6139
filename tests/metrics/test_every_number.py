"""Every number on the page of metrics opens exactly the rows it counts, for everybody who may open rows."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from html.parser import HTMLParser
from itertools import cycle
from typing import Any

import pytest

from portal.advocates.models import AdvocateState
from portal.declarations.metrics import METRICS
from portal.metrics.placeholders import PLACEHOLDERS
from portal.references.models import RequestState
from portal.reporting.periods import PeriodChoice, add_months, first_of_month
from portal.web.dispatch import Portal
from portal.workspace.brand_actions import BrandSettings, change_settings
from tenants.clock import utc_now
from tenants.database import tenant
from tenants.models import Role
from tests.client import Client
from tests.events import events
from tests.events.events import past_event
from tests.metrics.past_records import BERLIN, act, asked
from tests.surveys.surveys import past_answer, past_survey, switch_on
from tests.world import World

STATES = (
    *(RequestState.DELIVERED, RequestState.MATCHING, RequestState.CLOSED, RequestState.WITHDRAWN),
    *(RequestState.DELIVERED, RequestState.UNFULFILLED, RequestState.ASKED, RequestState.CONTENT_ACCEPTED),
)
SCORES = (10, 8, None, 9)  # in no month as many unhappy as happy: a score of 0 looks like a count
EVERY = 8
NUMBER = re.compile(r"\d+")
NO_COUNTS = (
    "Helped at least",
    "Enrolled people",
    " on ",
    "% who gave",
    *(each.formula for each in PLACEHOLDERS),
)
RANGE = re.compile(r"[+-]?\d+ to [+-]?\d+(, 95% sure)?")
HELD_NO_LONGER = re.compile(r"(\d+) rows? (?:is|are) no longer held")


@pytest.fixture(scope="module")
def acme(app: Portal) -> World:
    """Fourteen months with something on the edges of each; the workspace has moved to another zone since."""
    world = World.build(app, "Acme")
    rep, states = world.member(Role.REP), cycle(STATES)
    switch_on(world)
    events.switch_on(world)
    requests, survey, scores = [], past_survey(world, utc_now() - timedelta(days=500)), cycle(SCORES)
    for moment in moments():
        requests.append(asked(world, moment, next(states), requester=rep, off_platform=moment.hour == 0))
        person = world.advocate(enrolled_at=moment)
        act(world, person, moment + timedelta(seconds=1), off_platform=moment.hour == 0)
        past_answer(world, survey, person, moment, next(scores))
        past_event(world, moment, person)
    asked(world, utc_now(), RequestState.DUPLICATE, requester=rep, duplicate_of_id=requests[0].id)
    gone_from(world)
    move_to(world, "America/Los_Angeles")
    return world


def moments() -> Iterator[datetime]:
    """The first second of each month, its middle, and the last one before the next."""
    this = first_of_month(utc_now().astimezone(BERLIN).date())
    for back in range(14):
        start, end = (
            datetime.combine(add_months(this, n - back), datetime.min.time(), BERLIN) for n in (0, 1)
        )
        found = (start, start + timedelta(days=14, hours=9), end - timedelta(seconds=2))
        yield from (moment for moment in found if moment < utc_now() - timedelta(minutes=1))


def gone_from(world: World) -> None:
    """One who left, one who was erased afterwards, one who never came."""
    year, month = utc_now() - timedelta(days=365), utc_now() - timedelta(days=40)
    for state in (AdvocateState.DEPARTED, AdvocateState.ERASED):
        act(world, world.advocate(state=state, enrolled_at=year, left_at=month), month - timedelta(days=60))
    world.advocate(state=AdvocateState.CANDIDATE, enrolled_at=None)


def move_to(world: World, zone: str) -> None:
    admin = world.member(Role.ADMIN)
    with world.session() as session:
        here = tenant(session)
        given = {name: getattr(here, name) for name in BrandSettings.__dataclass_fields__}
        change_settings(session, BrandSettings(**given | {"time_zone": zone}), by=admin)


@dataclass
class Page(HTMLParser):
    """The links of numbers, the text of number cells outside of links, and the rows of the table."""

    text: str
    links: list[tuple[str, str]] = field(default_factory=list)
    plain: list[str] = field(default_factory=list)
    rows: int = 0
    next: str = ""

    def __post_init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.cell = ""
        self.feed(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.cell = tag if tag in {"td", "dd"} and "gw-phone" not in given else self.cell
        self.rows += tag == "tr"
        self.rows -= tag == "thead"
        if tag == "a" and given.get("class") == "gw-rows-link":
            self.links.append((given["href"], ""))
            self.open.append(tag)
        elif tag == "a" and given.get("rel") == "next":
            self.next = given["href"]

    def handle_data(self, data: str) -> None:
        if self.open:
            href, text = self.links[-1]
            self.links[-1] = href, text + data
        elif self.cell:
            self.plain.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self.open:
            self.open.pop()
        elif tag == self.cell:
            self.cell = ""


class Reader:
    """Opens each address once and counts its rows, page by page; for some it looks into the file, too."""

    def __init__(self, client: Client) -> None:
        self.client, self.opened = client, 0
        self.count = cache(self._count)

    def _count(self, address: str) -> int:
        answer = self.client.get(address, outside=True)
        assert answer.status_code == 200, address
        page, gone = Page(answer.text), HELD_NO_LONGER.search(answer.text)
        rows = page.rows + self._rows_after(page)
        self.opened += 1
        if self.opened % EVERY == 1:
            assert rows == self._lines(address), address
        return rows + (int(gone[1]) if gone else 0)

    def _rows_after(self, page: Page) -> int:
        following = Page(self.client.get(page.next, outside=True).text) if page.next else None
        return following.rows + self._rows_after(following) if following else 0

    def _lines(self, address: str) -> int:
        path, _, query = address.partition("?")
        file = self.client.get(f"{path}/rows.csv?{query}", outside=True).text
        return len(list(csv.reader(io.StringIO(file)))) - 1

    def expected(self, address: str, text: str) -> int:
        """The number of rows, or what follows from the rows of its parts."""
        if "%" not in text and not text.startswith(("+", "-")):
            return self.count(address)
        metric = METRICS.get(address.partition("?")[0].rpartition("/")[2])
        parts = [self.count(f"{address}&show={part}") for part in metric.value.parts]
        value = metric.value.of(dict(zip(metric.value.parts, parts, strict=True)))
        assert value is not None
        return value


def numbers(page: Page) -> list[tuple[str, str, int]]:
    return [(href, text, int(NUMBER.findall(text)[0])) for href, text in page.links]


@pytest.fixture(scope="module")
def reader(acme: World) -> Reader:
    return Reader(acme.signed_in(Role.MANAGER))


@pytest.mark.parametrize("choice", PeriodChoice)
def test_every_number_is_the_count_of_its_rows(reader: Reader, choice: PeriodChoice) -> None:
    page = Page(reader.client.get(f"/metrics?period={choice.value}").text)
    assert len(page.links) > 30
    shown = {(href, text): number for href, text, number in numbers(page)}
    assert {key: reader.expected(*key) for key in shown} == shown


def test_numbers_of_the_page_are_links_and_those_of_home_too(acme: World) -> None:
    client = acme.signed_in(Role.ADMIN)
    page = Page(client.get("/metrics").text)
    plain = [words for words in page.plain if NUMBER.search(words)]
    assert [words for words in plain if not words.startswith(NO_COUNTS) and not RANGE.fullmatch(words)] == []
    assert {href.partition("?")[0].rpartition("/")[2] for href, _ in page.links} == {
        metric.name for metric in METRICS
    }
    home = client.get("/").text
    for name in ("fulfillment", "activation", "volume", "nps"):
        assert f'href="/{acme.slug}/metrics/{name}?period=quarter"' in home


@pytest.mark.parametrize("role", [Role.REP, Role.OWNER])
def test_who_may_not_open_rows_gets_numbers_without_links(acme: World, role: Role) -> None:
    theirs, ours = (Page(acme.signed_in(each).get("/metrics").text) for each in (role, Role.MANAGER))
    assert theirs.links == []
    visitor = acme.signed_in(role)
    addresses = sorted({href for href, _ in ours.links})[::10]
    assert {visitor.get(href, outside=True).status_code for href in addresses} == {403}


def test_a_month_that_is_closed_says_when_it_was_corrected(acme: World) -> None:
    def lines(client: Client) -> list[dict[str, Any]]:
        file = client.get("/metrics/months.csv?period=last-quarter").text.removeprefix("\ufeff")
        return list(csv.DictReader(io.StringIO(file)))

    client = acme.signed_in(Role.MANAGER)
    assert {line["Corrected on"] for line in lines(client)} == {""}
    before = lines(client)[11]
    late = utc_now() - timedelta(days=100)
    asked(acme, late, RequestState.DELIVERED, off_platform=True, created_at=utc_now())
    after = next(line for line in lines(client) if line["Corrected on"])
    assert after["Metric"] == before["Metric"] == "Reference fulfillment"
    assert "Corrected" in client.get("/metrics").text
