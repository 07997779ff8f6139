"""New emails for links that arrived in pieces: the ids can often still be read, the signature cannot be trusted."""

from collections.abc import Callable
from uuid import UUID

from flask import current_app, g, request, url_for
from sqlalchemy.orm import Session

from portal import links
from portal.web.access import SignedFor, access_of

LinkResender = Callable[[Session, UUID], str]
RESENDERS: dict[str, LinkResender] = {}
FOR_ADVOCATES: set[str] = set()  # people in the program; all others are strangers, who get few emails a day


def sends_new_link(purpose: str, *, to_advocates: bool = False) -> Callable[[LinkResender], LinkResender]:
    """Mark what writes the email anew, to the address that is on file and to no other, and returns that address.

    It gets the row that the link claims to be about, and raises DomainError when nothing is open there.
    """

    def mark(sender: LinkResender) -> LinkResender:
        RESENDERS[purpose] = sender
        FOR_ADVOCATES.update({purpose} if to_advocates else ())
        return sender

    return mark


def new_link_url() -> str:
    """Return where the page of a broken link asks for another; '' when not even the ids came through."""
    access, token = access_of(current_app, request.endpoint or ""), g.get("token", "")
    if (
        not isinstance(access, SignedFor)
        or access.purpose not in RESENDERS
        or not links.unverified_ids(token)
    ):
        return ""
    return url_for("resend_link.send", purpose=access.purpose, rest=token)
