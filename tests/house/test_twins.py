"""Two workspaces: whoever works in one learns nothing of the other, by no address, no query and no form.

Every route and method, as every role of A, with every id of B: the answer is the one a random id gets.
"""

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest

from portal.schema import GLOBAL, metadata
from portal.web.access import Allowed
from portal.web.dispatch import SESSION_COOKIE
from tenants.models import Role
from tests.client import Client
from tests.house import crawl
from tests.house.furnished import Rows, furnish
from tests.world import World

MARK = "zyxwvglobex"
ROLES = [*Role, None]


@pytest.fixture(scope="module")
def towns(app: object) -> tuple[World, World, Rows, Rows]:
    a, b = World.build(app, "Acme"), World.build(app, "Globex")  # type: ignore[arg-type]
    return a, b, furnish(a, a.slug), furnish(b, MARK)


@pytest.fixture
def acme(towns: tuple[World, World, Rows, Rows]) -> World:
    return towns[0]


@pytest.fixture
def globex(towns: tuple[World, World, Rows, Rows]) -> World:
    return towns[1]


@pytest.fixture
def ours(towns: tuple[World, World, Rows, Rows]) -> Rows:
    return towns[2]


@pytest.fixture
def theirs(towns: tuple[World, World, Rows, Rows]) -> Rows:
    return towns[3]


@pytest.fixture(autouse=True)
def their_rows_stay_as_they_are(superuser: psycopg.Connection, globex: World) -> Iterator[None]:
    before = rows_of(superuser, globex)
    yield
    superuser.rollback()
    assert rows_of(superuser, globex) == before


def rows_of(superuser: psycopg.Connection, world: World) -> dict[str, str]:
    """A fingerprint of every row a workspace has."""
    prints = {}
    for table in sorted(set(metadata.tables) - GLOBAL):
        query = f"SELECT md5(string_agg(t::text, '' ORDER BY t.id)) FROM {table} t WHERE tenant_id = %s"
        row = superuser.execute(query, (world.tenant_id,)).fetchone()
        prints[table] = row[0] if row else ""
    return prints


def test_the_town_is_furnished(superuser: psycopg.Connection, globex: World) -> None:
    empty = {table for table, rows in rows_of(superuser, globex).items() if rows is None}
    assert empty == set(), "a new table must get a row in tests/house/furnished.py"


def visitor(world: World, role: Role | None) -> Client:
    if role is None:
        return Client(world.app, world.slug)
    return world.signed_in_advocate() if role == Role.ADVOCATE else world.signed_in(role)


def same(client: Client, method: str, address: str, theirs: str, random: str, **form: list[str]) -> None:
    """The answer for their id equals the answer for a random one, and holds nothing of theirs."""
    if not client.secret:
        client.get("/sign-in", outside=True)
    answers = []
    for known in (theirs, random):
        cookie = client.browser.get_cookie(SESSION_COOKIE)
        data = {name: [known if v == "ID" else v for v in values] for name, values in form.items()}
        answer = client.browser.open(
            address.replace("ID", known),
            method=method,
            data=data | {"csrf_token": client.secret} if method != "GET" else None,
        )
        assert answer.status_code < 500, (method, address, answer.status_code)
        assert MARK not in answer.text, (method, address)
        answers.append((answer.status_code, crawl.settled(answer.text, known)))
        if cookie and client.browser.get_cookie(SESSION_COOKIE) != cookie:
            client.browser.set_cookie(SESSION_COOKIE, cookie.value)
    assert answers[0] == answers[1], (method, address, form)


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_their_ids_in_an_address_are_like_any_random_id(acme: World, theirs: Rows, role: Role | None) -> None:
    client = visitor(acme, role)
    for stop in crawl.stops(acme.app):
        if not stop.ids or not isinstance(stop.access, Allowed):
            continue
        for method in stop.methods:
            for known in theirs.values() if role in stop.roles else list(theirs.values())[:1]:
                marks = dict.fromkeys(stop.ids, "00000000-0000-0000-0000-000000000000")
                address = stop.address(acme.slug, marks).replace("00000000-0000-0000-0000-000000000000", "ID")
                same(client, method, address, known, str(uuid4()))


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_their_workspace_is_like_one_that_does_not_exist(
    acme: World, globex: World, theirs: Rows, role: Role | None
) -> None:
    client = visitor(acme, role)
    for stop in crawl.stops(acme.app):
        if isinstance(stop.access, Allowed):
            for method in stop.methods:
                address = stop.address("ID", crawl.own_ids(stop, theirs))
                same(client, method, address, globex.slug, "nowhere-to-be-found")


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_their_ids_in_a_query_are_like_any_random_id(
    acme: World, ours: Rows, theirs: Rows, role: Role | None
) -> None:
    client = visitor(acme, role)
    for address, page in crawl.pages(client, acme, ours, role):
        names = crawl.arguments() | {name for path, name in page.queries() if path == address}
        for known in theirs.values():
            same(
                client,
                "GET",
                address + "?" + "&".join(f"{name}=ID" for name in sorted(names)),
                known,
                str(uuid4()),
            )


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_their_ids_in_a_form_are_like_any_random_id(
    acme: World, ours: Rows, theirs: Rows, role: Role | None
) -> None:
    client = visitor(acme, role)
    seen: set[tuple[str, str]] = set()
    for _, page in crawl.pages(client, acme, ours, role):
        for form in page.forms:
            for name, fields in form.variants():
                if (form.action, name) not in seen and form.method != "GET":
                    seen.add((form.action, name))
                    for known in theirs.values():
                        same(client, "POST", form.action, known, str(uuid4()), **fields | {name: ["ID"]})
