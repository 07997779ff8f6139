"""Walking through the whole house: every address of the URL map, every form on every page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

from werkzeug.routing import Rule

from portal import links
from portal.programs import PROGRAMS
from portal.web.access import Access, Allowed, SignedFor, access_of
from portal.web.dispatch import Portal
from tenants.base import Base
from tenants.models import Role
from tests.client import Client
from tests.contracts.cases import FACTS
from tests.world import World

ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
ARGUMENT = re.compile(r"""args(?:\.get(?:list)?\(|\[)["'](\w+)""")
CHANGING = re.compile(
    r'DTSTAMP:\w+|nonce="[^"]+"|value="[^"]{60,}"'
    r"|D:\d{14}Z|(?:Date|InstanceID)>[^<]+"  # when a PDF was drawn
)
ID_IN_ADDRESS = re.compile(r"<uuid:(\w+)>")
SOURCES = tuple(Path(__file__).parents[2].joinpath("portal").rglob("*.py"))


def ids_of_programs() -> dict[str, str]:
    """What an id in an address of a program names: `recipient_id`, by the last word of one of its tables."""
    used = {name for path in SOURCES for name in ID_IN_ADDRESS.findall(path.read_text())}
    own = tuple(f"portal.{program.name}." for program in PROGRAMS)
    mappers = Base.registry.mappers
    tables = [mapper.class_.__tablename__ for mapper in mappers if mapper.class_.__module__.startswith(own)]
    named = {f"{table.rpartition('_')[2].removesuffix('s')}_id": table for table in sorted(tables)}
    return {name: table for name, table in named.items() if name in used}


TABLE_OF = (
    ids_of_programs()
    | {  # what an id in an address names; a new kind of id of a feature must join here
        "account_id": "accounts",
        "action_id": "bulk_actions",
        "advocate_id": "advocates",
        "ask_id": "asks",
        "campaign_id": "campaigns",
        "collision_id": "address_collisions",
        "deal_id": "deals",
        "envelope_id": "envelopes",
        "export_id": "exports",
        "field_id": "custom_fields",
        "file_id": "stored_files",
        "import_id": "imports",
        "email_id": "emails",
        "member_id": "memberships",
        "membership_id": "memberships",
        "row_id": "event_sessions",  # of the parts of an event
        "run_id": "sequence_runs",
        "segment_id": "segments",
        "sequence_id": "sequences",
        "suppression_id": "suppressions",
        "tag_id": "tags",
        "template_id": "email_templates",
        "view_id": "saved_views",
    }
)
SHOWN = {"consent_texts", "email_template_versions", "meeting_slots"}  # what a form may name besides
MORE = {  # pages whose forms name other rows in this state only
    endpoint: page for facts in FACTS.values() for endpoint, page in facts.more_pages.items()
}
SIGNED_ROW: dict[str, str] = {  # the row a link of this purpose is about
    links.LinkPurpose.MEMBER: "memberships",
    links.LinkPurpose.JOIN: "join_requests",
    links.LinkPurpose.INVITE: "advocates",
    links.LinkPurpose.ADDRESS: "address_changes",
    links.LinkPurpose.ANSWER: "asks",
    links.LinkPurpose.PREFERENCES: "advocates",
    links.LinkPurpose.FURTHER_PURPOSE: "consent_requests",
    links.LinkPurpose.UNSUBSCRIBE: "emails",
    links.LinkPurpose.SIGN_IN: "sign_in_requests",
    **{purpose: table for facts in FACTS.values() for purpose, table in facts.signed_rows.items()},
}


@dataclass(frozen=True)
class Stop:
    """A view with its address pattern and its access rule."""

    rule: Rule
    access: Access

    @property
    def ids(self) -> list[str]:
        return sorted(name for name in self.rule.arguments if name.endswith("_id"))

    @property
    def methods(self) -> list[str]:
        return sorted((self.rule.methods or set()) & {"GET", "POST", "PUT", "DELETE", "PATCH"})

    @property
    def roles(self) -> frozenset[Role]:
        return self.access.roles if isinstance(self.access, Allowed) else frozenset()

    def is_for(self, role: Role | None) -> bool:
        """May this role open it? What everybody may open is walked through as a stranger and as a manager."""
        return role in self.roles if isinstance(self.access, Allowed) else role in {None, Role.MANAGER}

    def address(self, slug: str, ids: dict[str, str], token: str = "") -> str:
        names = {
            "purpose": "feedback",
            "role": "manager",
            "color": "2f4fc4",
            "name": "fulfillment",
            "kind": "ask",
            "number": "1",
            "part": "sessions",
            "list_name": "advocates",
            "act": "invite",
            "ending": "csv",
            "attribute": "person.products",
        }
        given = {"workspace": slug, "slug": slug, "token": token} | names | ids
        values = {name: _as(self.rule, name, given.get(name, slug)) for name in self.rule.arguments}
        built = self.rule.build(values)
        assert built, (self.rule, values)
        return str(built[1])


def _as(rule: Rule, name: str, value: str) -> object:
    return UUID(value) if name.endswith("_id") else value


def stops(app: Portal) -> list[Stop]:
    found = ((rule, access_of(app, rule.endpoint)) for rule in app.url_map.iter_rules())
    return [Stop(rule, access) for rule, access in found if access is not None]


def token(stop: Stop, tenant_id: UUID, rows: dict[str, str]) -> str:
    if not isinstance(stop.access, SignedFor):
        return ""
    return links.token(stop.access.purpose, tenant_id, UUID(rows[SIGNED_ROW[stop.access.purpose]]))


def own_ids(stop: Stop, rows: dict[str, str]) -> dict[str, str]:
    return {name: rows[TABLE_OF[name]] for name in stop.ids}


def nameable(rows: dict[str, str]) -> dict[str, str]:
    """Table -> id of what an address, a query or a form can name; no view looks for another kind of row by its id."""
    return {table: rows[table] for table in sorted({*TABLE_OF.values()} | SHOWN)}


def settled(page: str, *ids: str) -> str:
    """A page without what differs from one answer to the next, and without the id that was asked for."""
    for known in ids:
        page = page.replace(known, "ID")
    return CHANGING.sub("", page)


@dataclass
class FoundForm:
    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)

    def variants(self) -> Iterator[tuple[str, dict[str, list[str]]]]:
        """(name of a field that holds an id, what the form sends)."""
        sent: dict[str, list[str]] = {}
        for name, value in self.fields:
            sent.setdefault(name, []).append(value)
        for name in sorted({name for name, value in self.fields if ID.search(value)}):
            yield name, sent


class Forms(HTMLParser):
    """Every form of a page with the values it would send, and the queries of its links."""

    def __init__(self, page: str, address: str) -> None:
        super().__init__()
        self.address, self.forms, self.links = address, [], []  # type: str, list[FoundForm], list[str]
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(
                FoundForm(given.get("action") or self.address, given.get("method", "get").upper())
            )
        elif tag in {"input", "button", "option", "select", "textarea"} and self.forms:
            self._field(tag, given)
        elif tag == "a" and "?" in given.get("href", ""):
            self.links.append(given["href"])

    def _field(self, tag: str, given: dict[str, str]) -> None:
        if tag == "select":
            self.select = given.get("name", "")
        name = self.select if tag == "option" else given.get("name", "")
        if name and "value" in given:
            self.forms[-1].fields.append((name, given["value"]))

    select = ""

    def queries(self) -> list[tuple[str, str]]:
        """(path, name) of each query argument of a link."""
        parts = [urlsplit(href) for href in self.links]
        return sorted({(part.path, name) for part in parts for name, _ in parse_qsl(part.query)})


def pages(
    client: Client, world: World, rows: dict[str, str], role: Role | None
) -> Iterator[tuple[str, Forms]]:
    """Every page this role may open, with the workspace's own ids."""
    for stop in stops(world.app):
        if "GET" in stop.methods and stop.is_for(role):
            address = stop.address(world.slug, own_ids(stop, rows), token(stop, world.tenant_id, rows))
            answer = client.get(address, outside=True)
            assert answer.status_code < 500, (address, answer.status_code)
            yield address, Forms(answer.text if answer.mimetype == "text/html" else "", address)
    for endpoint, path in MORE.items():
        if any(stop.rule.endpoint == endpoint and stop.is_for(role) for stop in stops(world.app)):
            address = f"/{world.slug}" + path.format(**rows)
            yield address, Forms(client.get(address, outside=True).text, address)


@cache
def arguments() -> frozenset[str]:
    """The names our views take from a query: found in the code."""
    return frozenset(name for path in SOURCES for name in ARGUMENT.findall(path.read_text()))
