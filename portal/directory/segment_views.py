"""Segments: saved audiences, by conditions that are counted while somebody types, or as lists of people."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.directory.segment_list import SEGMENTS
from portal.directory.segment_page import conditions_for_reviews, people_list_page, segment_page
from portal.errors import DomainError
from portal.lists.list_page import list_page
from portal.segments import actions, labels, queries, static_lists
from portal.segments.actions import SegmentDraft, SegmentMoved
from portal.segments.condition_editor import form_of, read_form
from portal.segments.condition_form import ConditionForm
from portal.segments.forms import SegmentForm, StatementForm
from portal.segments.models import Segment, SegmentSharing
from portal.segments.resolution import resolve_segment
from portal.segments.uses import uses_of
from portal.web.access import allow
from portal.web.bulk_selection import selected_ids
from portal.web.current import db, member
from portal.web.refusal_text import refusal_text
from tenants.models import MANAGER_ROLES, Role

bp = Blueprint("segments", __name__, url_prefix="/<workspace>/segments")


@bp.get("")
@allow(*MANAGER_ROLES)
def index() -> ResponseReturnValue:
    return render_template("segments/index.html", page=list_page(SEGMENTS), labels=labels)


@bp.get("/new")
@allow(*MANAGER_ROLES)
def new() -> ResponseReturnValue:
    return _page(read_form(db, request.args, member), _naming())


@bp.post("")
@allow(*MANAGER_ROLES)
def create() -> ResponseReturnValue:
    form, naming = read_form(db, request.form, member), SegmentForm()
    return _saved(form, naming, None, lambda draft: actions.create_segment(db, draft, by=member))


@bp.get("/<uuid:segment_id>")
@allow(*MANAGER_ROLES)
def show(segment_id: UUID) -> ResponseReturnValue:
    segment = queries.get_visible(db, segment_id, member)
    if segment.is_list or "edited" not in request.args:
        return _as_saved(segment)
    return _page(read_form(db, request.args, member, segment), _naming(segment), segment)


@bp.post("/<uuid:segment_id>")
@allow(*MANAGER_ROLES)
def update(segment_id: UUID) -> ResponseReturnValue:
    segment = queries.get_visible(db, segment_id, member)
    form, naming = read_form(db, request.form, member, segment), SegmentForm()

    def change(draft: SegmentDraft) -> Segment:
        return actions.change_segment(db, segment_id, draft, naming.seen_version, by=member)

    return _saved(form, naming, segment, change)


@bp.post("/<uuid:segment_id>/sharing")
@allow(*MANAGER_ROLES)
def share(segment_id: UUID) -> ResponseReturnValue:
    is_shared = request.form.get("sharing") == SegmentSharing.MANAGERS
    sharing = SegmentSharing.MANAGERS if is_shared else SegmentSharing.OWNER
    segment = actions.share_segment(db, segment_id, sharing, by=member)
    flash(_("All program managers see it now.") if is_shared else _("Only you see it now."))
    return _to(segment)


@bp.post("/<uuid:segment_id>/copies")
@allow(*MANAGER_ROLES)
def copy(segment_id: UUID) -> ResponseReturnValue:
    """`for=reviews`: without the conditions that keep it out of them."""
    segment = queries.get_visible(db, segment_id, member)
    resolved = resolve_segment(db, segment)
    for_reviews = request.form.get("for") == "reviews"
    conditions = conditions_for_reviews(db, resolved) if for_reviews else resolved.conditions
    name = (
        _("%(name)s, for reviews", name=segment.name)
        if for_reviews
        else _("Copy of %(name)s", name=segment.name)
    )
    copied = actions.copy_segment(db, segment, name[:120], conditions, by=member)
    flash(_("This is your copy. Only you see it until you share it."))
    return _to(copied)


@bp.post("/<uuid:segment_id>/lists")
@allow(*MANAGER_ROLES)
def keep_as_list(segment_id: UUID) -> ResponseReturnValue:
    segment = queries.get_visible(db, segment_id, member)
    name = _("%(name)s, as of today", name=segment.name)[:120]
    kept = static_lists.keep_as_list(db, resolve_segment(db, segment), name, by=member)
    flash(_("These people stay on the list, whatever changes about them."))
    return _to(kept)


@bp.post("/<uuid:segment_id>/people")
@allow(*MANAGER_ROLES)
def add_people(segment_id: UUID) -> ResponseReturnValue:
    picked = selected_ids(request.form.getlist("picked"))
    added = static_lists.add_picked(db, segment_id, picked, by=member)
    flash(ngettext("%(num)d person is new on the list.", "%(num)d people are new on the list.", added))
    return redirect(url_for(".show", segment_id=segment_id), 303)


@bp.post("/<uuid:segment_id>/people/removal")
@allow(*MANAGER_ROLES)
def remove_people(segment_id: UUID) -> ResponseReturnValue:
    picked = selected_ids(request.form.getlist("picked"))
    gone = static_lists.remove_people(db, segment_id, picked, by=member)
    flash(ngettext("%(num)d person is off the list.", "%(num)d people are off the list.", gone))
    return redirect(url_for(".show", segment_id=segment_id), 303)


@bp.post("/<uuid:segment_id>/statement")
@allow(Role.ADMIN)
def state_origin(segment_id: UUID) -> ResponseReturnValue:
    form, segment = StatementForm(), queries.get_visible(db, segment_id, member)
    if not form.validate_on_submit():
        return _list_page(segment, form), 422
    static_lists.state_origin(db, segment_id, form.statement.data or "", by=member)
    flash(_("Kept, with your name and today’s date."))
    return _to(segment)


@bp.post("/<uuid:segment_id>/deletion")
@allow(*MANAGER_ROLES)
def delete(segment_id: UUID) -> ResponseReturnValue:
    segment = queries.get_visible(db, segment_id, member)
    uses = [use.title for use in uses_of(db, segment_id)]
    try:
        with db.begin_nested():
            actions.delete_segment(db, segment_id, uses, by=member)
    except DomainError as refusal:
        flash(refusal_text(refusal), "bad")
        return _as_saved(segment), 400
    flash(_("The segment is gone. The people in it are not."))
    return redirect(url_for(".index"), 303)


def _as_saved(segment: Segment) -> str:
    if segment.is_list:
        return _list_page(segment, StatementForm(formdata=None))
    return _page(form_of(db, segment), _naming(segment), segment)


def _saved(
    form: ConditionForm,
    naming: SegmentForm,
    segment: Segment | None,
    save: Callable[[SegmentDraft], Segment],
) -> ResponseReturnValue:
    """Whatever is refused is shown again as it was typed."""
    if not naming.validate_on_submit():
        return _again(form, naming, segment), 422
    try:
        return _to(save(SegmentDraft(naming.name.data or "", form.complete())), _("Saved."))
    except SegmentMoved:
        return _again(form, naming, segment, is_moved=True), 409
    except DomainError as refusal:
        naming.form_errors.append(refusal_text(refusal))
        return _again(form, naming, segment), 422


def _again(
    form: ConditionForm, naming: SegmentForm, segment: Segment | None, *, is_moved: bool = False
) -> str:
    if segment is not None and segment.is_list:
        return _list_page(segment, StatementForm(formdata=None), naming, is_moved=is_moved)
    return _page(form.refused, naming, segment, is_moved=is_moved)


def _page(
    form: ConditionForm, naming: SegmentForm, segment: Segment | None = None, *, is_moved: bool = False
) -> str:
    context = segment_page(db, form, segment, member)
    return render_template(
        "segments/show.html",
        naming=naming,
        is_moved=is_moved,
        labels=labels,
        is_owner=_owns(segment),
        **context,
    )


def _list_page(
    segment: Segment,
    statement: StatementForm,
    naming: SegmentForm | None = None,
    *,
    is_moved: bool = False,
) -> str:
    return render_template(
        "segments/list.html",
        statement=statement,
        naming=naming or _naming(segment),
        is_refused=naming is not None,
        is_moved=is_moved,
        labels=labels,
        is_owner=_owns(segment),
        **people_list_page(db, segment, request.args.get("after")),
    )


def _naming(segment: Segment | None = None) -> SegmentForm:
    """The name as it is typed so far, else as it is."""
    typed = request.args.get("name")
    return SegmentForm(formdata=None, name=typed if typed is not None else segment.name if segment else "")


def _owns(segment: Segment | None) -> bool:
    return segment is not None and segment.owner_id == member.id


def _to(segment: Segment, words: str = "") -> ResponseReturnValue:
    if words:
        flash(words)
    return redirect(url_for(".show", segment_id=segment.id), 303)
