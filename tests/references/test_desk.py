"""Requests, from the rep's form to the outcome."""

from tests.client import Client
from tests.world import World


def test_pages_open(as_rep: Client, as_manager: Client, acme: World) -> None:
    wanted = acme.request(requester=as_rep.member)
    acme.advocate()
    for client in (as_rep, as_manager):
        for path in ("/requests", "/requests/new", f"/requests/{wanted.id}", "/requests/new/outside", "/requests?view=ended","/requests?view=late"):
            response = client.get(path)
            assert response.status_code == 200, (path, response.text[:3000])
