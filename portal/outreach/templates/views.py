"""The letters' texts: which there are, editing one, and a test to oneself."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.advocates.labels import PURPOSES
from portal.errors import Conflict, Throttled
from portal.outreach.labels import KINDS
from portal.outreach.rendering import Desk
from portal.outreach.templates import actions, labels, preview, queries
from portal.outreach.templates.editing import address_of, current, desk, editor, is_refused
from portal.outreach.templates.forms import WordsForm
from portal.outreach.templates.models import Template
from portal.outreach.templates.queries import Current
from portal.outreach.templates.trying import send_test
from portal.paging import page
from portal.web.access import allow
from portal.web.current import db, is_htmx, member
from tenants.models import Role

bp = Blueprint("templates", __name__, url_prefix="/<workspace>/letters/templates")


@dataclass(frozen=True)
class Line:
    """A letter in the list; its subject as somebody may read it."""

    letter: Current
    subject: str


@bp.get("")
@allow(Role.MANAGER, Role.ADMIN)
def index() -> ResponseReturnValue:
    newest, its_desk = queries.newest_of_product(db), desk()
    own = page(db, queries.own_letters(), key=(Template.name, Template.id), cursor=request.args.get("after"))
    groups = [
        (words, [_line(its_desk, Current(kind, newest.get(kind))) for kind in kinds])
        for words, kinds in labels.GROUPS
    ]
    return render_template(
        "outreach/templates/index.html",
        groups=groups,
        own=own,
        own_lines=_own_lines(its_desk, own.rows),
        edited=sum(line.letter.is_edited for _words, lines in groups for line in lines),
        purposes=PURPOSES,
        labels=labels,
        kinds=KINDS,
    )


@bp.get("/<kind>")
@bp.get("/own/<uuid:template_id>")
@allow(Role.MANAGER, Role.ADMIN)
def edit(kind: str = "", template_id: UUID | None = None) -> ResponseReturnValue:
    letter = current(kind, template_id)
    return editor(letter, WordsForm(formdata=None, obj=letter.words, seen=str(letter.seen)))


@bp.post("/<kind>")
@bp.post("/own/<uuid:template_id>")
@allow(Role.MANAGER, Role.ADMIN)
def save(kind: str = "", template_id: UUID | None = None) -> ResponseReturnValue:
    letter, form = current(kind, template_id), WordsForm()
    if is_refused(letter.kind, form):
        return editor(letter, form), 422
    try:
        saved = actions.save(db, letter, form.words(), seen=form.seen_number, by=member)
    except Conflict:
        return _overtaken(current(kind, template_id), form), 409
    flash(
        _("Saved as version %(number)d. Letters written from now on use it.", number=saved.number)
        if saved
        else _("Nothing was different.")
    )
    return redirect(url_for(".edit", **address_of(letter)), 303)


@bp.post("/<kind>/tests")
@bp.post("/own/<uuid:template_id>/tests")
@allow(Role.MANAGER, Role.ADMIN)
def try_out(kind: str = "", template_id: UUID | None = None) -> ResponseReturnValue:
    """The page comes back with the words as they were typed, for nothing was saved."""
    letter, form = current(kind, template_id), WordsForm()
    if is_refused(letter.kind, form):
        return _tested(letter, form, _("Not sent: the text needs another look first.")), 422
    try:
        is_new = send_test(db, letter.kind, form.words(), _("Test:"), to=member)
    except Throttled as refusal:
        return _tested(letter, form, _(refusal.message, **refusal.params)), 429
    return _tested(letter, form, again=not is_new)


def _overtaken(letter: Current, form: WordsForm) -> str:
    """Nothing typed is lost: saving once more puts it in the place of what the other one saved."""
    form.seen.data = str(letter.seen)
    return editor(letter, form, overtaken=True)


def _tested(letter: Current, form: WordsForm, refusal: str = "", *, again: bool = False) -> str:
    if is_htmx():
        return render_template("outreach/templates/tested.html", tested=True, refusal=refusal, again=again)
    return editor(letter, form, tested=True, refusal=refusal, again=again)


def _line(its_desk: Desk, letter: Current) -> Line:
    return Line(letter, preview.example_subject(its_desk, letter.kind, letter.words, member))


def _own_lines(its_desk: Desk, templates: Sequence[Template]) -> list[Line]:
    newest = queries.newest_of(db, {template.id for template in templates})
    return [
        _line(its_desk, queries.own(template, newest[template.id]))
        for template in templates
        if template.id in newest
    ]
