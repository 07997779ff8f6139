"""Where SendGrid posts its events: once for the installation, once for each workspace with an account of its own."""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue

from portal.outreach.senders.queries import get_sender
from portal.settings import Settings
from portal.web.access import public
from portal.web.body_limits import MB, accepts_anonymous
from portal.web.csrf_exempt import csrf_exempt
from portal.web.current import db
from portal.webhooks import actions, signatures
from portal.webhooks.sendgrid_events import NotAnEventList, StoredEvent, events_by_workspace

bp = Blueprint("webhooks", __name__, url_prefix="/hooks")
MAX_BODY = 5 * MB
DONE, NOT_SENDGRID, NOT_EVENTS = ("", 204), ("", 401), ("", 400)


@bp.post("/sendgrid")
@public
@accepts_anonymous(MAX_BODY)
@csrf_exempt
def sendgrid() -> ResponseReturnValue:
    settings: Settings = current_app.config["SETTINGS"]
    return _receive(settings.sendgrid_webhook_key, actions.store_for_all_workspaces)


@bp.post("/sendgrid/<slug>")
@public
@accepts_anonymous(MAX_BODY)
@csrf_exempt
def workspace_sendgrid(slug: str) -> ResponseReturnValue:
    own = get_sender(db)
    return _receive(own.webhook_key if own else "", lambda events: actions.store_for_workspace(db, events))


def _receive(
    public_key: str, keep: Callable[[Mapping[UUID, Sequence[StoredEvent]]], None]
) -> ResponseReturnValue:
    """The body is read as it came: a signature over anything else would prove nothing."""
    body, headers = request.get_data(), request.headers
    signature, timestamp = headers.get(signatures.SIGNATURE, ""), headers.get(signatures.TIMESTAMP, "")
    if not signatures.is_signed(public_key, body, signature, timestamp):
        return NOT_SENDGRID
    try:
        keep(events_by_workspace(body))
    except NotAnEventList:
        return NOT_EVENTS
    return DONE
