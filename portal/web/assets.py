"""The built files: their hashed addresses for pages, and serving them to be kept for ever."""

import json
import re
from functools import cache
from pathlib import Path

from flask import Flask
from whitenoise import WhiteNoise

DIST = Path(__file__).parents[1] / "static" / "dist"
PREFIX = "/static/"
HASHED = re.compile(r"\.[0-9a-f]{10}\.\w+$")


class NotBuilt(RuntimeError):
    """A page names a file that `make assets` did not make."""


def init_app(app: Flask) -> None:
    app.jinja_env.globals["asset"] = asset
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=DIST,
        prefix=PREFIX,
        immutable_file_test=_is_immutable,
        max_age=60,
        index_file=False,
    )


def asset(name: str) -> str:
    try:
        return PREFIX + manifest()[name]
    except KeyError:
        raise NotBuilt(
            f"No built file is called {name!r}: put it in portal/static/src, then `make assets`."
        ) from None


@cache
def manifest() -> dict[str, str]:
    path = DIST / "manifest.json"
    if not path.exists():
        raise NotBuilt("The assets are not built yet: run `make assets`.")
    served: dict[str, str] = json.loads(path.read_text())
    return served


def _is_immutable(path: str, url: str) -> bool:
    return HASHED.search(url) is not None
