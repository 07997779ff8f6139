"""Pages of sequences: the list, what each writes to whom, and what can be done with it."""

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import and_

from portal import history
from portal.badges import StatusBadge
from portal.lists.list_page import list_page
from portal.outreach.messages.email_status import email_status
from portal.outreach.messages.labels import OUTCOMES
from portal.outreach.messages.queries import counts_of_sequence
from portal.outreach.models import Email
from portal.outreach.sequences import background_control, control, labels, queries
from portal.outreach.sequences.answer_actions import can_be_marked_answered
from portal.outreach.sequences.audience import has_agreed
from portal.outreach.sequences.lists import SEQUENCES
from portal.outreach.sequences.models import (
    LIFECYCLE,
    OWN,
    EmailSequence,
    SequenceMove,
    SequenceRun,
    SequenceState,
)
from portal.outreach.sequences.queries import RunFilter, SequenceDetail
from portal.paging import paginate
from portal.segments.audience import fingerprint_of
from portal.segments.audience_summary import AudienceSummary, audience_summary
from portal.web.access import allow
from portal.web.current import db, member, tenant
from portal.web.filters import moment
from tenants.models import Role

bp = Blueprint("sequences", __name__, url_prefix="/<workspace>/emails/sequences")


@bp.get("")
@allow(Role.MANAGER, Role.ADMIN)
def index() -> ResponseReturnValue:
    return render_template("outreach/sequences/index.html", page=list_page(SEQUENCES), labels=labels)


@bp.get("/<uuid:sequence_id>")
@allow(Role.MANAGER, Role.ADMIN)
def show(sequence_id: UUID) -> ResponseReturnValue:
    detail, run_filter = queries.sequence_detail(db, sequence_id), _run_filter(request.args.get("people", ""))
    page = paginate(
        db,
        queries.filtered_runs(sequence_id, run_filter),
        key=(SequenceRun.id,),
        cursor=request.args.get("after"),
        descending=True,
    )
    return render_template(
        "outreach/sequences/show.html",
        detail=detail,
        sequence=detail.sequence,
        name=labels.sequence_name(detail.sequence),
        counts=counts_of_sequence(db, sequence_id),
        outcomes=OUTCOMES,
        run_counts=queries.run_counts(db, [sequence_id])[sequence_id],
        run_filter=run_filter,
        page=page,
        latest_emails=_latest_emails(sequence_id, page.rows),
        markable_runs=[run for run in page.rows if can_be_marked_answered(detail.sequence, run)],
        moves={move.value for move in allowed_moves(detail.sequence)},
        history=_history(detail),
        labels=labels,
        summary=_summary(detail.sequence),
    )


def _summary(sequence: EmailSequence) -> AudienceSummary | None:
    """Of an own one; how many people that is now, only while it is a draft."""
    if sequence.program != OWN:
        return None
    is_draft = sequence.state is SequenceState.DRAFT
    which = and_(*has_agreed(sequence.purpose))
    return audience_summary(db, sequence.is_for, member, which, is_counted=is_draft)


def _latest_emails(sequence_id: UUID, runs: Sequence[SequenceRun]) -> dict[UUID, tuple[Email, StatusBadge]]:
    """Read the last email of each of these runs, and its status."""
    emails = queries.latest_emails(db, sequence_id, runs)
    return {run_id: (email, email_status(email, tenant.time_zone)) for run_id, email in emails.items()}


@bp.post("/<uuid:sequence_id>/start")
@allow(Role.MANAGER, Role.ADMIN)
def start(sequence_id: UUID) -> ResponseReturnValue:
    """`seen`: the audience as the dry run showed it; whoever saw another one looks again first."""
    seen = request.form.get("seen", "")
    if seen and seen != fingerprint_of(db, queries.get(db, sequence_id).is_for):
        flash(
            _(
                "Who is in this audience was changed in the meantime, so nothing was started. See who gets it now."
            )
        )
        return redirect(url_for("sequence_plans.dry_run", sequence_id=sequence_id), 303)
    people = background_control.start_or_request(db, sequence_id, by=member)
    flash(
        labels.started(people, queries.get(db, sequence_id).max_emails)
        if people
        else str(labels.START_REQUESTED)
    )
    return redirect(url_for(".show", sequence_id=sequence_id), 303)


@bp.post("/<uuid:sequence_id>/pause")
@allow(Role.MANAGER, Role.ADMIN)
def pause(sequence_id: UUID) -> ResponseReturnValue:
    control.pause_sequence(db, sequence_id, by=member)
    flash(_("Paused. Nothing is sent until you resume it."))
    return redirect(url_for(".show", sequence_id=sequence_id), 303)


@bp.post("/<uuid:sequence_id>/resumption")
@allow(Role.MANAGER, Role.ADMIN)
def resume(sequence_id: UUID) -> ResponseReturnValue:
    now = background_control.resume_or_request(db, sequence_id, by=member)
    flash(_("Resumed. Emails that were held are sent now.") if now else str(labels.RESUME_REQUESTED))
    return redirect(url_for(".show", sequence_id=sequence_id), 303)


@bp.post("/<uuid:sequence_id>/end")
@allow(Role.MANAGER, Role.ADMIN)
def end(sequence_id: UUID) -> ResponseReturnValue:
    now = background_control.end_or_request(db, sequence_id, by=member)
    flash(_("Ended. No more emails will be sent.") if now else str(labels.END_REQUESTED))
    return redirect(url_for(".show", sequence_id=sequence_id), 303)


@bp.post("/<uuid:sequence_id>/runs/<uuid:run_id>/end")
@allow(Role.MANAGER, Role.ADMIN)
def remove_recipient(sequence_id: UUID, run_id: UUID) -> ResponseReturnValue:
    run = control.remove_recipient(db, sequence_id, run_id, by=member)
    flash(
        _(
            "%(name)s was removed and gets no more emails from this sequence.",
            name=run.recipient_name or run.recipient,
        )
    )
    return redirect(url_for(".show", sequence_id=sequence_id), 303)


def allowed_moves(sequence: EmailSequence) -> list[SequenceMove]:
    possible = LIFECYCLE.moves_from(sequence.state)
    return (
        possible if sequence.program == OWN else [one for one in possible if one is not SequenceMove.FINISH]
    )


def _run_filter(asked: str) -> RunFilter:
    return RunFilter(asked) if asked in set(RunFilter) else RunFilter.ALL


def _history(detail: SequenceDetail) -> list[tuple[str, str, str]]:
    lines = history.entries_about(db, detail.sequence)
    return [
        (
            moment(line.created_at),
            line.by_name,
            labels.history_sentence(line.action, line.detail, detail.sequence.program),
        )
        for line in lines
    ]
