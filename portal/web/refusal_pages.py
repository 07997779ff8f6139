"""What the buffer would not take is answered in words all the same, before anything else of the request is looked at.

Nothing of it was read into a page, so these pages know no workspace and no person.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

REFUSAL_KEY = "goodword.refusal"  # in the WSGI environment, where no header of a client can get
ALLOWED_KEY = "goodword.most"  # what the page would have taken, in words


class BodyRefusal(StrEnum):
    """The name of its page."""

    TOO_LARGE = "413"
    TOO_LARGE_ANONYMOUS = "too_large_signed_out"
    TOO_SLOW = "408"
    NO_DISK_SPACE = "no_disk_space"


STATUS_CODES = {
    BodyRefusal.TOO_LARGE: 413,
    BodyRefusal.TOO_LARGE_ANONYMOUS: 413,
    BodyRefusal.TOO_SLOW: 408,
    BodyRefusal.NO_DISK_SPACE: 503,
}


def refusal_page(given: Mapping[str, Any]) -> ResponseReturnValue | None:
    refusal: BodyRefusal | None = given.get(REFUSAL_KEY)
    if refusal is None:
        return None
    body = render_template(f"errors/{refusal}.html", most=given.get(ALLOWED_KEY, ""), here="")
    status = STATUS_CODES[refusal]
    return (body, status, {"Retry-After": "30"}) if status == 503 else (body, status)
