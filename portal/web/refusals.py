"""What the buffer would not take is answered in words all the same, before anything else of the request is looked at.

Nothing of it was read into a page, so these pages know no workspace and no person.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

KEY = "goodword.refusal"  # in the WSGI environment, where no header of a client can get
MOST = "goodword.most"  # what the page would have taken, in words


class Refusal(StrEnum):
    """The name of its page."""

    TOO_LARGE = "413"
    TOO_LARGE_FOR_A_STRANGER = "signed_out"
    TOO_SLOW = "408"
    NO_ROOM = "no_room"


STATUS = {
    Refusal.TOO_LARGE: 413,
    Refusal.TOO_LARGE_FOR_A_STRANGER: 413,
    Refusal.TOO_SLOW: 408,
    Refusal.NO_ROOM: 503,
}


def page(given: Mapping[str, Any]) -> ResponseReturnValue | None:
    """The page for a request that the buffer refused; None for all others."""
    refusal: Refusal | None = given.get(KEY)
    if refusal is None:
        return None
    body = render_template(f"errors/{refusal}.html", most=given.get(MOST, ""), here="")
    status = STATUS[refusal]
    return (body, status, {"Retry-After": "30"}) if status == 503 else (body, status)
