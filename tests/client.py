"""A browser that knows its workspace, sends the form's secret along, and reads every page strictly."""

import itertools
import re
from ipaddress import IPv4Address
from typing import Any, Self

from flask.testing import FlaskClient
from werkzeug.test import Cookie, TestResponse

from portal.advocates.models import Advocate
from portal.web.dispatch import Portal
from tenants.models import Membership
from tests.strict_html import read_strictly

SECRET = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
ADDRESSES = itertools.count(int(IPv4Address("10.0.0.1")))


class Client(FlaskClient):
    """`get("/requests")` asks for /<slug>/requests; `outside=True` for addresses of no workspace.

    `open` sends exactly what it is given, without the form's secret, and looks at nothing.
    """

    member: Membership
    advocate: Advocate

    def __init__(self, *given: Any, slug: str = "", **named: Any) -> None:
        super().__init__(*given, **named)
        self.environ_base["REMOTE_ADDR"] = str(IPv4Address(next(ADDRESSES)))  # limits count by source
        self.slug = slug
        self.secret = ""

    def __enter__(self) -> Self:
        """pytest-flask's `client` comes out of a `with`, in which Flask would keep the last request open.

        The next request, of whoever, would find its `g` there, and with it who signed in.
        """
        return self

    def get(self, path: str, *, outside: bool = False, **more: Any) -> TestResponse:
        return self._read(super().get(self._address(path, outside), **more))

    def post(
        self, path: str, data: dict[str, Any] | None = None, *, outside: bool = False, **more: Any
    ) -> TestResponse:
        if not self.secret:
            self._fetch_secret()
        form = {"csrf_token": self.secret} | (data or {})
        return self._read(super().post(self._address(path, outside), data=form, **more))

    def follow(self, response: TestResponse) -> TestResponse:
        assert response.status_code in {302, 303}, (response.status_code, response.text[:2000])
        return self.get(response.location, outside=True)

    def cookie(self, name: str) -> str:
        """The value of one that it must have."""
        found = self.get_cookie(name)
        assert found is not None, f"no cookie {name}"
        return found.value

    def cookies(self) -> list[Cookie]:
        """What another browser needs to be this one."""
        return list((self._cookies or {}).values())  # werkzeug shows them one by one, by name

    def _fetch_secret(self) -> None:
        self.get("/sign-in", outside=True)
        assert self.secret, "the sign-in page carries the form's secret"

    def _address(self, path: str, outside: bool) -> str:
        inside = self.slug and not outside and not path.startswith(f"/{self.slug}/")
        return f"/{self.slug}{path}" if inside else path

    def _read(self, response: TestResponse) -> TestResponse:
        response.request.environ[
            "wsgi.input"
        ].close()  # a large form stands in a file, which nobody else closes
        if response.mimetype == "text/html":
            read_strictly(response.text, whole="HX-Request" not in response.request.headers)
            if found := SECRET.search(response.text):
                self.secret = found.group(1)
        return response


def new_client(app: Portal, slug: str = "") -> Client:
    """Another browser, in which nobody has signed in."""
    return Client(app, app.response_class, slug=slug)
