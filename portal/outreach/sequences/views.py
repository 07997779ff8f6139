"""Sequences as managers see them: which there are, what each writes to whom, and what can be done with it."""

from collections.abc import Sequence as Row
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from portal import history
from portal.outreach.labels import FATES, Standing
from portal.outreach.models import Letter
from portal.outreach.queries import counts_of_sequence, written_and_sent
from portal.outreach.sequences import crowds, queries, steering, words
from portal.outreach.sequences.answering import may_answer
from portal.outreach.sequences.models import LIFECYCLE, OWN, Move, Run, Sequence
from portal.outreach.sequences.queries import On, Whole
from portal.outreach.standing import standing
from portal.paging import page
from portal.web.access import allow
from portal.web.current import db, member, tenant
from portal.web.filters import moment
from tenants.models import Role

bp = Blueprint("sequences", __name__, url_prefix="/<workspace>/letters/sequences")


@dataclass(frozen=True)
class Line:
    """A sequence in the list."""

    sequence: Sequence
    name: str
    about: str
    people: dict[str, int]
    letters: tuple[int, int]  # written, sent


@bp.get("")
@allow(Role.MANAGER, Role.ADMIN)
def index() -> ResponseReturnValue:
    shown = page(db, select(Sequence), key=(Sequence.id,), cursor=request.args.get("after"), descending=True)
    return render_template(
        "outreach/sequences/index.html",
        shown=shown,
        lines=_lines(shown.rows),
        running=queries.running(db),
        words=words,
    )


@bp.get("/<uuid:sequence_id>")
@allow(Role.MANAGER, Role.ADMIN)
def show(sequence_id: UUID) -> ResponseReturnValue:
    whole, on = queries.whole(db, sequence_id), _on(request.args.get("people", ""))
    shown = page(
        db,
        queries.people_on(sequence_id, on),
        key=(Run.id,),
        cursor=request.args.get("after"),
        descending=True,
    )
    people = queries.counts_of_people(db, [sequence_id])[sequence_id]
    return render_template(
        "outreach/sequences/show.html",
        whole=whole,
        sequence=whole.sequence,
        name=words.name(whole.sequence),
        counts=counts_of_sequence(db, sequence_id),
        fates=FATES,
        people=people,
        on=on,
        shown=shown,
        latest=_latest(sequence_id, shown.rows),
        markable=[run for run in shown.rows if may_answer(whole.sequence, run)],
        moves={move.value for move in moves(whole.sequence)},
        told=_told(whole),
        words=words,
    )


def _latest(sequence_id: UUID, runs: Row[Run]) -> dict[UUID, tuple[Letter, Standing]]:
    """Of each of these people the letter written last, and where it stands."""
    letters = queries.last_letters(db, sequence_id, runs)
    return {run_id: (letter, standing(letter, tenant.time_zone)) for run_id, letter in letters.items()}


@bp.post("/<uuid:sequence_id>/start")
@allow(Role.MANAGER, Role.ADMIN)
def start(sequence_id: UUID) -> ResponseReturnValue:
    people = crowds.begin(db, sequence_id, by=member)
    flash(words.started(people, queries.get(db, sequence_id).most_letters) if people else str(words.STARTS))
    return redirect(url_for(".show", sequence_id=sequence_id), 303)


@bp.post("/<uuid:sequence_id>/pause")
@allow(Role.MANAGER, Role.ADMIN)
def pause(sequence_id: UUID) -> ResponseReturnValue:
    steering.pause(db, sequence_id, by=member)
    flash(_("It rests. Nothing of it leaves before you let it go on."))
    return redirect(url_for(".show", sequence_id=sequence_id), 303)


@bp.post("/<uuid:sequence_id>/resumption")
@allow(Role.MANAGER, Role.ADMIN)
def resume(sequence_id: UUID) -> ResponseReturnValue:
    now = crowds.resume(db, sequence_id, by=member)
    flash(_("It goes on. What the pause held leaves now.") if now else str(words.GOES_ON))
    return redirect(url_for(".show", sequence_id=sequence_id), 303)


@bp.post("/<uuid:sequence_id>/end")
@allow(Role.MANAGER, Role.ADMIN)
def end(sequence_id: UUID) -> ResponseReturnValue:
    now = crowds.end(db, sequence_id, by=member)
    flash(_("Ended. Nobody gets another letter of it.") if now else str(words.ENDS))
    return redirect(url_for(".show", sequence_id=sequence_id), 303)


@bp.post("/<uuid:sequence_id>/runs/<uuid:run_id>/end")
@allow(Role.MANAGER, Role.ADMIN)
def take_out(sequence_id: UUID, run_id: UUID) -> ResponseReturnValue:
    run = steering.take_out(db, sequence_id, run_id, by=member)
    flash(_("%(name)s gets no more letters of it.", name=run.recipient_name or run.recipient))
    return redirect(url_for(".show", sequence_id=sequence_id), 303)


def moves(sequence: Sequence) -> list[Move]:
    """What every workspace has can rest, but does not end."""
    possible = LIFECYCLE.moves_from(sequence.state)
    return possible if sequence.programme == OWN else [one for one in possible if one is not Move.FINISH]


def _on(asked: str) -> On:
    return On(asked) if asked in set(On) else On.ALL


def _lines(rows: Row[Sequence]) -> list[Line]:
    ids = [row.id for row in rows]
    people, letters = queries.counts_of_people(db, ids), written_and_sent(db, ids)
    delays = queries.steps_of(db, ids)
    return [
        Line(
            row,
            words.name(row),
            ", ".join(words.delay(each, row.programme) for each in delays.get(row.id, ())),
            {on.value: many for on, many in people[row.id].items()},
            letters.get(row.id, (0, 0)),
        )
        for row in rows
    ]


def _told(whole: Whole) -> list[tuple[str, str, str]]:
    lines = history.of(db, whole.sequence)
    return [
        (moment(line.created_at), line.by_name, words.told(line.what, line.detail, whole.sequence.programme))
        for line in lines
    ]
