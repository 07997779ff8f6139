"""Where SendGrid posts its events: once for the installation, once for each workspace with an account of its own."""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue

from portal.outreach.senders.queries import sender
from portal.settings import Settings
from portal.web.access import public
from portal.web.caps import MB, takes_from_anybody
from portal.web.current import db
from portal.web.outside import no_form_secret
from portal.webhooks import actions, signatures
from portal.webhooks.sendgrid_events import Kept, NotEvents, sorted_out

bp = Blueprint("webhooks", __name__, url_prefix="/hooks")
LARGEST = 5 * MB
DONE, NOT_SENDGRID, NOT_EVENTS = ("", 204), ("", 401), ("", 400)


@bp.post("/sendgrid")
@public
@takes_from_anybody(LARGEST)
@no_form_secret
def sendgrid() -> ResponseReturnValue:
    settings: Settings = current_app.config["SETTINGS"]
    return _take(settings.sendgrid_webhook_key, actions.keep_everywhere)


@bp.post("/sendgrid/<slug>")
@public
@takes_from_anybody(LARGEST)
@no_form_secret
def own_sendgrid(slug: str) -> ResponseReturnValue:
    own = sender(db)
    return _take(own.webhook_key if own else "", lambda events: actions.keep_own(db, events))


def _take(public_key: str, keep: Callable[[Mapping[UUID, Sequence[Kept]]], None]) -> ResponseReturnValue:
    """The body is read as it came: a signature over anything else would prove nothing."""
    body, headers = request.get_data(), request.headers
    signature, timestamp = headers.get(signatures.SIGNATURE, ""), headers.get(signatures.TIMESTAMP, "")
    if not signatures.is_signed(public_key, body, signature, timestamp):
        return NOT_SENDGRID
    try:
        keep(sorted_out(body))
    except NotEvents:
        return NOT_EVENTS
    return DONE
