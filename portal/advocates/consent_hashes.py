"""How lines of a consent record are hashed: what is kept for ever as it is, personal fields as a salted digest."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any


def digest_of(salt: str, personal: Mapping[str, Any]) -> str:
    return sha256_of(salt, personal)


def timestamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def sha256_of(*parts: object) -> str:
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
