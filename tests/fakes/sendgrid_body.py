"""What a call to /v3/mail/send may hold: our own schema, for no more than we send, and the official description."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

MOST_READERS = 1000
MOST_BLANKS = 10_000  # bytes of substitutions for each reader
LARGEST = 30_000_000  # bytes

ONE_LINE = {"type": "string", "minLength": 1, "pattern": r"^[^\r\n\u0000]+$"}
TEXT = {"type": "string", "minLength": 1}


def _object(required: list[str], **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "required": required,
        "properties": properties,
        "additionalProperties": False,
    }


def _switch(**more: Any) -> dict[str, Any]:
    return _object(["enable", *more], enable={"type": "boolean"}, **more)


ADDRESS = _object(
    ["email"],
    email={"type": "string", "pattern": r"^[^@\s]+@[A-Za-z0-9.-]+$"},
    name={"type": "string", "pattern": r"^[^\r\n\u0000]+$"},
)
OFF = {"const": False}
READER = _object(
    ["to", "custom_args"],
    to={"type": "array", "minItems": 1, "maxItems": 1, "items": ADDRESS},
    headers=_object(
        ["List-Unsubscribe", "List-Unsubscribe-Post"],
        **{
            "List-Unsubscribe": {"type": "string", "pattern": r"^<https?://[^<>\s]+>$"},
            "List-Unsubscribe-Post": {"const": "List-Unsubscribe=One-Click"},
        },
    ),
    substitutions={
        "type": "object",
        "patternProperties": {r"^gw[0-9a-f]{8}-[a-z0-9-]+-gw$": {"type": "string"}},
        "additionalProperties": False,
    },
    custom_args=_object(["gw"], gw={"type": "string", "pattern": r"^[A-Za-z0-9_-]{43}$"}),
)
FILE = _object(
    ["content", "filename", "type", "disposition"],
    content={"type": "string", "pattern": r"^[A-Za-z0-9+/]+={0,2}$"},
    filename={"enum": ["invitation.ics", "cancelled.ics"]},
    type={"enum": ["text/calendar; method=REQUEST", "text/calendar; method=CANCEL"]},
    disposition={"const": "attachment"},
)
BODY = _object(
    ["personalizations", "from", "subject", "content", "tracking_settings"],
    **{
        "personalizations": {
            "type": "array",
            "minItems": 1,
            "maxItems": MOST_READERS,
            "items": READER,
        },
        "from": ADDRESS,
        "reply_to": ADDRESS,
        "subject": ONE_LINE,
        "content": {
            "type": "array",
            "minItems": 2,
            "maxItems": 2,
            "prefixItems": [
                _object(["type", "value"], type={"const": "text/plain"}, value=TEXT),
                _object(["type", "value"], type={"const": "text/html"}, value=TEXT),
            ],
        },
        "attachments": {"type": "array", "minItems": 1, "maxItems": 1, "items": FILE},
        "tracking_settings": _object(
            ["click_tracking", "open_tracking", "subscription_tracking"],
            click_tracking=_switch(enable_text=OFF),
            open_tracking=_switch(),
            subscription_tracking=_object(["enable"], enable=OFF),
        ),
    },
)
OURS = Draft202012Validator(BODY)
TRIAL = Draft202012Validator(
    _object(
        ["personalizations", "from", "subject", "content", "mail_settings"],
        **{
            "personalizations": {
                "type": "array",
                "minItems": 1,
                "maxItems": 1,
                "items": _object(
                    ["to"], to={"type": "array", "minItems": 1, "maxItems": 1, "items": ADDRESS}
                ),
            },
            "from": ADDRESS,
            "subject": ONE_LINE,
            "content": {
                "type": "array",
                "minItems": 1,
                "maxItems": 1,
                "items": _object(["type", "value"], type={"const": "text/plain"}, value=TEXT),
            },
            "mail_settings": _object(
                ["sandbox_mode"], sandbox_mode=_object(["enable"], enable={"const": True})
            ),
        },
    )
)


def is_trial(body: dict[str, Any]) -> bool:
    """Only looked at, never sent."""
    return bool(body.get("mail_settings", {}).get("sandbox_mode", {}).get("enable"))


def official(description: Path) -> Draft202012Validator:
    """The body of the call as SendGrid's own OpenAPI description has it."""
    components = json.loads(description.read_text())["components"]
    where = "#/components/requestBodies/PostMailSend/content/application~1json/schema"
    return Draft202012Validator({"$ref": where, "components": components})


def faults(body: Any, *validators: Draft202012Validator) -> Iterator[dict[str, str]]:
    """Errors as SendGrid words them: a message, and the field by its path."""
    for validator in validators:
        for error in validator.iter_errors(body):
            yield {"message": error.message[:300], "field": ".".join(map(str, error.absolute_path))}
            return
    yield from _of_the_readers(body["personalizations"])


def _of_the_readers(readers: list[dict[str, Any]]) -> Iterator[dict[str, str]]:
    seen: set[str] = set()
    for number, reader in enumerate(readers):
        address = reader["to"][0]["email"].lower()
        if address in seen:
            yield {
                "message": f"Each unique email address in the personalizations array should only be included once. "
                f"You have included {address} more than once.",
                "field": "personalizations",
            }
        seen.add(address)
        blanks = reader.get("substitutions", {})
        if sum(len(each.encode()) for pair in blanks.items() for each in pair) > MOST_BLANKS:
            yield {
                "message": "The substitutions of a personalization may not exceed 10000 bytes.",
                "field": f"personalizations.{number}.substitutions",
            }


def filled(body: dict[str, Any], reader: dict[str, Any]) -> dict[str, str]:
    """The email as this reader gets it. One substitution after the other, as is simplest and worst."""
    texts = {
        "subject": body["subject"],
        "text": body["content"][0]["value"],
        "html": body["content"][1]["value"],
    }
    for tag, value in reader.get("substitutions", {}).items():
        texts = {name: text.replace(tag, value) for name, text in texts.items()}
    return texts
