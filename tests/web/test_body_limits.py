"""Every address says how much it takes, and nobody's form is read before it is clear who they are."""

import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from portal.web import session_cookie
from portal.web.access import Allowed, SignedIn, access_of, public
from portal.web.body_limits import (
    KB,
    MB,
    BodyLimit,
    accepts_anonymous,
    accepts_file,
    check_body_limits,
    limit_lookup,
    limit_of,
)
from portal.web.disk_quota import DiskQuota, QuotaExceeded, QuotaHolder
from portal.web.dispatch import Portal
from tenants.models import Role
from tests.client import Client
from tests.world import World

Page = Callable[[], str]
LARGEST_FILES = {
    "imports.upload": 200,
    "workspace.change_logo": 2,
    "events.create": 8,
    "events.update": 8,
    "events.add_part": 25,
    "events.update_part": 25,
    "events.read_contacts": 2,
    "attendance.upload": 10,
}  # megabytes; a tenth more is room for the fields beside the file
FILES = {name: size * MB + size * MB // 10 for name, size in LARGEST_FILES.items()}
PROVIDERS = {"webhooks.sendgrid", "webhooks.workspace_sendgrid"}
FORM = "/emails/suppressed"
TAKE_ALL = """
import sys, time
from pathlib import Path
from portal.web.disk_quota import DiskQuota
room = DiskQuota(3, Path(sys.argv[1]))
print([room.acquire() for _ in range(3)], flush=True)
time.sleep(60)
"""


def test_every_address_has_a_cap(app: Portal) -> None:
    """A new address that takes files, or bodies of programs, joins the lists above."""
    asked = limit_lookup(app)
    for rule in app.url_map.iter_rules():
        name, members = rule.endpoint, isinstance(access_of(app, rule.endpoint), Allowed | SignedIn)
        usual = FILES.get(name, 5 * MB if name in PROVIDERS else 512 * KB if members else 64 * KB)
        assert (name, limit_of(app, name).size) == (name, usual)
        assert (name, limit_of(app, name).anonymous) == (name, name in PROVIDERS)
    assert asked("POST", "/acme/imports") == BodyLimit(220 * MB, shown_size=200 * MB)
    assert asked("GET", "/acme/imports").size == 512 * KB
    assert asked("POST", "/acme/imports/no/such/page").size == asked("DELETE", "/sign-in").size == 64 * KB


@pytest.mark.parametrize("mark", [accepts_file(MB), accepts_anonymous(MB)])
def test_a_view_that_takes_much_from_anybody_stops_the_start(mark: Callable[[Page], Page]) -> None:
    app = Flask(__name__)

    @app.post("/much")
    @mark
    @public
    def much() -> str:
        return ""

    with pytest.raises(RuntimeError, match=r"from anybody|accepts_anonymous"):
        check_body_limits(app)


def posted(client: Client, path: str, **headers: str) -> tuple[int, bool]:
    """The status, and whether the form was looked at."""
    body = io.BytesIO(b"address=gone%40nordbank.example")
    kind = "application/x-www-form-urlencoded"
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = client.open(
        path, method="POST", input_stream=body, content_length=31, content_type=kind, headers=named
    )
    return answer.status_code, body.tell() > 0


def test_access_comes_before_the_form_and_its_secret(acme: World, globex: World, client: Client) -> None:
    path = f"/{acme.slug}{FORM}"
    assert posted(client, path) == (303, False)
    assert posted(globex.signed_in(Role.MANAGER), path) == (404, False)
    assert posted(acme.signed_in(Role.REP), path) == (403, False)
    assert posted(acme.signed_in(Role.MANAGER), path) == (400, True)


def test_what_a_stranger_typed_is_kept_while_it_is_short(acme: World, client: Client) -> None:
    """And while it is not too long, if they were signed in before."""
    path, ours = f"/{acme.slug}{FORM}", {"Sec-Fetch-Site": "same-origin"}
    assert posted(client, path, Sec_Fetch_Site="same-origin") == (400, True)
    long = {"note": "x" * 100 * KB}
    assert client.open(path, method="POST", data=long, headers=ours).location.startswith("/sign-in")
    client.set_cookie(session_cookie.NAME, session_cookie.new_token())
    kept = client.open(path, method="POST", data=long, headers=ours)
    assert (kept.status_code, long["note"] in kept.text) == (400, True)


def test_without_a_buffer_the_cap_holds_as_well(acme: World) -> None:
    client = acme.signed_in(Role.MANAGER)
    assert client.post(FORM, {"note": "x" * 520 * KB}).status_code == 413
    assert client.post("/sign-in", {"email": "x" * 65 * KB}, outside=True).status_code == 413


def test_the_room_is_one_for_all_processes_and_a_dead_one_leaves_it(tmp_path: Path) -> None:
    here = DiskQuota(3, tmp_path / "room")
    words = [sys.executable, "-c", TAKE_ALL, str(here.file)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout
        assert other.stdout.readline() == "[2, 1, 0]\n"
        with pytest.raises(QuotaExceeded):
            here.acquire()
        other.kill()
        other.wait()
        assert [here.acquire(), here.acquire(), here.acquire()] == [2, 1, 0]
    with pytest.raises(QuotaExceeded):
        here.acquire()
    here.release(1)
    with pytest.raises(QuotaExceeded):
        here.acquire(QuotaHolder("192.0.2.1", is_anonymous=True))
    assert here.acquire() == 1
