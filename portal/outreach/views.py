"""Every letter the workspace wrote, where it stands, and what to do about one that did not go out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import history, outbox
from portal.errors import Conflict
from portal.outreach import actions, alarms, labels, queries
from portal.outreach.about import request_of
from portal.outreach.alarm_words import notice
from portal.outreach.kinds import HIDDEN, LetterKind
from portal.outreach.models import Hold, Letter
from portal.outreach.picked import may_be_given_up, may_be_tried
from portal.outreach.queries import Fate, View, Wanted
from portal.outreach.rendering import Desk, Unwritable, Written
from portal.outreach.sequences.words import name
from portal.outreach.standing import free_at, standing
from portal.outreach.story import story
from portal.outreach.templates.defaults import Words, default
from portal.outreach.templates.queries import frozen, words_of
from portal.paging import page
from portal.web.access import allow
from portal.web.addresses import came_from, same_page
from portal.web.current import db, member, tenant
from tenants.models import Role

bp = Blueprint("outreach", __name__, url_prefix="/<workspace>/letters")
PAPER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'; frame-ancestors 'self'; "
    "sandbox"
)
KINDS = {kind: words for kind, words in labels.KINDS.items() if kind.value not in HIDDEN}


@dataclass(frozen=True)
class Line:
    """A letter in the list."""

    letter: Letter
    subject: str
    kind: str
    standing: labels.Standing

    @property
    def may_be_tried(self) -> bool:
        return may_be_tried(self.letter)

    @property
    def may_be_given_up(self) -> bool:
        return may_be_given_up(self.letter)


@bp.get("")
@allow(Role.MANAGER, Role.ADMIN)
def index() -> ResponseReturnValue:
    needs_you = queries.needs_you(db)
    wanted = _wanted(needs_you.number)
    chosen = queries.letters(wanted)
    shown = page(db, chosen, key=(Letter.id,), cursor=request.args.get("after"), descending=True)
    return render_template(
        "outreach/index.html",
        shown=shown,
        lines=_lines(shown.rows),
        wanted=wanted,
        tabs=_tabs(wanted.view, needs_you.number),
        sequence=_sequence(wanted.sequence_id),
        needs_you=needs_you,
        alarms=[notice(one) for one in alarms.raised(db, alarms.look(db))],
        parked=outbox.count_parked(db) if member.may(Role.ADMIN) else 0,
        labels=labels,
        kinds=KINDS,
        reasons={hold: held.word for hold, held in labels.HOLDS.items()},
    )


@bp.get("/<uuid:letter_id>")
@allow(Role.MANAGER, Role.ADMIN)
def show(letter_id: UUID) -> ResponseReturnValue:
    letter = queries.get(db, letter_id)
    version = queries.text_of(db, letter)
    words = words_of(version) if version else default(LetterKind(letter.kind), letter.locale)
    return render_template(
        "outreach/letter.html",
        line=_line(letter, words),
        letter=letter,
        free_at=free_at(letter, tenant.time_zone),
        version=version,
        sequence=_sequence(letter.sequence_id),
        request_id=request_of(db, letter),
        text=_shown(letter, words).text if request.args.get("as") == "text" else None,
        story=story(letter, queries.events(db, letter), history.of(db, letter)),
        labels=labels,
    )


@bp.get("/<uuid:letter_id>/html")
@allow(Role.MANAGER, Role.ADMIN)
def html(letter_id: UUID) -> ResponseReturnValue:
    """The letter alone, for the frame: its own styles, no script, links that lead nowhere."""
    letter = queries.get(db, letter_id)
    paper = Response(_shown(letter, _words(letter, frozen(db, _version(letter)))).html)
    paper.headers["Content-Security-Policy"] = PAPER_POLICY
    return paper


@bp.post("/<uuid:letter_id>/tries")
@allow(Role.MANAGER, Role.ADMIN)
def try_again(letter_id: UUID) -> ResponseReturnValue:
    letter = queries.locked(db, letter_id)
    if not may_be_tried(letter):
        raise Conflict("This letter has moved on meanwhile, so it was not sent again.")
    actions.try_again(db, letter, by=member)
    flash(_("It leaves again within seconds, to %(address)s.", address=letter.recipient))
    return redirect(url_for(".show", letter_id=letter.id), 303)


@bp.post("/<uuid:letter_id>/end")
@allow(Role.MANAGER, Role.ADMIN)
def give_up(letter_id: UUID) -> ResponseReturnValue:
    letter = queries.locked(db, letter_id)
    if not may_be_given_up(letter):
        raise Conflict("This letter has moved on meanwhile, so it was not given up.")
    actions.give_up(db, letter, by=member)
    flash(_("Given up. Nobody tries this letter again unless you do."))
    return redirect(came_from() or url_for(".index", view=View.NEEDS_YOU.value), 303)


def _wanted(needs_you: int) -> Wanted:
    """Without a view: what needs somebody, if anything does and nothing else was asked for."""
    args = request.args
    asked = Wanted(
        address=args.get("to", "").strip(),
        kind=LetterKind(args["kind"]) if args.get("kind") in set(KINDS) else None,
        fate=Fate(args["state"]) if args.get("state") in set(Fate) else None,
        hold=Hold(args["reason"]) if args.get("reason") in set(Hold) else Hold.NONE,
        sequence_id=args.get("sequence", type=UUID),
        step=args.get("step", type=int),
    )
    view = args.get("view", "")
    otherwise = View.NEEDS_YOU if needs_you and not asked.narrowed else View.ALL
    return replace(asked, view=View(view) if view in set(View) else otherwise)


def _sequence(sequence_id: UUID | None) -> str:
    found = queries.sequence(db, sequence_id)
    return name(found) if found else ""


def _tabs(now: View, needs_you: int) -> list[tuple[Any, str, int | None, bool]]:
    """Only what waits for somebody is counted: it is never many."""
    other = {"after": None, "state": None, "reason": None}
    return [
        (
            words,
            same_page(view=view.value, **other),
            needs_you or None if view is View.NEEDS_YOU else None,
            view is now,
        )
        for view, words in labels.VIEWS.items()
    ]


def _lines(letters: Sequence[Letter]) -> list[Line]:
    texts = frozen(db, {letter.template_id for letter in letters if letter.template_id})
    return [_line(letter, _words(letter, texts)) for letter in letters]


def _line(letter: Letter, words: Words) -> Line:
    kind, stands = str(labels.KINDS[LetterKind(letter.kind)]), standing(letter, tenant.time_zone)
    try:
        return Line(letter, Desk(tenant, "").subject(letter, words), kind, stands)
    except Unwritable:
        return Line(letter, kind, kind, stands)


def _shown(letter: Letter, words: Words) -> Written:
    """As it was sent, but for the secrets in its links."""
    try:
        return Desk(tenant, request.url_root).written(letter, words)
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
