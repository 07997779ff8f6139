"""The two cookies of signing in: which browser asked for a letter, and which one is signed in."""

import secrets

from flask import Response, current_app, request, session

from portal.signin.sessions import LIVES
from portal.web.dispatch import SESSION_COOKIE

ASKING_COOKIE = "gw_asking"
ASKING_LIVES = 3600  # seconds


def asking() -> str:
    """What this browser showed when it asked for a letter; empty if it never did."""
    return request.cookies.get(ASKING_COOKIE, "")


def new_asking() -> str:
    """The same again for a browser that asks twice, so that either letter works."""
    return asking() or secrets.token_urlsafe(32)


def token() -> str:
    return request.cookies.get(SESSION_COOKIE, "")


def agent() -> str:
    return request.headers.get("User-Agent", "")


def remember_asking(response: Response, nonce: str) -> Response:
    return _keep(response, ASKING_COOKIE, nonce, ASKING_LIVES)


def sign_in(response: Response, signed_in: str) -> Response:
    response.delete_cookie(ASKING_COOKIE)
    return _keep(response, SESSION_COOKIE, signed_in, int(LIVES.total_seconds()))


def sign_out(response: Response) -> Response:
    session.clear()
    response.delete_cookie(SESSION_COOKIE)
    return response


def _keep(response: Response, name: str, value: str, seconds: int) -> Response:
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    response.set_cookie(name, value, max_age=seconds, httponly=True, secure=secure, samesite="Lax")
    return response
