"""What the pages of letters' texts share: the letter an address names, and the page it is edited on."""

from typing import Any
from uuid import UUID

from flask import render_template, request

from portal.advocates.labels import PURPOSES
from portal.errors import NotFound
from portal.outreach.kinds import LetterKind
from portal.outreach.labels import KINDS
from portal.outreach.rendering import Desk
from portal.outreach.templates import labels, preview, queries
from portal.outreach.templates.catalogue import fields_of, needs_of
from portal.outreach.templates.forms import WordsForm
from portal.outreach.templates.queries import Current
from portal.web.current import db, member, tenant


def kind_of(name: str) -> LetterKind:
    if name not in set(LetterKind):
        raise NotFound("There is no such letter.")
    return LetterKind(name)


def current(kind: str, template_id: UUID | None) -> Current:
    """A letter of the product is named by its kind, one of the workspace's own by its id."""
    if template_id is not None:
        return queries.current_own(db, template_id)
    if kind == LetterKind.OWN:
        raise NotFound("There is no such letter.")
    return queries.current(db, kind_of(kind))


def address_of(letter: Current) -> dict[str, Any]:
    """The part of an address that names it."""
    return {"template_id": letter.template.id} if letter.template else {"kind": letter.kind.value}


def desk() -> Desk:
    return Desk(tenant, request.url_root)


def is_refused(kind: LetterKind, form: WordsForm) -> bool:
    """Puts each problem of the text beside its part."""
    is_good = form.validate_on_submit()
    found = preview.trouble(desk(), kind, form.words(), member)
    form.refuse(found)
    return bool(found) or not is_good


def editor(letter: Current, form: WordsForm, page: str = "edit", **more: Any) -> str:
    """The form beside its preview; whatever was typed stays."""
    faces = preview.faces(db, letter.kind, member)
    return render_template(
        f"outreach/templates/{page}.html",
        letter=letter,
        address=address_of(letter),
        form=form,
        fields=fields_of(letter.kind).values(),
        needs=needs_of(letter.kind),
        reader=request.form.get("reader") or faces[0].label,
        faces=faces,
        is_for_staff=letter.kind in labels.TO_STAFF,
        is_removable=letter.template is not None and not queries.is_in_a_sequence(db, letter.template.id),
        kinds=KINDS,
        purposes=PURPOSES,
        labels=labels,
        **more,
    )
