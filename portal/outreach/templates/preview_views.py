"""A letter in its frame: from the text as it stands in the form, or from one that was saved. Nothing is written."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.outreach.kinds import LetterKind
from portal.outreach.templates import preview, queries
from portal.outreach.templates.defaults import Words
from portal.outreach.templates.editing import current, desk, kind_of
from portal.outreach.templates.forms import WordsForm, said
from portal.outreach.templates.labels import PARTS
from portal.outreach.templates.parsing import Problem
from portal.outreach.templates.queries import Current
from portal.web.access import allow
from portal.web.current import db, is_htmx, member
from tenants.models import Role

bp = Blueprint("previews", __name__, url_prefix="/<workspace>/letters/templates")
# Its own styles, no script. The page around it may measure it, so that what was read stays in sight.
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'; frame-ancestors 'self'; "
    "sandbox allow-same-origin"
)


@bp.post("/<kind>/preview")
@allow(Role.MANAGER, Role.ADMIN)
def show(kind: str) -> ResponseReturnValue:
    return _sheet(kind_of(kind), WordsForm().words(), request.form)


@bp.get("/<kind>/paper")
@bp.get("/own/<uuid:template_id>/paper")
@allow(Role.MANAGER, Role.ADMIN)
def paper(kind: str = "", template_id: UUID | None = None) -> ResponseReturnValue:
    """The text in use, or an earlier one; `own/paper`: what a letter of one's own begins with."""
    letter = Current(LetterKind.OWN) if kind == LetterKind.OWN else current(kind, template_id)
    return _sheet(letter.kind, _words(letter), request.args)


@bp.get("/<kind>/readers")
@allow(Role.MANAGER, Role.ADMIN)
def readers(kind: str) -> ResponseReturnValue:
    """People to read it as, while somebody types a name."""
    if not is_htmx():
        return redirect(url_for("templates.index"))
    found = preview.readers(db, request.args.get("reader", ""))
    return render_template("outreach/templates/readers.html", faces=found, kind=kind_of(kind))


def _words(letter: Current) -> Words:
    number, newest = request.args.get("version", ""), letter.version
    if newest is None or not (number.isascii() and number.isdecimal() and len(number) < 10):
        return letter.words
    return queries.words_of(queries.version(db, newest.template_id, int(number)))


def _sheet(kind: LetterKind, words: Words, asked: Mapping[str, str]) -> Response:
    found, name = preview.trouble(desk(), kind, words, member), asked.get("reader", "")
    to = preview.reader(db, kind, name, member)
    if found:
        return _framed("refused", problems=[_beside(problem) for problem in found])
    if to is None:
        return _framed("refused", problems=[_("Nobody here is called “%(name)s”.", name=name[:80])])
    written = preview.written(desk(), kind, words, to, member)
    if asked.get("as") == "text":
        return _framed("plain", written=written)
    return _policed(Response(written.html))


def _beside(problem: Problem) -> str:
    return f"{PARTS[problem.part]}: {said(problem)}"


def _framed(page: str, **known: object) -> Response:
    return _policed(Response(render_template(f"outreach/templates/{page}.html", **known)))


def _policed(answer: Response) -> Response:
    answer.headers |= {"Content-Security-Policy": POLICY, "X-Frame-Options": "SAMEORIGIN"}
    return answer
