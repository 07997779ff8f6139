"""Shows an email in its frame, from the text in the form or a saved one. Nothing is written."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.declarations.email_kinds import EmailKind
from portal.outreach.emails import OWN_EMAIL
from portal.outreach.templates import preview, queries
from portal.outreach.templates.defaults import TemplateContent
from portal.outreach.templates.editor_page import current_of, kind_of, template_set
from portal.outreach.templates.forms import TemplateForm, problem_text
from portal.outreach.templates.labels import PART_LABELS
from portal.outreach.templates.queries import CurrentTemplate
from portal.outreach.templates.validation import TemplateProblem
from portal.web.access import allow
from portal.web.current import db, is_htmx, member
from tenants.models import Role

bp = Blueprint("template_previews", __name__, url_prefix="/<workspace>/emails/templates")
# Its own styles, no script. The page around it may measure it, so that what was read stays in sight.
FRAME_CSP = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'; frame-ancestors 'self'; "
    "sandbox allow-same-origin"
)


@bp.post("/<kind>/preview")
@allow(Role.MANAGER, Role.ADMIN)
def show(kind: str) -> ResponseReturnValue:
    return _preview(kind_of(kind), TemplateForm().content(), request.form)


@bp.get("/<kind>/preview")
@bp.get("/own/<uuid:template_id>/preview")
@allow(Role.MANAGER, Role.ADMIN)
def saved(kind: str = "", template_id: UUID | None = None) -> ResponseReturnValue:
    current = CurrentTemplate(OWN_EMAIL) if kind == OWN_EMAIL.name else current_of(kind, template_id)
    return _preview(current.kind, _content(current), request.args)


@bp.get("/<kind>/recipients")
@allow(Role.MANAGER, Role.ADMIN)
def recipients(kind: str) -> ResponseReturnValue:
    if not is_htmx():
        return redirect(url_for("email_templates.index"))
    found = preview.search_recipients(db, request.args.get("reader", ""))
    return render_template("outreach/templates/recipients.html", recipients=found)


def _content(current: CurrentTemplate) -> TemplateContent:
    number, newest = request.args.get("version", ""), current.version
    if newest is None or not (number.isascii() and number.isdecimal() and len(number) < 10):
        return current.content
    return queries.content_of(queries.get_version(db, newest.template_id, int(number)))


def _preview(kind: EmailKind, content: TemplateContent, asked: Mapping[str, str]) -> Response:
    found, name = preview.preview_problems(template_set(), kind, content, member), asked.get("reader", "")
    to = preview.find_recipient(db, kind, name, member)
    if found:
        return _framed_page("preview_errors", errors=[_problem_line(problem) for problem in found])
    if to is None:
        return _framed_page(
            "preview_errors", errors=[_("We didn’t find anyone named “%(name)s”.", name=name[:80])]
        )
    rendered = preview.preview_email(template_set(), kind, content, to, member)
    if asked.get("as") == "text":
        return _framed_page("plain_text", rendered=rendered)
    return _with_frame_csp(Response(rendered.html))


def _problem_line(problem: TemplateProblem) -> str:
    return f"{PART_LABELS[problem.part]}: {problem_text(problem)}"


def _framed_page(page: str, **context: object) -> Response:
    return _with_frame_csp(Response(render_template(f"outreach/templates/{page}.html", **context)))


def _with_frame_csp(answer: Response) -> Response:
    answer.headers |= {"Content-Security-Policy": FRAME_CSP, "X-Frame-Options": "SAMEORIGIN"}
    return answer
