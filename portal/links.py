"""Signed links: one object, one action, no account.

The secret is made when an email is rendered, kept nowhere. A token names workspace, row and version, and
carries an HMAC over them and the purpose. Raising the row's `link_version` revokes every link made before;
the view compares `VerifiedLink.version` with the row.
"""

import base64
import binascii
import hmac
import re
import struct
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from portal.errors import BadLink


class LinkPurpose(StrEnum):
    """Those that belong to every workspace; each program declares its own (portal/declarations/programs.py)."""

    SIGN_IN = "sign_in"
    MEMBER = "member"  # a colleague's invitation
    JOIN = "join"  # confirm a request to join
    INVITE = "invite"  # an invitation to enroll
    ANSWER = "answer"  # an ask
    PREFERENCES = "preferences"
    FURTHER_PURPOSE = "further_purpose"  # yes or no to a further consent
    ADDRESS = "address"  # somebody's new address is theirs
    UNSUBSCRIBE = "unsubscribe"  # one email: no more of its purpose


@dataclass(frozen=True)
class VerifiedLink:
    """What a link that was checked says."""

    tenant_id: UUID
    row_id: UUID
    purpose: str
    version: int


class LinkKey:
    """Holds the key of this process, made from SECRET_KEY."""

    key: bytes


link_key = LinkKey()
CODE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0, O, 1, I: people type them
SIGNATURE_BYTES = 16  # bytes


def configure(secret_key: str) -> None:
    link_key.key = hmac.new(secret_key.encode(), b"goodword links", sha256).digest()


def token(purpose: str, tenant_id: UUID, row_id: UUID, version: int = 1) -> str:
    """Make the part of an address that proves itself: 67 characters, safe in a path."""
    return token_from_bytes(purpose, tenant_id.bytes, row_id.bytes, version)


def token_from_bytes(purpose: str, tenant_id: bytes, row_id: bytes, version: int) -> str:
    what = tenant_id + row_id + struct.pack(">H", version)
    return base64.urlsafe_b64encode(what + _signature(purpose, what)).decode().rstrip("=")


def read(text: str, purpose: str) -> VerifiedLink:
    """Check a token; raise BadLink when it is not one of ours for this purpose."""
    raw = _decode(text)
    what, given = raw[:-SIGNATURE_BYTES], raw[-SIGNATURE_BYTES:]
    if len(what) != 34 or not hmac.compare_digest(given, _signature(purpose, what)):
        raise BadLink("This link is incomplete or isn’t ours.")
    (version,) = struct.unpack(">H", what[32:])
    return VerifiedLink(UUID(bytes=what[:16]), UUID(bytes=what[16:32]), purpose, version)


def unverified_ids(text: str) -> tuple[UUID, UUID] | None:
    """Return the workspace and the row a token names, unproved; None when too much of it is missing."""
    known = re.match(r"[\w-]*", text, re.ASCII)
    whole = known[0] if known else ""  # up to what a mail program added
    raw = _decode(whole[: 4 * (len(whole) // 4)])
    return (UUID(bytes=raw[:16]), UUID(bytes=raw[16:32])) if len(raw) >= 32 else None


def short_code(purpose: str, row_id: UUID) -> str:
    digest = hmac.new(link_key.key, b"code:" + purpose.encode() + row_id.bytes, sha256).digest()
    return "".join(CODE_ALPHABET[byte % 32] for byte in digest[:8])


def _signature(purpose: str, what: bytes) -> bytes:
    return hmac.digest(link_key.key, purpose.encode() + b":" + what, "sha256")[:SIGNATURE_BYTES]


def _decode(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return b""
