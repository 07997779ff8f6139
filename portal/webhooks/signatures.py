"""Is it SendGrid that speaks? Proved over the body as it came, byte for byte."""

import base64
import re
from functools import lru_cache

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from sendgrid.helpers.eventwebhook import EventWebhook, EventWebhookHeader

SIGNATURE, TIMESTAMP = EventWebhookHeader.SIGNATURE, EventWebhookHeader.TIMESTAMP
BASE64 = re.compile(r"[A-Za-z0-9+/]{8,200}={0,2}")
SECONDS = re.compile(r"[0-9]{1,15}")
AROUND = re.compile(r"-----[A-Z ]+-----|\s")  # a key copied with its frame


def is_signed(public_key: str, body: bytes, signature: str, timestamp: str) -> bool:
    """Verify the signature. An old timestamp is fine: what was stored once is not stored again."""
    key = _key(AROUND.sub("", public_key))
    if key is None or not (BASE64.fullmatch(signature) and SECONDS.fullmatch(timestamp)):
        return False
    try:  # not by the library's own verify_signature, which wants text: a provider's bytes need not be any
        key.verify(base64.b64decode(signature), timestamp.encode() + body, ECDSA(SHA256()))
    except (ValueError, InvalidSignature):
        return False
    return True


@lru_cache(maxsize=256)
def _key(public_key: str) -> EllipticCurvePublicKey | None:
    """None without a key, or with one that is none."""
    try:
        found = EventWebhook(public_key).public_key
    except (ValueError, UnsupportedAlgorithm):
        return None
    return found if isinstance(found, EllipticCurvePublicKey) else None
