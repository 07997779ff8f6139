"""How a provider knows an email: by one opaque word that holds its workspace and its id, and nothing about anybody."""

import base64
import binascii
import re
from uuid import UUID

WORD = re.compile(r"[A-Za-z0-9_-]{43}")


def encode(tenant_id: UUID, email_id: UUID) -> str:
    return base64.urlsafe_b64encode(tenant_id.bytes + email_id.bytes)[:43].decode()


def decode(word: object) -> tuple[UUID, UUID] | None:
    """Return the workspace and the email; None for anything that is no such word."""
    if not isinstance(word, str) or WORD.fullmatch(word) is None:
        return None
    try:
        raw = base64.urlsafe_b64decode(word + "=")
    except (binascii.Error, ValueError):
        return None
    return UUID(bytes=raw[:16]), UUID(bytes=raw[16:])
