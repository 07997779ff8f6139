"""Edits a sequence or the delays of a default one, and previews recipients before it starts."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import and_

from portal.errors import DomainError, NotFound
from portal.outreach.governance.queries import sending_limits
from portal.outreach.sequences import editor, labels, queries
from portal.outreach.sequences.audience import has_agreed
from portal.outreach.sequences.default_sequences import default_of
from portal.outreach.sequences.dry_run_page import render_dry_run
from portal.outreach.sequences.forms import STEPS, DelaysForm, SequencePlanForm
from portal.outreach.sequences.models import OWN, EmailSequence
from portal.outreach.templates.models import EmailTemplate
from portal.outreach.templates.queries import own_templates
from portal.segments.audience import Audience
from portal.segments.audience_form import AudienceForm, asks_for_fields
from portal.segments.audience_picker import EVERYBODY, audience_form, audience_picker, read_audience
from portal.web.access import allow
from portal.web.current import db, member
from portal.web.forms import Form
from portal.web.refusal_text import refusal_text
from tenants.models import Role

MAX_TEMPLATES = 200  # to choose from
bp = Blueprint("sequence_plans", __name__, url_prefix="/<workspace>/emails/sequences")


@bp.get("/new")
@allow(Role.MANAGER, Role.ADMIN)
def new() -> ResponseReturnValue:
    """`segment=` in the address: to start from."""
    segment_id = read_audience(db, request.args, member).segment_id
    chosen = audience_form(db, Audience(segment_id=segment_id))
    return _plan_page(_with_choices(SequencePlanForm(formdata=None)), chosen)


@bp.post("/new")
@allow(Role.MANAGER, Role.ADMIN)
def create() -> ResponseReturnValue:
    form, chosen = _with_choices(SequencePlanForm()), _chosen()
    if asks_for_fields(request.form):
        return _plan_page(form, chosen)
    made = _try_save(form, lambda: editor.create_sequence(db, form.plan(chosen.complete()), by=member))
    if made is None:
        return _plan_page(form, chosen.refused), 422
    flash(_("Saved as a draft. Nothing is sent until you start it."))
    return redirect(url_for(".dry_run", sequence_id=made.id), 303)


@bp.get("/<uuid:sequence_id>/plan")
@allow(Role.MANAGER, Role.ADMIN)
def edit(sequence_id: UUID) -> ResponseReturnValue:
    detail, form = queries.sequence_detail(db, sequence_id), _with_choices(SequencePlanForm(formdata=None))
    _require_own(detail.sequence)
    editor.require_draft(detail.sequence)
    form.fill_from(detail.sequence, detail.steps)
    return _plan_page(form, audience_form(db, detail.sequence.is_for), detail.sequence)


@bp.post("/<uuid:sequence_id>/plan")
@allow(Role.MANAGER, Role.ADMIN)
def change(sequence_id: UUID) -> ResponseReturnValue:
    sequence, form = queries.get(db, sequence_id), _with_choices(SequencePlanForm())
    _require_own(sequence)
    chosen = _chosen(sequence.is_for)
    if asks_for_fields(request.form):
        return _plan_page(form, chosen, sequence)

    def save() -> EmailSequence:
        plan = form.plan(chosen.complete())
        return editor.change_sequence(db, sequence_id, plan, shown_version=form.shown_version, by=member)

    if _try_save(form, save) is None:
        return _plan_page(form, chosen.refused, sequence), 422
    flash(_("Saved."))
    return redirect(url_for(".dry_run", sequence_id=sequence_id), 303)


@bp.post("/<uuid:sequence_id>/copies")
@allow(Role.MANAGER, Role.ADMIN)
def copy(sequence_id: UUID) -> ResponseReturnValue:
    _require_own(queries.get(db, sequence_id))
    made = editor.copy_sequence(db, sequence_id, by=member)
    flash(_("Copied as a draft, with the same emails and recipients. Nothing is sent until you start it."))
    return redirect(url_for(".edit", sequence_id=made.id), 303)


@bp.post("/<uuid:sequence_id>/removal")
@allow(Role.MANAGER, Role.ADMIN)
def discard(sequence_id: UUID) -> ResponseReturnValue:
    _require_own(queries.get(db, sequence_id))
    flash(_("The draft “%(name)s” was removed.", name=editor.discard_draft(db, sequence_id)))
    return redirect(url_for("sequences.index"), 303)


@bp.get("/<uuid:sequence_id>/delays")
@allow(Role.MANAGER, Role.ADMIN)
def delays(sequence_id: UUID) -> ResponseReturnValue:
    detail, form = queries.sequence_detail(db, sequence_id), DelaysForm(formdata=None)
    form.fill_from(detail.steps, detail.sequence)
    return _delays_page(form, detail.sequence)


@bp.post("/<uuid:sequence_id>/delays")
@allow(Role.MANAGER, Role.ADMIN)
def change_delays(sequence_id: UUID) -> ResponseReturnValue:
    sequence, form = queries.get(db, sequence_id), DelaysForm()
    _kind, reminders = default_of(sequence)

    def save() -> EmailSequence:
        new = form.minutes(reminders)
        return editor.change_delays(db, sequence_id, new, shown_version=form.shown_version, by=member)

    if _try_save(form, save) is None:
        return _delays_page(form, sequence), 422
    flash(_("Saved. It applies to everyone in the sequence."))
    return redirect(url_for("sequences.show", sequence_id=sequence_id), 303)


@bp.get("/<uuid:sequence_id>/dry-run")
@allow(Role.MANAGER, Role.ADMIN)
def dry_run(sequence_id: UUID) -> ResponseReturnValue:
    return render_dry_run(
        db, queries.sequence_detail(db, sequence_id), request.args.get("who", ""), request.args.get("after")
    )


def _with_choices(form: SequencePlanForm) -> SequencePlanForm:
    emails = db.scalars(own_templates().order_by(EmailTemplate.name).limit(MAX_TEMPLATES)).all()
    form.set_choices(emails, sending_limits(db).hours)
    return form


def _chosen(before: Audience = EVERYBODY) -> AudienceForm:
    return read_audience(db, request.form, member, before)


def _try_save(form: Form, act: Callable[[], EmailSequence]) -> EmailSequence | None:
    """Return what the action returns; None when something must be corrected, which is then still there."""
    if not form.validate_on_submit():
        return None
    try:
        return act()
    except DomainError as refusal:
        form.form_errors.append(refusal_text(refusal))
        return None


def _require_own(sequence: EmailSequence) -> None:
    if sequence.program != OWN:
        raise NotFound("We couldn’t find this sequence.")


def _plan_page(form: SequencePlanForm, chosen: AudienceForm, sequence: EmailSequence | None = None) -> str:
    before = sequence.is_for if sequence else EVERYBODY
    agreed = and_(*has_agreed(form.purpose.data or ""))
    return render_template(
        "outreach/sequences/plan.html",
        form=form,
        picker=audience_picker(db, chosen, member, agreed, before=before),
        sequence=sequence,
        steps=STEPS,
        visible_steps=max(form.last_filled_step, 2),
    )


def _delays_page(form: DelaysForm, sequence: EmailSequence) -> str:
    _kind, reminders = default_of(sequence)
    return render_template(
        "outreach/sequences/delays.html",
        form=form,
        sequence=sequence,
        name=labels.sequence_name(sequence),
        about=_(reminders.description),
        rows=range(1, reminders.max_emails + 1),
        before=reminders.sign < 0,
    )
