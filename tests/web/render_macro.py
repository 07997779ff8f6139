"""Draws a piece of a page with the real parts, outside of any workspace."""

from typing import Any

from flask import render_template_string

from portal.web.dispatch import Portal
from tests.strict_html import read_strictly

PARTS = "".join(
    f'{{% import "components/{name}.html" as {name} %}}'
    for name in ("ui", "forms", "charts", "steps", "people", "dialogs")
)


def render_macro(app: Portal, source: str, path: str = "/", **known: Any) -> str:
    with app.test_request_context(path):
        page = render_template_string(PARTS + source, **known)
    read_strictly(page, whole=False)
    return page
