"""What may be kept but not read: provider keys are sealed, suppressed addresses hashed, both with DATA_KEY."""

import base64
import hmac

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from portal.errors import Unavailable


class DataKeys:
    """Holds the keys of this process, derived from DATA_KEY."""

    fernet: Fernet
    hash_key: bytes


data_keys = DataKeys()


def configure(data_key: str) -> None:
    data_keys.fernet = Fernet(base64.urlsafe_b64encode(_derived(data_key, b"goodword sealed keys")))
    data_keys.hash_key = _derived(data_key, b"goodword hashed addresses")


def encrypt(secret: str) -> str:
    return data_keys.fernet.encrypt(secret.encode()).decode()


def decrypt(sealed: str) -> str:
    try:
        return data_keys.fernet.decrypt(sealed.encode()).decode()
    except InvalidToken as wrong:
        raise Unavailable("This key was stored with a different DATA_KEY. Please enter it again.") from wrong


def keyed_hash(*parts: str) -> str:
    """Hash the parts so that nobody without DATA_KEY can tell them from it."""
    return hmac.digest(data_keys.hash_key, "\0".join(parts).encode(), "sha256").hex()


def fingerprint(data_key: str) -> str:
    return _derived(data_key, b"goodword fingerprint").hex()


def _derived(data_key: str, use: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=use).derive(data_key.encode())
