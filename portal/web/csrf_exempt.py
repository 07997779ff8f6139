"""Views that programs of others call: a mail provider, a payment service. They hold no form of ours and no cookie.

What they may do is proved by what they bring: a signed link, or a signature over the body.
"""

from collections.abc import Callable, Iterator
from typing import Any

from flask import Flask

from portal.web.access import View


def csrf_exempt(view: View) -> View:
    view.csrf_exempt = True  # type: ignore[attr-defined]
    return view


def exempt_views(app: Flask) -> Iterator[Callable[..., Any]]:
    for view in app.view_functions.values():
        if getattr(view, "csrf_exempt", False):
            yield view
