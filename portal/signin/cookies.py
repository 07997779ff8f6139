"""The cookies of signing in: which browser asked for an email, which one is signed in, and who signed in before."""

import secrets

from flask import Response, current_app, request, session

from portal.signin import known_browsers
from portal.signin.known_browsers import KNOWN_COOKIE, KNOWN_SECONDS
from portal.signin.sessions import SESSION_LIFETIME
from portal.web.dispatch import SESSION_COOKIE
from tenants.email_addresses import normalize_email

ASKING_COOKIE = "gw_asking"
ASKING_SECONDS = 3600  # seconds


def asking_token() -> str:
    return request.cookies.get(ASKING_COOKIE, "")


def new_asking_token() -> str:
    return asking_token() or secrets.token_urlsafe(32)


def known_browser_id(address: str) -> str:
    """Return this browser's id if the person with this address signed in with it before, else ''."""
    return known_browsers.browser_id(_known_cookie(), _key(), normalize_email(address))


def session_token() -> str:
    return request.cookies.get(SESSION_COOKIE, "")


def user_agent() -> str:
    return request.headers.get("User-Agent", "")


def remember_asking(response: Response, nonce: str) -> Response:
    return _set_cookie(response, ASKING_COOKIE, nonce, ASKING_SECONDS)


def sign_in(response: Response, signed_in: str, address: str) -> Response:
    response.delete_cookie(ASKING_COOKIE)
    known = known_browsers.with_person(_known_cookie(), _key(), normalize_email(address))
    _set_cookie(response, KNOWN_COOKIE, known, KNOWN_SECONDS)
    return _set_cookie(response, SESSION_COOKIE, signed_in, int(SESSION_LIFETIME.total_seconds()))


def sign_out(response: Response) -> Response:
    session.clear()
    response.delete_cookie(SESSION_COOKIE)
    return response


def _known_cookie() -> str:
    return request.cookies.get(KNOWN_COOKIE, "")


def _key() -> str:
    return str(current_app.config["SECRET_KEY"])


def _set_cookie(response: Response, name: str, value: str, seconds: int) -> Response:
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    response.set_cookie(name, value, max_age=seconds, httponly=True, secure=secure, samesite="Lax")
    return response
