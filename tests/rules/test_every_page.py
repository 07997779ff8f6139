"""Every page of every role: it opens, it writes nothing, and it asks the database at most eight things."""

from collections.abc import Iterator
from urllib.parse import urlencode
from uuid import UUID

import psycopg
import pytest

from portal.declarations.lists import LISTS, DeclaredList, ListFilter
from portal.schema import metadata
from portal.web.dispatch import Portal
from tenants.models import Membership, Role
from tests.client import Client
from tests.lists.typed_values import TYPED
from tests.rules import site_crawler
from tests.rules.filled_workspace import Rows, fill
from tests.rules.query_counter import statements
from tests.rules.table_snapshot import traces
from tests.world import World

MOST = 8
LOOKING = ("sign_in_sessions",)  # when a browser was seen last
MANY = 500  # twenty times what a list shows at once
COPIES = {  # table -> what must differ between two of its rows
    "accounts": ("name", "name_norm"),
    "bulk_action_rows": ("row_id",),
    "saved_views": ("name",),
    "advocates": ("email", "email_norm", "name_sort"),
    "deals": ("name", "name_norm", "external_id"),
    "reference_requests": ("number",),
    "asks": ("subject_id",),
    "consent_requests": (),
    "emails": ("occasion",),
    "email_templates": ("name",),
    "email_template_versions": ("number",),
    "sequences": ("name",),
    "sequence_runs": ("recipient", "recipient_norm"),
    "imports": (),
    "exports": (),
    "import_results": ("line",),
    "history": (),
    "request_messages": (),
    "suppressions": ("address_hash",),
    "segments": (),
}


@pytest.fixture(scope="module")
def town(app: Portal) -> tuple[World, Rows]:
    world = World.build(app, "Acme")
    return world, fill(world, world.slug)


@pytest.fixture(scope="module")
def few() -> dict[Role, dict[str, int]]:
    """What each role's pages ask before there are many rows."""
    return {}


@pytest.fixture(scope="module")
def headed() -> set[str]:
    """Endpoints that were asked for their head: what that opens is the same for every role."""
    return set()


Walk = list[tuple[site_crawler.Stop, Client, str]]


def rounds(town: tuple[World, Rows], role: Role) -> Iterator[tuple[site_crawler.Stop, Client, str]]:
    world, rows = town
    client = visitor(world, rows, role)
    for stop in site_crawler.stops(world.app):
        if "GET" in stop.methods and stop.is_for(role):
            token = site_crawler.token(stop, world.tenant_id, rows)
            yield stop, client, stop.address(world.slug, site_crawler.own_ids(stop, rows), token)


def visitor(world: World, rows: Rows, role: Role) -> Client:
    """An advocate on their own pages, the manager whose export it is, anybody else."""
    if role == Role.ADVOCATE:
        return world.signed_in_advocate()
    if role == Role.MANAGER:
        with world.session() as session:
            manager = session.get_one(Membership, (world.tenant_id, UUID(rows["manager"])))
        return world.signed_in(as_member=manager)
    return world.signed_in(role)


def counted(walk: Walk) -> dict[str, int]:
    """Endpoint -> statements, for every page that opens."""
    counts = {}
    for stop, client, address in walk:
        with statements() as sent:
            answer = client.get(address, outside=True)
        assert answer.status_code < 500 or stop.rule.endpoint.startswith("health"), (
            address,
            answer.status_code,
        )
        counts[stop.rule.endpoint] = len(sent)
    return counts


@pytest.mark.parametrize("role", list(Role), ids=str)
def test_looking_writes_nothing(
    town: tuple[World, Rows],
    superuser: psycopg.Connection,
    few: dict[Role, dict[str, int]],
    headed: set[str],
    role: Role,
) -> None:
    walk = list(rounds(town, role))
    before = traces(superuser, without=LOOKING)
    few[role] = counted(walk)
    for stop, client, address in walk:
        if stop.rule.endpoint not in headed:
            headed.add(stop.rule.endpoint)
            client.head(address)
    assert traces(superuser, without=LOOKING) == before


