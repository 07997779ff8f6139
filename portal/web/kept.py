"""A form that could not be taken: what was typed stays on a page, from where it is sent again."""

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

GUARD = "csrf_token"


def is_worth_keeping() -> bool:
    """Something was typed, on a page of ours: no browser lets another site's page say that it is the same."""
    typed = set(request.form) - {GUARD}
    return bool(typed) and not request.files and request.headers.get("Sec-Fetch-Site") == "same-origin"


def page(template: str = "errors/kept.html", status: int = 400) -> ResponseReturnValue:
    """It draws nothing from the database. Whoever signs in in another tab, or waits, sends the form from here."""
    fields = [(name, value) for name, value in request.form.items(multi=True) if name != GUARD]
    body = render_template(
        template,
        fields=fields,
        address=request.full_path.rstrip("?"),
        guard=generate_csrf(),
        here="",
    )
    response: Response = make_response(body, status)
    response.headers["Cache-Control"] = "no-store"
    return response
