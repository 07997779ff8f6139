"""What came of an event."""

from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue

from portal.events import labels
from portal.events import queries as events
from portal.events.manage import results
from portal.events.manage.views import bp
from portal.web.access import allow
from portal.web.current import db
from tenants.models import MANAGER_ROLES

__all__ = ["bp"]


@bp.get("/<uuid:event_id>/results")
@allow(*MANAGER_ROLES)
def after(event_id: UUID) -> ResponseReturnValue:
    event = events.get(db, event_id)
    return render_template(
        "events/manage/results.html", event=event, found=results.read(db, event), labels=labels
    )
