"""Which people signed in with a browser before: a signed cookie that outlives the session and holds no secret of it.

It proves nothing about who sits there now, so it opens nothing; it only counts its sign-in emails by themselves.
"""

from collections.abc import Mapping
from secrets import token_urlsafe
from typing import Any

from itsdangerous import BadSignature, URLSafeSerializer

from portal import secrets

KNOWN_COOKIE = "gw_known"
KNOWN_SECONDS = 400 * 24 * 3600  # seconds; browsers keep none longer
MAX_PEOPLE = 8  # of one browser; who came last stays


def browser_id(cookie: str, key: str, email_norm: str) -> str:
    known = _read(cookie, key)
    return str(known["browser"]) if known and _person(email_norm) in known["people"] else ""


def with_person(cookie: str, key: str, email_norm: str) -> str:
    known = _read(cookie, key) or {"browser": token_urlsafe(16), "people": []}
    person = _person(email_norm)
    people = [*(each for each in known["people"] if each != person), person][-MAX_PEOPLE:]
    return str(_signer(key).dumps({"browser": known["browser"], "people": people}))


def _read(cookie: str, key: str) -> Mapping[str, Any] | None:
    try:
        return dict(_signer(key).loads(cookie)) if cookie else None
    except BadSignature:
        return None


def _signer(key: str) -> URLSafeSerializer:
    return URLSafeSerializer(key, salt="goodword known browser")


def _person(email_norm: str) -> str:
    return secrets.keyed_hash("known browser", email_norm)[:16]
