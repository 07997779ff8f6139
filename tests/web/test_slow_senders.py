"""Whoever sends slowly waits alone: a page thread gets a request when all of it is here."""

import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from sqlalchemy import select

from portal.imports.models import Import
from portal.settings import Settings
from portal.signin import sessions
from portal.web.body_limits import ANONYMOUS_LIMIT, MB
from portal.web.dispatch import SESSION_COOKIE, Portal
from tenants.database import system_session
from tenants.models import Role
from tests.web.web_server import Site, heard, serving
from tests.world import World

HEAD = "POST {} HTTP/1.1\nHost: localhost\nContent-Length: {}\nContent-Type: application/x-www-form-urlencoded\n\n"
CHUNKED = "POST {} HTTP/1.1\nHost: localhost\nTransfer-Encoding: chunked\n\n"
ROOM, SHARE = 16, 4  # megabytes for everything that is buffered, and for one cookie
LINE = b"Ada,Lindqvist,ada%d@nordbank.example,Nordbank\n"


@pytest.fixture(scope="module")
def site(app: Portal, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder, room = tmp_path_factory.mktemp("site"), str(ROOM)
    with serving(settings, folder, target="tests.web.impatient_app:site", spool_megabytes=room) as site:
        yield site


@pytest.fixture
def cookie(acme: World) -> str:
    """Of a manager who signed in just now."""
    manager = acme.member(Role.MANAGER)
    with system_session() as session:
        return f"{SESSION_COOKIE}={sessions.begin(session, manager.user_id)}"


def test_two_who_trickle_stop_nobody_and_are_told(site: Site) -> None:
    head = HEAD.format("/sign-in", 1000) + "e"
    with site.line(head) as one, site.line(head) as other:
        assert [site.ask("GET", path)[0].status for path in ("/healthz", "/sign-in")] == [200, 200]
        for line in (one, other):
            told = trickled(line).decode()
            assert told.startswith("HTTP/1.1 408 ")
            assert "connection: close" in told
            assert "so we closed the connection" in told


def trickled(line: socket.socket) -> bytes:
    """What comes back to somebody who sends a byte now and then, until the other side hangs up."""
    line.settimeout(0.2)
    while True:
        line.send(b"a")
        try:
            said = line.recv(65536)
        except TimeoutError:
            continue
        line.settimeout(30)
        return said + heard(line)


@pytest.mark.parametrize(("size", "status"), [(1000, b"408"), (ANONYMOUS_LIMIT + 1, b"413")])
def test_silence_after_the_head_ends_every_line_with_a_whole_page(
    site: Site, size: int, status: bytes
) -> None:
    """Of many: some stayed open, or their page had no end."""
    with ExitStack() as many:
        lines = [many.enter_context(site.line(HEAD.format("/sign-in", size))) for _ in range(100)]
        told = [heard(line).partition(b"\r\n\r\n") for line in lines]
    assert {head.split()[1] for head, _, _ in told} == {status}
    assert {f"content-length: {len(page)}".encode() in head for head, _, page in told} == {True}
    assert all(page.rstrip().endswith(b"</html>") for _, _, page in told)


def test_a_form_that_breaks_off_halfway_reaches_no_page(site: Site) -> None:
    for head in (HEAD.format("/sign-in", 100), CHUNKED.format("/sign-in") + "5\n"):
        with site.line(head + "email") as line:
            line.shutdown(socket.SHUT_WR)
            assert heard(line).startswith(b"HTTP/1.1 400 ")


def test_what_is_too_large_is_refused_before_it_is_sent(site: Site) -> None:
    with site.line(HEAD.format("/sign-in", ANONYMOUS_LIMIT + 1)) as line:
        told = heard(line).decode()
    assert told.startswith("HTTP/1.1 413 ")
    assert "The limit here is 64 kB" in told
    assert "100 Continue" not in told


def test_no_address_takes_more_than_it_said(site: Site, acme: World, cookie: str) -> None:
    for path in ("/sign-in", "/no/such/page", f"/{acme.slug}/nowhere"):
        assert site.ask("POST", path, b"x" * (ANONYMOUS_LIMIT + 1), cookie=cookie)[0].status == 413
    members = f"/{acme.slug}/emails/suppressed"
    assert site.ask("POST", members, b"x" * (512 * 1024), cookie=cookie)[0].status == 400
    assert site.ask("POST", members, b"x" * (512 * 1024 + 1), cookie=cookie)[0].status == 413


def test_a_body_of_unsaid_length_ends_at_the_same_size(site: Site) -> None:
    parts = [b"x" * 30_000] * 2
    assert site.ask("POST", "/sign-in", iter(parts))[0].status == 400
    assert site.ask("POST", "/sign-in", iter(parts * 2))[0].status == 413


def test_large_bodies_are_for_those_we_gave_a_cookie(site: Site, acme: World, cookie: str) -> None:
    path = f"/{acme.slug}/imports"
    for given in ("", f"{SESSION_COOKIE}=from-before-it-was-signed", cookie[:-3] + "abc"):
        for body in (b"x" * (ANONYMOUS_LIMIT + 1), iter([b"x" * (ANONYMOUS_LIMIT + 1)])):
            answer, words = site.ask("POST", path, body, cookie=given)
            assert (answer.status, "Please sign in first" in words) == (413, True)


def test_a_large_file_arrives_whole(site: Site, acme: World, cookie: str) -> None:
    form, page = site.ask("GET", f"/{acme.slug}/imports/new", cookie=cookie)
    secret = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert secret
    people = b"First,Last,Email,Account\n" + b"".join(LINE % number for number in range(50_000))
    assert 2 * MB < len(people) < SHARE * MB
    cookies = f"{cookie}; {form.headers['Set-Cookie'].partition(';')[0]}"
    kind = "multipart/form-data; boundary=b"
    answer, _ = site.ask(
        "POST", f"/{acme.slug}/imports", multipart(secret[1], people), cookie=cookies, content_type=kind
    )
    assert answer.status == 303
    assert site.ask("GET", answer.headers["Location"], cookie=cookie)[0].status == 200
    with acme.session() as session:
        assert session.scalars(select(Import.file_size)).one() == len(people)


def multipart(secret: str, file: bytes) -> bytes:
    part = '--b\r\nContent-Disposition: form-data; name="{}"{}\r\n\r\n'
    first = part.format("csrf_token", "") + secret + "\r\n" + part.format("file", '; filename="people.csv"')
    return first.encode() + file + b"\r\n--b--\r\n"


def test_without_room_it_is_said_so_and_later_there_is_room(site: Site, acme: World, cookie: str) -> None:
    path = f"/{acme.slug}/imports"
    answer, words = site.ask("POST", path, b"x" * (SHARE + 1) * MB, cookie=cookie)
    assert (answer.status, answer.headers["Retry-After"]) == (503, "30")
    assert "no space for another" in words
    assert (
        site.ask("POST", path, b"x" * SHARE * MB, cookie=cookie)[0].status == 400
    )  # no secret: it was looked at


def test_providers_need_no_cookie_and_never_take_all_of_the_room(site: Site) -> None:
    assert site.ask("POST", "/hooks/sendgrid", b"x" * 2 * MB)[0].status == 401
    assert site.ask("POST", "/hooks/sendgrid", b"x" * 3 * MB)[0].status == 503
    assert site.ask("POST", "/hooks/sendgrid", b"x" * (5 * MB + 1))[0].status == 413


def test_a_client_that_asks_first_is_told_to_go_on(site: Site) -> None:
    with site.line(HEAD.format("/sign-in", 4).replace("\n\n", "\nExpect: 100-continue\n\n")) as line:
        assert line.recv(65536).startswith(b"HTTP/1.1 100 ")
        line.sendall(b"a=b\n")
        assert line.recv(65536).startswith(b"HTTP/1.1 400 ")


def test_the_rest_is_as_it_was(site: Site) -> None:
    """HEAD, files that are kept for ever, and a second request on the same line."""
    _, page = site.ask("GET", "/sign-in")
    style = re.search(r"/static/goodword\.\w+\.css", page)
    assert style
    whole, _ = site.ask("GET", style[0], accept_encoding="gzip")
    head, nothing = site.ask("HEAD", style[0], accept_encoding="gzip")
    assert (head.headers["Content-Length"], nothing) == (whole.headers["Content-Length"], "")
    assert "immutable" in whole.headers["Cache-Control"]
    assert site.ask("GET", style[0], if_none_match=whole.headers["ETag"])[0].status == 304
    with site.line("GET /healthz HTTP/1.1\nHost: localhost\n\n" * 2) as line:
        said = b""
        while said.count(b"HTTP/1.1 200") < 2:
            said += line.recv(65536)
