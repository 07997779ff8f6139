"""Is it SendGrid that speaks? Proved over the body as it came, byte for byte."""

import re
from functools import lru_cache

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from sendgrid.helpers.eventwebhook import EventWebhook, EventWebhookHeader

SIGNATURE, TIMESTAMP = EventWebhookHeader.SIGNATURE, EventWebhookHeader.TIMESTAMP
BASE64 = re.compile(r"[A-Za-z0-9+/]{8,200}={0,2}")
SECONDS = re.compile(r"[0-9]{1,15}")
AROUND = re.compile(r"-----[A-Z ]+-----|\s")  # a key copied with its frame


def is_signed(public_key: str, body: bytes, signature: str, timestamp: str) -> bool:
    """False for whatever is not exactly right. An old timestamp is fine: what was stored once is not stored again."""
    verifier = _verifier(AROUND.sub("", public_key))
    if verifier is None or not (BASE64.fullmatch(signature) and SECONDS.fullmatch(timestamp)):
        return False
    try:
        return bool(verifier.verify_signature(body.decode(), signature, timestamp))
    except ValueError:  # no text, no base64, no signature
        return False


@lru_cache(maxsize=256)
def _verifier(public_key: str) -> EventWebhook | None:
    """None without a key, or with one that is none."""
    try:
        made = EventWebhook(public_key)
    except (ValueError, UnsupportedAlgorithm):
        return None
    return made if isinstance(made.public_key, EllipticCurvePublicKey) else None
