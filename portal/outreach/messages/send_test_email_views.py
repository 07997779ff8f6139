"""The editor's button for a test email to oneself. The page comes back with the text as typed: nothing was saved."""

from typing import Any
from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.errors import Throttled
from portal.outreach.messages.send_test_email_actions import send_test, was_just_sent
from portal.outreach.templates.editor_page import current_of, editor_page, has_problems
from portal.outreach.templates.forms import TemplateForm
from portal.outreach.templates.queries import CurrentTemplate
from portal.web.access import allow
from portal.web.current import db, is_htmx, member
from portal.web.refusal_text import refusal_text
from tenants.models import Role

bp = Blueprint("test_emails", __name__, url_prefix="/<workspace>/emails/templates")


@bp.post("/<kind>/tests")
@bp.post("/own/<uuid:template_id>/tests")
@allow(Role.MANAGER, Role.ADMIN)
def send(kind: str = "", template_id: UUID | None = None) -> ResponseReturnValue:
    current, form = current_of(kind, template_id), TemplateForm()
    if has_problems(current.kind, form):
        return _result(current, form, _("Not sent. Please fix the template first.")), 422
    if was_just_sent(db, form.content(), to=member):
        return _result(current, form, is_repeat=True)
    try:
        send_test(db, current.kind, form.content(), _("Test:"), to=member)
    except Throttled as refusal:
        return _result(current, form, refusal_text(refusal)), 429
    return _result(current, form)


def _result(
    current: CurrentTemplate, form: TemplateForm, refusal: str = "", *, is_repeat: bool = False
) -> str:
    shown: dict[str, Any] = {"is_sent": True, "refusal": refusal, "is_repeat": is_repeat}
    if is_htmx():
        return render_template("outreach/templates/test_sent.html", **shown)
    return editor_page(current, form, **shown)
