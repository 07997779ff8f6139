"""Writing a sequence, changing the delays of one that every workspace has, and trying it dry before it starts."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.errors import DomainError, NotFound
from portal.outreach.facts import rules_of
from portal.outreach.sequences import audience, making, queries, words
from portal.outreach.sequences.dry_page import draw
from portal.outreach.sequences.forms import STEPS, DelaysForm, PlanForm
from portal.outreach.sequences.models import OWN, Sequence
from portal.outreach.sequences.standards import standard_of
from portal.outreach.templates.models import Template
from portal.outreach.templates.queries import own_letters
from portal.web.access import allow
from portal.web.current import db, member
from portal.web.forms import Form
from tenants.models import Role

MOST_LETTERS = 200  # to choose from
bp = Blueprint("plans", __name__, url_prefix="/<workspace>/letters/sequences")


@bp.get("/new")
@allow(Role.MANAGER, Role.ADMIN)
def new() -> ResponseReturnValue:
    return _plan_page(_offering(PlanForm(formdata=None)))


@bp.post("/new")
@allow(Role.MANAGER, Role.ADMIN)
def make() -> ResponseReturnValue:
    form = _offering(PlanForm())
    made = _done(form, lambda: making.make(db, form.plan(), by=member))
    if made is None:
        return _plan_page(form), 422
    flash(_("Saved as a draft. Nobody gets anything before you start it."))
    return redirect(url_for(".dry_run", sequence_id=made.id), 303)


@bp.get("/<uuid:sequence_id>/plan")
@allow(Role.MANAGER, Role.ADMIN)
def edit(sequence_id: UUID) -> ResponseReturnValue:
    whole, form = queries.whole(db, sequence_id), _offering(PlanForm(formdata=None))
    _insist_on_own(whole.sequence)
    making.insist_on_draft(whole.sequence)
    form.hold(whole.sequence, whole.steps)
    return _plan_page(form, whole.sequence)


@bp.post("/<uuid:sequence_id>/plan")
@allow(Role.MANAGER, Role.ADMIN)
def change(sequence_id: UUID) -> ResponseReturnValue:
    sequence, form = queries.get(db, sequence_id), _offering(PlanForm())
    _insist_on_own(sequence)

    def save() -> Sequence:
        return making.change(db, sequence_id, form.plan(), seen=form.seen_number, by=member)

    if _done(form, save) is None:
        return _plan_page(form, sequence), 422
    flash(_("Saved."))
    return redirect(url_for(".dry_run", sequence_id=sequence_id), 303)


@bp.post("/<uuid:sequence_id>/copies")
@allow(Role.MANAGER, Role.ADMIN)
def copy(sequence_id: UUID) -> ResponseReturnValue:
    _insist_on_own(queries.get(db, sequence_id))
    made = making.copy(db, sequence_id, by=member)
    flash(
        _("A draft of its own, with the same letters and readers. Nobody gets anything before you start it.")
    )
    return redirect(url_for(".edit", sequence_id=made.id), 303)


@bp.post("/<uuid:sequence_id>/removal")
@allow(Role.MANAGER, Role.ADMIN)
def discard(sequence_id: UUID) -> ResponseReturnValue:
    _insist_on_own(queries.get(db, sequence_id))
    flash(_("The draft “%(name)s” is gone.", name=making.discard(db, sequence_id)))
    return redirect(url_for("sequences.index"), 303)


@bp.get("/<uuid:sequence_id>/delays")
@allow(Role.MANAGER, Role.ADMIN)
def delays(sequence_id: UUID) -> ResponseReturnValue:
    whole, form = queries.whole(db, sequence_id), DelaysForm(formdata=None)
    form.hold(whole.steps, whole.sequence)
    return _delays_page(form, whole.sequence)


@bp.post("/<uuid:sequence_id>/delays")
@allow(Role.MANAGER, Role.ADMIN)
def change_delays(sequence_id: UUID) -> ResponseReturnValue:
    sequence, form = queries.get(db, sequence_id), DelaysForm()
    standard = standard_of(sequence)

    def save() -> Sequence:
        new = form.minutes(standard)
        return making.change_delays(db, sequence_id, new, seen=form.seen_number, by=member)

    if _done(form, save) is None:
        return _delays_page(form, sequence), 422
    flash(_("Saved. It counts for everybody who is on the way."))
    return redirect(url_for("sequences.show", sequence_id=sequence_id), 303)


@bp.get("/<uuid:sequence_id>/dry-run")
@allow(Role.MANAGER, Role.ADMIN)
def dry_run(sequence_id: UUID) -> ResponseReturnValue:
    return draw(db, queries.whole(db, sequence_id), request.args.get("who", ""), request.args.get("after"))


def _offering(form: PlanForm) -> PlanForm:
    letters = db.scalars(own_letters().order_by(Template.name).limit(MOST_LETTERS)).all()
    form.offer(letters, audience.options(db), rules_of(db).hours)
    return form


def _done(form: Form, act: Callable[[], Sequence]) -> Sequence | None:
    """What the act gives. None: something has to be put right; what was typed is still there."""
    if not form.validate_on_submit():
        return None
    try:
        return act()
    except DomainError as refusal:
        form.form_errors.append(_(refusal.message, **refusal.params))
        return None


def _insist_on_own(sequence: Sequence) -> None:
    if sequence.programme != OWN:
        raise NotFound("There is no such sequence.")


def _plan_page(form: PlanForm, sequence: Sequence | None = None) -> str:
    return render_template(
        "outreach/sequences/plan.html",
        form=form,
        sequence=sequence,
        steps=STEPS,
        shown=max(form.filled, 2),
        has_letters=form.has_letters,
    )


def _delays_page(form: DelaysForm, sequence: Sequence) -> str:
    standard = standard_of(sequence)
    return render_template(
        "outreach/sequences/delays.html",
        form=form,
        sequence=sequence,
        name=words.name(sequence),
        about=words.ABOUT[sequence.programme],
        rows=range(1, standard.most + 1),
        before=standard.sign < 0,
    )
