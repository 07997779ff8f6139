"""Every letter the workspace wrote, where it stands, and what to do about one that did not go out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import history, outbox
from portal.outreach import actions, labels, queries
from portal.outreach.kinds import LetterKind
from portal.outreach.models import Letter
from portal.outreach.queries import View
from portal.outreach.rendering import Desk, Unwritable, Written
from portal.outreach.templates.defaults import Words, default
from portal.outreach.templates.queries import frozen
from portal.paging import page
from portal.web.access import allow
from portal.web.current import db, member, tenant
from portal.web.filters import moment
from tenants.models import Role

bp = Blueprint("outreach", __name__, url_prefix="/<workspace>/letters")
PAPER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'; frame-ancestors 'self'; "
    "sandbox"
)


@dataclass(frozen=True)
class Line:
    """A letter in the list."""

    letter: Letter
    subject: str
    kind: str
    standing: labels.Standing


@bp.get("")
@allow(Role.MANAGER, Role.ADMIN)
def index() -> ResponseReturnValue:
    needs_you, address = queries.needs_you(db), request.args.get("to", "").strip()
    view = _view(request.args.get("view", ""), View.NEEDS_YOU if needs_you and not address else View.ALL)
    chosen = queries.letters(view, address)
    shown = page(db, chosen, key=(Letter.id,), cursor=request.args.get("after"), descending=True)
    return render_template(
        "outreach/index.html",
        shown=shown,
        lines=_lines(shown.rows),
        view=view,
        address=address,
        needs_you=needs_you,
        parked=outbox.count_parked(db) if member.may(Role.ADMIN) else 0,
        views=labels.VIEWS,
        empty=labels.EMPTY[view],
    )


@bp.get("/<uuid:letter_id>")
@allow(Role.MANAGER, Role.ADMIN)
def show(letter_id: UUID) -> ResponseReturnValue:
    letter = queries.get(db, letter_id)
    return render_template(
        "outreach/letter.html",
        line=_lines([letter])[0],
        letter=letter,
        text=_shown(letter).text if request.args.get("as") == "text" else None,
        moves={move.value for move in letter.moves},
        told=[
            (moment(line.created_at), line.by_name, labels.DONE[line.what]) for line in history.of(db, letter)
        ],
    )


@bp.get("/<uuid:letter_id>/html")
@allow(Role.MANAGER, Role.ADMIN)
def html(letter_id: UUID) -> ResponseReturnValue:
    """The letter alone, for the frame: its own styles, no script, links that lead nowhere."""
    paper = Response(_shown(queries.get(db, letter_id)).html)
    paper.headers |= {"Content-Security-Policy": PAPER_POLICY, "X-Frame-Options": "SAMEORIGIN"}
    return paper


@bp.post("/<uuid:letter_id>/tries")
@allow(Role.MANAGER, Role.ADMIN)
def try_again(letter_id: UUID) -> ResponseReturnValue:
    letter = queries.locked(db, letter_id)
    actions.try_again(db, letter, by=member)
    flash(_("It leaves again within seconds, to %(address)s.", address=letter.recipient))
    return redirect(url_for(".show", letter_id=letter.id), 303)


@bp.post("/<uuid:letter_id>/end")
@allow(Role.MANAGER, Role.ADMIN)
def give_up(letter_id: UUID) -> ResponseReturnValue:
    letter = queries.locked(db, letter_id)
    actions.give_up(db, letter, by=member)
    flash(_("Given up. Nobody tries this letter again unless you do."))
    return redirect(url_for(".index", view=View.NEEDS_YOU.value), 303)


def _view(asked: str, otherwise: View) -> View:
    return View(asked) if asked in set(View) else otherwise


def _lines(letters: Sequence[Letter]) -> list[Line]:
    texts = frozen(db, {letter.template_id for letter in letters if letter.template_id})
    return [_line(letter, _words(letter, texts)) for letter in letters]


def _line(letter: Letter, words: Words) -> Line:
    kind = str(labels.KINDS[LetterKind(letter.kind)])
    standing = labels.GIVEN_UP if letter.given_up_at else labels.STATES[letter.state]
    try:
        return Line(letter, Desk(tenant, "").subject(letter, words), kind, standing)
    except Unwritable:
        return Line(letter, kind, kind, standing)


def _shown(letter: Letter) -> Written:
    """As it was sent, but for the secrets in its links."""
    try:
        return Desk(tenant, request.url_root).written(letter, _words(letter, frozen(db, _version(letter))))
    except Unwritable as lacking:
        return Written(
            subject="", text=str(lacking), html=render_template("outreach/unwritable.html", why=str(lacking))
        )


def _version(letter: Letter) -> set[UUID]:
    return {letter.template_id} if letter.template_id else set()


def _words(letter: Letter, texts: Mapping[UUID, Words]) -> Words:
    """The text it was made from; letters from before there were versions have Goodword's own."""
    found = texts.get(letter.template_id) if letter.template_id else None
    return found or default(LetterKind(letter.kind), letter.locale)
