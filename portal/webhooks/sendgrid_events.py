"""SendGrid's events as they are kept: whose email, by which id, and of the rest only what is read later.

Links lose their tokens here, before anything is stored. The reader's network address is not kept at all.
"""

import contextlib
import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from portal.gateways import email_ids
from portal.gateways.sendgrid_body import OUR_ARGUMENT

SOURCE = "sendgrid"
StoredEvent = tuple[str, dict[str, Any]]  # the provider's id, and what is kept
MAX_TEXT_LENGTHS = {  # how many signs of each are kept
    "event": 40,
    "type": 40,
    "reason": 1000,
    "response": 1000,
    "useragent": 500,
}
MAX_ID = 200
MAX_DIGITS = 30  # digits; no number of ours needs more, and Python refuses thousands
JSON_TOKEN = re.compile(
    r'"(?:[^"\\]|\\.)*+"|[\[\]{},]', re.DOTALL
)  # of JSON; a string is one, whatever stands in it
LINK_TOKEN = re.compile(
    r"[\w.~-]{24,}", re.ASCII
)  # a part of a path as long as this names nothing a person would read


class NotAnEventList(ValueError):
    """It is signed, and yet no list of events."""


def events_by_workspace(body: bytes) -> Mapping[UUID, list[StoredEvent]]:
    by_workspace: dict[UUID, list[StoredEvent]] = defaultdict(list)
    for event in _events(body):
        ours = email_ids.decode(event.get(OUR_ARGUMENT))
        if ours is not None:
            tenant_id, email_id = ours
            by_workspace[tenant_id].append((_id(event), _stored_payload(event, email_id)))
    return by_workspace


def _events(body: bytes) -> Iterator[dict[str, Any]]:
    """One event that can't be read costs none of the others."""
    text = body.decode("utf-8-sig", errors="replace")
    try:
        elements = _read(text)
    except (ValueError, RecursionError):
        elements = list(_salvage(text))
    if not isinstance(elements, list):
        raise NotAnEventList("This is no list.")
    return (event for event in elements if isinstance(event, dict))


def _read(text: str) -> Any:
    return json.loads(text, parse_int=lambda digits: int(digits[:MAX_DIGITS]))


def _salvage(text: str) -> Iterable[Any]:
    """What can be read of a list of which a part can't."""
    if not (text.strip().startswith("[") and text.strip().endswith("]")):
        raise NotAnEventList("This is no list.")
    for part in _split_elements(text):
        with contextlib.suppress(ValueError, RecursionError):
            yield _read(part)


def _split_elements(text: str) -> Iterator[str]:
    """The list's own elements, told apart by brackets and commas outside of strings."""
    depth, start = 0, 0
    for token in JSON_TOKEN.finditer(text):
        mark = token[0]
        depth += (mark in {"[", "{"}) - (mark in {"]", "}"})
        if mark == "[" and depth == 1:
            start = token.end()
        elif (mark == "," and depth == 1) or (mark == "]" and depth == 0):
            yield text[start : token.start()]
            start = token.end()


def _id(event: dict[str, Any]) -> str:
    """SendGrid's own; an event without one is known by all that it says."""
    event_id = event.get("sg_event_id")
    if (
        isinstance(event_id, str)
        and 0 < len(event_id) <= MAX_ID
        and event_id.isprintable()
        and event_id.isascii()
    ):
        return event_id
    whole = json.dumps(event, sort_keys=True).encode()
    return f"sha256:{hashlib.sha256(whole).hexdigest()}"


def _stored_payload(event: dict[str, Any], email_id: UUID) -> dict[str, Any]:
    kept: dict[str, Any] = {"email_id": str(email_id)}
    for name, most in MAX_TEXT_LENGTHS.items():
        if isinstance(text := event.get(name), str):
            kept[name] = _storable(text)[:most]
    if isinstance(at := event.get("timestamp"), int):
        kept["timestamp"] = max(0, min(at, 2**33))
    if isinstance(event.get("url"), str):
        kept["url"] = without_token(_storable(event["url"]))[:1000]
    if event.get("sg_machine_open") in (True, "true"):
        kept["machine"] = True
    return kept


def without_token(url: str) -> str:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return ""
    path = "/".join("…" if LINK_TOKEN.fullmatch(part) else part for part in parts.path.split("/"))
    return f"{parts.scheme}://{host}{path}" if host else path


def _storable(text: str) -> str:
    """No column holds a NUL or half a sign."""
    return text.encode(errors="ignore").decode().replace("\0", "")
