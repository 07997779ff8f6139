"""A manager who exports the list of advocates."""

from collections.abc import Mapping

import pytest

from portal.exports import actions
from portal.exports.models import Export, ExportKind
from tenants.models import Role
from tests.client import Client
from tests.world import World


class Exporter:
    def __init__(self, acme: World) -> None:
        self.acme, self.client = acme, acme.signed_in(Role.MANAGER)

    def request(
        self, kind: str = "list", filters: Mapping[str, str] | None = None, client: Client | None = None
    ) -> Export:
        """Waiting for a worker, however short the list is."""
        by = (client or self.client).member
        given = ({"list": "advocates"} if kind == "list" else {}) | dict(filters or {})
        with self.acme.session() as session:
            return actions.request_export(
                session, ExportKind(kind), given, file_name="list.csv", language="en", by=by
            )

    def file(self, export: Export) -> bytes:
        answer = self.client.get(f"/exports/{export.id}/file")
        assert answer.mimetype == "text/csv", answer.text
        return bytes(answer.data)

    def download_at_once(self, path: str = "/advocates/export") -> bytes:
        """The same list as the page gives it at once."""
        answer = self.client.get(path)
        assert answer.mimetype == "text/csv", answer.text
        return bytes(answer.data)


@pytest.fixture
def exporter(acme: World) -> Exporter:
    for name in ("Ada", "=cmd()", 'Grace "Amazing"', "Ľudmila,\nß"):
        acme.advocate(first_name=name, title="+1")
    return Exporter(acme)
