"""DMARC and DKIM write their records alike: tags and values, "v=DMARC1; p=none"."""

import re
from collections.abc import Iterable

MAX_LEVELS = 4  # how many names are asked on the way up to the domain's owner
DMARC_RECORD = re.compile(r"v\s*=\s*DMARC1\s*(;|$)")
POLICIES = ("none", "quarantine", "reject")


def dmarc_records(texts: Iterable[str]) -> list[str]:
    return [text for text in texts if DMARC_RECORD.match(text)]


def tags(record: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in record.split(";"))
    return {name.strip().lower(): value.strip() for name, _, value in pairs if name.strip()}


def policy(record: str, *, is_above: bool) -> str:
    """Return what readers do with emails that fail; '' when unknown.

    `is_above`: the record stands at a parent domain, which may have a word of its own for those below.
    """
    found = tags(record)
    policy = ((is_above and found.get("sp")) or found.get("p", "")).lower()
    return policy if policy in POLICIES else ""


def is_dkim_key(text: str) -> bool:
    return bool(tags(text).get("p"))


def is_revoked_key(text: str) -> bool:
    return tags(text).get("p") == ""
