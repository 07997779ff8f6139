"""The value of the cookie of signed-in browsers. Its signature proves, without the database, that we gave it out.

It opens nothing: who is signed in is asked of the database, which keeps a hash of the whole value. It is for the
buffer, which takes large bodies from browsers that were signed in. Cookies without one stay valid until they end.
"""

import secrets
from datetime import timedelta
from hashlib import sha256

from itsdangerous import BadSignature, TimestampSigner

NAME = "gw_session"
LIFETIME = timedelta(days=30)


class CookieSigner:
    """Holds what signs in this process, made from SECRET_KEY."""

    signer: TimestampSigner


cookie_signer = CookieSigner()


def configure(secret_key: str) -> None:
    cookie_signer.signer = TimestampSigner(
        secret_key, salt="goodword session", key_derivation="hmac", digest_method=sha256
    )


def new_token() -> str:
    return cookie_signer.signer.sign(secrets.token_urlsafe(32)).decode()


def is_signed(value: str) -> bool:
    try:
        cookie_signer.signer.unsign(value, max_age=int(LIFETIME.total_seconds()))
    except BadSignature:
        return False
    return True
