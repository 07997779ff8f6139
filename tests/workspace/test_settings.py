"""An admin sets how the workspace looks and the numbers it lives by."""

import re
from html import unescape
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal import policies
from portal.errors import DomainError
from portal.files import StoredFile
from portal.references.policies import ANSWER_DAYS
from portal.workspace.logos import normalize_logo
from tenants.database import system_session
from tenants.models import Role, Tenant
from tests.client import Client
from tests.present import present
from tests.world import World

SEEN = re.compile(r'name="seen"[^>]*value="([^"]+)"')
BRAND = {
    "name": "Ledgerworks",
    "accent": "#C2185B",
    "time_zone": "America/Chicago",
    "currency": "USD",
    "postal_address": "1 Main St\nAustin",
}


def workspace(world: World) -> Tenant:
    with system_session(read_only=True) as session:
        return session.get_one(Tenant, world.tenant_id)


def picture(kind: str = "PNG", size: tuple[int, int] = (900, 300)) -> BytesIO:
    drawn = BytesIO()
    Image.new("RGB", size, "#c2185b").save(drawn, kind)
    drawn.seek(0)
    return drawn


def upload(client: Client, stream: BytesIO, name: str = "logo.png") -> TestResponse:
    return client.post("/settings/brand/logo", {"logo": (stream, name)})


def test_the_brand_is_saved_and_worn_by_the_next_page(acme: World, as_admin: Client) -> None:
    assert as_admin.post("/settings/brand", BRAND).status_code == 303
    page = as_admin.get("/settings/brand").text
    assert "Ledgerworks" in page
    assert "/brand/c2185b.css" in page
    assert workspace(acme).time_zone == "America/Chicago"
    assert "Color: #2f4fc4, now #c2185b" in as_admin.get("/settings/policies").text


@pytest.mark.parametrize(
    ("page", "first", "second"),
    [
        ("brand", BRAND, BRAND | {"name": "Ledgers"}),
        ("join-page", {"join_open": "y", "join_code": "FIRST"}, {"join_open": "y", "join_code": "SECOND"}),
    ],
)
def test_of_two_admins_one_saves_and_the_other_is_told(
    acme: World, as_admin: Client, page: str, first: dict[str, str], second: dict[str, str]
) -> None:
    seen = {"seen": present(SEEN.search(as_admin.get(f"/settings/{page}").text))[1]}
    assert as_admin.post(f"/settings/{page}", first | seen).status_code == 303
    before = workspace(acme)
    late = as_admin.post(f"/settings/{page}", second | seen)
    assert (late.status_code, "Someone else changed these settings" in late.text) == (409, True)
    assert workspace(acme).name == before.name
    assert workspace(acme).join_code == before.join_code


def test_a_color_that_is_none_is_refused(acme: World, as_admin: Client) -> None:
    refused = as_admin.post("/settings/brand", BRAND | {"accent": "red;}body{display:none"})
    assert refused.status_code == 422
    assert workspace(acme).accent == "#2f4fc4"


def test_a_logo_is_made_small_and_served_to_everybody(acme: World, as_admin: Client, client: Client) -> None:
    upload(as_admin, picture("JPEG", (1200, 600)), "big.jpg")
    served = client.get(f"/brand/{acme.slug}/logo/{workspace(acme).logo_id}", outside=True)
    assert served.mimetype == "image/png"
    assert "immutable" in served.headers["Cache-Control"]
    assert Image.open(BytesIO(served.data)).size == (256, 128)


def test_a_new_logo_replaces_the_old_one_and_can_be_removed(acme: World, as_admin: Client) -> None:
    upload(as_admin, picture())
    upload(as_admin, picture("WEBP"))
    with acme.session() as session:
        assert len(session.scalars(select(StoredFile)).all()) == 1
    as_admin.post("/settings/brand/logo/removal")
    assert workspace(acme).logo_id is None


