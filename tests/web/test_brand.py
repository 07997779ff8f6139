"""The workspace's color and logo on every page, from addresses that browsers keep."""

from io import BytesIO
from uuid import uuid4

from PIL import Image

from portal import files
from portal.files import StoredFile
from tenants.models import Tenant
from tests.client import Client
from tests.world import World


def with_logo(world: World) -> StoredFile:
    image = BytesIO()
    Image.new("RGB", (4, 4), "red").save(image, "PNG")
    with world.session() as session:
        kept = files.store(session, "logo.png", "image/png", BytesIO(image.getvalue()))
        session.get_one(Tenant, world.tenant_id).logo_id = kept.id
    return kept


def test_a_color_is_one_line_kept_for_ever(client: Client) -> None:
    sheet = client.get("/brand/aa3355.css", outside=True)
    assert (sheet.status_code, sheet.mimetype, sheet.text) == (200, "text/css", ":root{--gw-accent:#aa3355}")
    assert "immutable" in sheet.headers["Cache-Control"]


def test_nothing_but_a_color_gets_into_the_sheet(client: Client) -> None:
    for given in ("AA3355", "red", "aa33", "aa3355}body{display:none", "aa3355%0a"):
        assert client.get(f"/brand/{given}.css", outside=True).status_code == 404


def test_the_logo_is_shown_to_anybody_and_only_the_one_in_use(
    client: Client, acme: World, globex: World
) -> None:
    logo, other = with_logo(acme), with_logo(globex)
    shown = client.get(f"/brand/{acme.slug}/logo/{logo.id}", outside=True)
    assert (shown.status_code, shown.mimetype, shown.data[:4]) == (200, "image/png", b"\x89PNG")
    for file_id in (other.id, uuid4()):
        assert client.get(f"/brand/{acme.slug}/logo/{file_id}", outside=True).status_code == 404


def test_a_workspace_without_logo_has_none_to_show(client: Client, acme: World) -> None:
    assert client.get(f"/brand/{acme.slug}/logo/{uuid4()}", outside=True).status_code == 404