@pytest.mark.parametrize("role", list(Role), ids=str)
def test_pages_ask_at_most_eight_things_whatever_the_number_of_rows(
    town: tuple[World, Rows], superuser: psycopg.Connection, few: dict[Role, dict[str, int]], role: Role
) -> None:
    walk = list(rounds(town, role))
    before = few.get(role) or counted(walk)
    multiply(superuser, town[0])
    many = counted(walk)
    assert {page: n for page, n in before.items() if n > MOST} == {}
    assert {page: (before[page], n) for page, n in many.items() if n > before[page]} == {}


def counted_lists(town: tuple[World, Rows]) -> dict[str, int]:
    """Address -> statements: every list in each of its tabs, in each order, searched, and with each of its filters."""
    counts, adapter = {}, town[0].app.url_map.bind("localhost", url_scheme="http")
    for declared in LISTS:
        role = Role.MANAGER if Role.MANAGER in declared.roles else min(declared.roles)
        client = visitor(*town, role)
        path = adapter.build(declared.endpoint, {"workspace": town[0].slug})
        for given in arguments_of(declared):
            with statements() as sent:
                answer = client.get(f"{path}?{urlencode(given)}", outside=True)
            assert answer.status_code == 200, (path, given)
            counts[f"{declared.name} {given}"] = len(sent)
    return counts


def arguments_of(declared: DeclaredList) -> Iterator[dict[str, str]]:
    tabs = [{declared.tab_argument: tab.name} for tab in declared.tabs] or [{}]
    yield from tabs
    yield from ({"sort": column.name} for column in declared.columns if column.sort)
    if declared.search:
        yield {declared.search.argument: "a"}
    yield from ({each.name: _value(each)} for each in declared.filters)


def _value(each: ListFilter) -> str:
    return TYPED[each.kind] if each.kind in TYPED else str(next(iter(each.words or "x")))


def test_lists_ask_at_most_eight_things_in_every_tab_order_and_filter(
    town: tuple[World, Rows], superuser: psycopg.Connection
) -> None:
    few = counted_lists(town)
    multiply(superuser, town[0])
    many = counted_lists(town)
    assert {page: n for page, n in few.items() if n > MOST} == {}
    assert {page: (few[page], n) for page, n in many.items() if n > MOST} == {}


def multiply(superuser: psycopg.Connection, world: World) -> None:
    """Many rows where there was one, written over the wall."""
    for table, columns in COPIES.items():
        if size(superuser, world, table) < MANY:
            changed = {column: changing(table, column) for column in columns} | {"id": "gen_random_uuid()"}
            names = [column.name for column in metadata.tables[table].columns if column.computed is None]
            values = ", ".join(changed.get(name, f't."{name}"') for name in names)
            superuser.execute(
                f"""INSERT INTO {table} ("{'", "'.join(names)}")
                    SELECT {values} FROM {table} t, generate_series(1, {MANY}) n
                    WHERE t.id = (SELECT id FROM {table} WHERE tenant_id = %s ORDER BY id LIMIT 1)""",
                (world.tenant_id,),
            )
    superuser.commit()


def changing(table: str, column: str) -> str:
    kind = metadata.tables[table].columns[column].type.python_type
    return {int: f"t.{column} + n + 1000", UUID: "gen_random_uuid()"}.get(kind, f"t.{column} || n")


def size(superuser: psycopg.Connection, world: World, table: str) -> int:
    row = superuser.execute(
        f"SELECT count(*) FROM {table} WHERE tenant_id = %s", (world.tenant_id,)
    ).fetchone()
    assert row is not None
    return int(row[0])


def test_addresses_are_kebab_case_nouns(app: Portal) -> None:
    words = [
        part for rule in app.url_map.iter_rules() for part in rule.rule.split("/") if part and "<" not in part
    ]
    assert [word for word in words if word != word.lower() or "_" in word] == []