def test_what_is_no_picture_is_refused_beside_the_field(acme: World, as_admin: Client) -> None:
    svg = BytesIO(b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")
    cut = BytesIO(picture().getvalue()[:60])
    for wrong in (svg, cut, BytesIO()):
        assert upload(as_admin, wrong).status_code == 422
    assert workspace(acme).logo_id is None


def test_a_file_larger_than_two_megabytes_is_not_even_looked_at() -> None:
    with pytest.raises(DomainError, match="larger than 2 MB"):
        normalize_logo(BytesIO(b"\0" * (2 * 1024 * 1024 + 1)))


def test_a_picture_of_too_many_pixels_is_refused(acme: World, as_admin: Client) -> None:
    assert upload(as_admin, picture("PNG", (6000, 4000))).status_code == 422


def test_a_picture_painted_over_and_over_is_refused_before_it_is_drawn() -> None:
    """Each scan costs a few bytes and paints every pixel: two megabytes of them would take ten minutes."""
    Image.new("RGB", (64, 64), "red").save(plain := BytesIO(), "JPEG", progressive=True)
    whole = plain.getvalue()
    normalize_logo(BytesIO(whole))
    last = whole[whole.rfind(b"\xff\xda") : -2]
    with pytest.raises(DomainError, match="takes too long to process"):
        normalize_logo(BytesIO(whole[:-2] + last * 20_000 + whole[-2:]))


def test_the_join_page_closes_and_gets_a_code(acme: World, as_admin: Client, client: Client) -> None:
    assert client.get(f"/join/{acme.slug}", outside=True).status_code == 200
    assert "is open" in as_admin.get("/settings/join-page").text
    as_admin.post("/settings/join-page", {"join_code": "SPRING-26"})
    assert (workspace(acme).join_open, workspace(acme).join_code) == (False, "SPRING-26")
    assert "is closed" in as_admin.get("/settings/join-page").text
    closed = client.get(f"/join/{acme.slug}", outside=True)
    assert closed.status_code == 404
    assert "by invitation" in closed.text
    assert client.post(f"/join/{acme.slug}", outside=True).status_code == 404


def policy_form(world: World, **new: int) -> dict[str, str]:
    with world.session() as session:
        values = policies.values(session)
    form = {name.replace(".", "_"): str(value) for name, value in values.items()}
    form |= {f"was_{name}": value for name, value in form.items()}
    form = {name: value for name, value in form.items() if not _is_unticked(name, value)}
    return form | {name: str(value) for name, value in new.items()}


def _is_unticked(name: str, value: str) -> bool:
    bounds = {one.name.replace(".", "_"): (one.low, one.high) for one in policies.POLICIES.values()}
    return bounds.get(name) == (0, 1) and value == "0"


def test_a_policy_changes_within_its_bounds_and_is_remembered(acme: World, as_admin: Client) -> None:
    as_admin.post("/settings/policies", policy_form(acme, references_answer_days=4))
    with acme.session() as session:
        assert policies.value(session, ANSWER_DAYS) == 4
    page = as_admin.get("/settings/policies").text
    assert f"{ANSWER_DAYS.label}: {ANSWER_DAYS.default}, now 4" in page
    assert as_admin.member.name in page


def test_a_policy_beyond_its_bounds_is_refused(acme: World, as_admin: Client) -> None:
    refused = as_admin.post("/settings/policies", policy_form(acme, references_answer_days=100_000_000))
    assert refused.status_code == 422
    assert f"{ANSWER_DAYS.label}: Please choose a number from" in refused.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"send_from_hour": 22, "send_until_hour": 6}, "Please choose an hour after the first"),
        ({"emails_per_week": 9, "emails_per_month": 3}, "Please choose at least as many as in 7 days"),
    ],
)
def test_two_numbers_that_do_not_go_together_are_refused_and_stay_as_typed(
    acme: World, as_admin: Client, typed: dict[str, int], said: str
) -> None:
    new = {f"outreach_{name}": value for name, value in typed.items()} | {"references_answer_days": 4}
    refused = as_admin.post("/settings/policies", policy_form(acme, **new))
    assert (refused.status_code, said in refused.text) == (422, True)
    for name, value in new.items():
        assert re.search(rf'<input[^>]*name="{name}"[^>]*value="{value}"', refused.text), name
    with acme.session() as session:
        kept = policies.values(session)
    assert (kept["outreach.send_from_hour"], kept["references.answer_days"]) == (0, ANSWER_DAYS.default)


@pytest.mark.parametrize("hours", [(9, 9), (0, 0)])
def test_emails_leave_at_any_hour_when_both_hours_are_the_same(
    acme: World, as_admin: Client, hours: tuple[int, int]
) -> None:
    form = policy_form(acme, outreach_hours_from=hours[0], outreach_hours_until=hours[1])
    assert as_admin.post("/settings/policies", form).status_code == 303
    assert "The same hour in both means any time of day." in unescape(as_admin.get("/settings/policies").text)


def test_a_refused_policy_is_named_however_long_its_name_is(acme: World, as_admin: Client) -> None:
    longest = max(policies.POLICIES.values(), key=lambda policy: len(policy.label))
    wrong = policy_form(acme) | {longest.name.replace(".", "_"): "-1"}
    refused = as_admin.post("/settings/policies", wrong).text
    assert f"{longest.label}: Please choose a number from" in refused


def test_of_two_admins_the_second_is_told_what_the_first_did(acme: World, as_admin: Client) -> None:
    other, stale = acme.signed_in(Role.ADMIN), policy_form(acme)
    as_admin.post("/settings/policies", policy_form(acme, references_answer_days=4))
    assert other.post("/settings/policies", stale).status_code == 303, "what was not touched is no quarrel"
    told = other.post("/settings/policies", stale | {"references_answer_days": "9"})
    assert told.status_code == 409
    with acme.session() as session:
        assert policies.value(session, ANSWER_DAYS) == 4


def test_a_workspace_without_a_postal_address_is_told_so_where_emails_and_settings_are(
    acme: World, as_admin: Client, as_manager: Client
) -> None:
    def told(page: str) -> bool:
        return "has no postal address yet" in page

    pages = ((as_admin, "/settings"), (as_admin, "/emails/templates"), (as_manager, "/emails/templates"))
    assert [told(client.get(path).text) for client, path in pages] == [False] * 3
    as_admin.post("/settings/brand", BRAND | {"postal_address": " "})
    shown = [client.get(path).text for client, path in pages]
    assert [told(page) for page in shown] == [True] * 3
    way = f"/{acme.slug}/settings/brand#postal_address"
    assert [way in page for page in shown] == [True, True, False]
    assert "An admin can add it in Settings." in shown[2]
    as_admin.post("/settings/brand", BRAND)
    assert [told(client.get(path).text) for client, path in pages] == [False] * 3


def test_settings_are_found_by_a_word(as_admin: Client) -> None:
    found = as_admin.get("/settings?q=color").text
    assert "Name and brand" in found
    assert ANSWER_DAYS.label not in found
    assert "No settings found" in as_admin.get("/settings?q=xyzzy").text
