"""Two workspaces: whoever works in one learns nothing of the other, by no address, no query and no form.

Every route and method, as every role of A, with the id of everything in B that has a name: the answer is what a
random id gets.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from uuid import uuid4

import psycopg
import pytest

from portal.schema import GLOBAL_TABLES, metadata
from portal.web.access import Allowed
from portal.web.dispatch import SESSION_COOKIE, Portal
from tenants.models import Role
from tests.client import Client, new_client
from tests.rules import site_crawler
from tests.rules.filled_workspace import Rows, fill
from tests.rules.query_counter import statements, statements_given
from tests.world import World

MARK = "zyxwvglobex"
ROLES = [*Role, None]
FormFields = dict[str, list[str]]
Answer = tuple[int, str]
WORD = re.compile(r"\w+")
NAMED = {
    Role.MANAGER: {"advocate_id", "deal"},
    Role.REP: {"deal"},
}  # what the forms of a role must have offered
READ_TOGETHER = ("segments", "saved_views", "tags", "custom_fields")  # all that a workspace has of them
NOBODY = "00000000-0000-0000-0000-000000000000"


@pytest.fixture(scope="module")
def towns(app: Portal) -> tuple[World, World, Rows, Rows]:
    a, b = World.build(app, "Acme"), World.build(app, "Globex")
    return a, b, fill(a, a.slug), fill(b, MARK)


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


def rows_of(superuser: psycopg.Connection, world: World) -> dict[str, str | None]:
    """A fingerprint of every row a workspace has."""
    prints: dict[str, str | None] = {}
    for table in sorted(set(metadata.tables) - GLOBAL_TABLES):
        query = f"SELECT md5(string_agg(t::text, '' ORDER BY t.id)) FROM {table} t WHERE tenant_id = %s"
        row = superuser.execute(query, (world.tenant_id,)).fetchone()
        prints[table] = row[0] if row else None
    return prints


def test_every_walled_table_has_a_row_to_find(superuser: psycopg.Connection, globex: World) -> None:
    empty = {table for table, rows in rows_of(superuser, globex).items() if rows is None}
    assert empty == set(), "a new table must get a row in tests/rules/filled_workspace.py"


def visitor(world: World, role: Role | None) -> Client:
    if role is None:
        return new_client(world.app, world.slug)
    return world.signed_in_advocate() if role == Role.ADVOCATE else world.signed_in(role)


class Tour:
    """The pages of each role, walked through once for all who look at what is on them."""

    def __init__(self, world: World, rows: Rows) -> None:
        self.world, self.rows = world, rows
        self._seen: dict[Role | None, list[tuple[str, site_crawler.Forms]]] = {}

    def pages(self, role: Role | None, client: Client) -> list[tuple[str, site_crawler.Forms]]:
        if role not in self._seen:
            self._seen[role] = list(site_crawler.pages(client, self.world, self.rows, role))
        return self._seen[role]


@pytest.fixture(scope="module")
def tour(towns: tuple[World, World, Rows, Rows]) -> Tour:
    a, _b, ours, _theirs = towns
    return Tour(a, ours)


def tables_of(statements: Iterable[str]) -> set[str]:
    return {word for statement in statements for word in WORD.findall(statement)}


class Twin:
    """Asks as one visitor, first with a random id, then with ids of the others: the answers must be the same.

    An id finds a row by a statement that is given it, or among rows that were read together: it is asked for by the
    ids of rows in the tables of such statements.
    """

    def __init__(self, client: Client) -> None:
        self.client = client
        self.client.get("/sign-in", outside=True)

    def compare(
        self,
        method: str,
        address: str,
        known: dict[str, str],
        form: FormFields | None = None,
        read_together: Collection[str] = READ_TOGETHER,
    ) -> None:
        """`known`: their ids, by table; `read_together`: tables among whose rows the id may be sought."""
        random = str(uuid4())
        with statements() as sent, statements_given(random) as given:
            expected = self.answer(method, address, random, form or {})
        for table in (tables_of(given) | tables_of(sent) & {*read_together}) & known.keys():
            self.is_the_same(method, address, random, known[table], expected, form or {})

    def is_the_same(
        self, method: str, address: str, random: str, theirs: str, expected: Answer, form: FormFields
    ) -> None:
        """A minute that ends between two questions changes words like “2 minutes ago”: then both are asked again."""
        if self.answer(method, address, theirs, form) != expected:
            expected = self.answer(method, address, random, form)
            assert self.answer(method, address, theirs, form) == expected, (method, address, theirs, form)

    def answer(self, method: str, address: str, known: str, form: FormFields) -> Answer:
        browser = self.client
        cookie = browser.get_cookie(SESSION_COOKIE)
        data = {name: [known if v == "ID" else v for v in values] for name, values in form.items()}
        secret = {"csrf_token": self.client.secret}
        answer = browser.open(
            address.replace("ID", known), method=method, data=data | secret if method != "GET" else None
        )
        assert answer.status_code < 500, (method, address, answer.status_code)
        text = answer.get_data().decode("latin-1")  # byte by byte: some are pictures and PDFs
        assert MARK not in text, (method, address)
        if cookie and browser.get_cookie(SESSION_COOKIE) != cookie:
            browser.set_cookie(SESSION_COOKIE, cookie.value)
        return answer.status_code, site_crawler.settled(text, known)


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_their_ids_in_an_address_are_like_any_random_id(
    acme: World, ours: Rows, theirs: Rows, role: Role | None
) -> None:
    """One at a time: where an address names two things, the other one is ours."""
    twin = Twin(visitor(acme, role))
    for stop in site_crawler.stops(acme.app):
        for name in stop.ids if isinstance(stop.access, Allowed) else ():
            address = stop.address(acme.slug, site_crawler.own_ids(stop, ours) | {name: NOBODY}).replace(
                NOBODY, "ID"
            )
            here = {*READ_TOGETHER, site_crawler.TABLE_OF[name]}
            for method in stop.methods:
                twin.compare(method, address, site_crawler.nameable(theirs), read_together=here)


@pytest.mark.parametrize("roles", [tuple(Role), ()], ids=["every role at once", "None"])
def test_their_workspace_is_like_one_that_does_not_exist(
    acme: World, globex: World, theirs: Rows, roles: tuple[Role, ...]
) -> None:
    """Whoever may do everything here may do nothing there."""
    twin = Twin(acme.signed_in(*roles) if roles else new_client(acme.app, acme.slug))
    for stop in site_crawler.stops(acme.app):
        if isinstance(stop.access, Allowed):
            for method in stop.methods:
                address = stop.address("ID", site_crawler.own_ids(stop, theirs))
                nowhere = "nowhere-to-be-found"
                expected = twin.answer(method, address, nowhere, {})
                twin.is_the_same(method, address, nowhere, globex.slug, expected, {})


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_their_ids_in_a_query_are_like_any_random_id(
    acme: World, tour: Tour, theirs: Rows, role: Role | None
) -> None:
    twin = Twin(visitor(acme, role))
    for address, page in tour.pages(role, twin.client):
        names = site_crawler.arguments() | {name for path, name in page.queries() if path == address}
        query = "&".join(f"{name}=ID" for name in sorted(names))
        twin.compare("GET", f"{address}?{query}", site_crawler.nameable(theirs))


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_their_ids_in_a_form_are_like_any_random_id(
    acme: World, tour: Tour, theirs: Rows, role: Role | None
) -> None:
    twin = Twin(visitor(acme, role))
    seen: set[tuple[str, str]] = set()
    for _, page in tour.pages(role, twin.client):
        for form in page.forms:
            for name, fields in form.variants():
                if (form.action, name) not in seen and form.method != "GET":
                    seen.add((form.action, name))
                    guess = fields | {name: ["ID"]}
                    known = site_crawler.nameable(theirs)
                    twin.compare("POST", form.action, known, form=guess, read_together=known)
    assert {name for _, name in seen} >= (NAMED.get(role, set()) if role else set())
