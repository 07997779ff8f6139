"""A form that could not be taken: what was typed stays on a page, from where it is sent again."""

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from portal.web import session_cookie
from portal.web.body_limits import ANONYMOUS_LIMIT, SIGNED_IN

CSRF_FIELD = "csrf_token"


def can_be_resent() -> bool:
    """Tell whether something was typed on a page of ours, and is short enough to read.

    No browser lets another site's page say that it is ours. Browsers that were never signed in may send less.
    """
    if (
        request.headers.get("Sec-Fetch-Site") != "same-origin"
        or (request.content_length or 0) > _max_length()
    ):
        return False
    return bool(set(request.form) - {CSRF_FIELD}) and not request.files


def _max_length() -> int:
    was_here = session_cookie.is_signed(request.cookies.get(session_cookie.NAME, ""))
    return SIGNED_IN.size if was_here else ANONYMOUS_LIMIT


def expired_form_page(template: str = "errors/expired_form.html", status: int = 400) -> ResponseReturnValue:
    """Render without the database. Whoever signs in in another tab, or waits, sends the form from here."""
    fields = [(name, value) for name, value in request.form.items(multi=True) if name != CSRF_FIELD]
    body = render_template(
        template,
        fields=fields,
        url=request.full_path.rstrip("?"),
        csrf_token=generate_csrf(),
        here="",
    )
    response: Response = make_response(body, status)
    response.headers["Cache-Control"] = "no-store"
    return response
