"""Inviting people wave by wave, and files of contacts, who are listed and not written to."""

from uuid import UUID

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.advocates.models import IN_PROGRAM, Advocate
from portal.asks.calendar_days import workspace_zone
from portal.campaigns import approval
from portal.campaigns import queries as campaigns
from portal.campaigns.models import CampaignState
from portal.errors import Conflict
from portal.events import invitations, labels
from portal.events import queries as events
from portal.events.invitations import Wave
from portal.events.manage import contacts_file, queries
from portal.events.manage.action_forms import ContactsForm
from portal.events.manage.contacts_file import UnreadableContacts
from portal.events.manage.invite_form import ADDRESSES, AUDIENCE, InviteForm
from portal.events.manage.invite_preview import InvitePreview, preview
from portal.events.manage.views import bp, to_page
from portal.events.models import Event, EventState
from portal.segments.audience import Audience
from portal.segments.audience_form import AudienceForm, asks_for_fields
from portal.segments.audience_picker import audience_form, audience_picker, form_faults, read_audience
from portal.web.access import allow
from portal.web.body_limits import MB, accepts_file
from portal.web.current import db, member
from tenants.models import MANAGER_ROLES

__all__ = ["bp"]
IS_IN_PROGRAM = Advocate.state.in_(IN_PROGRAM)


@bp.get("/<uuid:event_id>/invite")
@allow(*MANAGER_ROLES)
def invite(event_id: UUID) -> ResponseReturnValue:
    """`segment=` in the address: to start from."""
    event = _open_event(event_id)
    segment_id = read_audience(db, request.args, member).segment_id
    form = InviteForm(formdata=None)
    return _page(event, form, audience_form(db, Audience(segment_id=segment_id)))


@bp.post("/<uuid:event_id>/invite")
@allow(*MANAGER_ROLES)
def preview_wave(event_id: UUID) -> ResponseReturnValue:
    """Nothing is sent: who would get it, and who would not, and why."""
    event, form = _open_event(event_id), InviteForm()
    audience = read_audience(db, request.form, member)
    if asks_for_fields(request.form):
        return _page(event, form, audience)
    if not _is_good(form, audience):
        return _page(event, form, audience.refused), 422
    return _page(event, form, audience, _previewed(event, form, audience))


@bp.post("/<uuid:event_id>/waves")
@allow(*MANAGER_ROLES)
def send_wave(event_id: UUID) -> ResponseReturnValue:
    event, form = _open_event(event_id), InviteForm()
    audience = read_audience(db, request.form, member)
    if asks_for_fields(request.form):
        return _page(event, form, audience)
    if not _is_good(form, audience):
        return _page(event, form, audience.refused), 422
    found = _previewed(event, form, audience)
    if form.seen.data != found.seen:
        return _page(event, form, audience, found, has_changed=True), 409
    if found.needs_approval and (refusal := _missing_approval(event, form)):
        form.approver.errors = [refusal]
        return _page(event, form, audience, found), 422
    return _sent(event, form, found)


def _missing_approval(event: Event, form: InviteForm) -> str:
    """Asked with the first wave; when later ones make it many more, the campaign asks its approver again by itself."""
    campaign = campaigns.of_subject(db, Event.__tablename__, event.id)
    if form.approver_id() or (campaign is not None and campaign.state is not CampaignState.DECLINED):
        return ""
    return _("So many people need a second person’s approval. Please choose one.")


def _sent(event: Event, form: InviteForm, found: InvitePreview) -> ResponseReturnValue:
    wave = Wave(
        audience=found.audience,
        size=form.size.data,
        invite_at=form.moment(workspace_zone(db)),
        approver_id=form.approver_id() if found.needs_approval else None,
    )
    invitations.plan_wave(db, event.id, wave, by=member)
    flash(
        ngettext("One person gets an invitation.", "%(num)d people get an invitation.", found.invited)
        + " "
        + _("Answers show up here as they come in.")
    )
    return to_page(event)


def _open_event(event_id: UUID) -> Event:
    event = events.get(db, event_id)
    if event.state is EventState.DRAFT:
        raise Conflict("This event is a draft. Open it first, then invite people.")
    if not event.takes_answers:
        raise Conflict("Nobody can be invited to this event any more.")
    return event


def _is_good(form: InviteForm, audience: AudienceForm) -> bool:
    form.set_choices(queries.past_events(db), approval.possible_approvers(db, member))
    is_good = form.validate_on_submit()
    if form.source.data == AUDIENCE:
        form.form_errors.extend(form_faults(db, audience))
    return is_good and not form.form_errors


def _previewed(event: Event, form: InviteForm, audience: AudienceForm) -> InvitePreview:
    return preview(db, event, form, audience.audience)


def _page(
    event: Event,
    form: InviteForm,
    audience: AudienceForm,
    found: InvitePreview | None = None,
    *,
    has_changed: bool = False,
) -> str:
    form.set_choices(queries.past_events(db), approval.possible_approvers(db, member))
    form.seen.data = found.seen if found else ""
    return render_template(
        "events/manage/invite.html",
        event=event,
        form=form,
        picker=audience_picker(db, audience, member, IS_IN_PROGRAM),
        found=found,
        has_changed=has_changed,
        labels=labels,
    )


@bp.get("/<uuid:event_id>/contacts")
@allow(*MANAGER_ROLES)
def contacts(event_id: UUID) -> ResponseReturnValue:
    return _contacts_page(_open_event(event_id), ContactsForm(formdata=None))


@bp.post("/<uuid:event_id>/contacts")
@allow(*MANAGER_ROLES)
@accepts_file(contacts_file.LARGEST_FILE * MB)
def read_contacts(event_id: UUID) -> ResponseReturnValue:
    """Who is in the program can be invited next; the others stand on the list and get no email."""
    event, form = _open_event(event_id), ContactsForm()
    if not form.validate_on_submit():
        return _contacts_page(event, form), 422
    try:
        lines = contacts_file.read(form.file.data.stream)
    except UnreadableContacts as wrong:
        form.file.errors = [wrong.words]
        return _contacts_page(event, form), 422
    found = contacts_file.list_contacts(db, events.lock_event(db, event.id), lines)
    invite_form = InviteForm(formdata=None, source=ADDRESSES, addresses="\n".join(found.invitable))
    invite_form.set_choices((), ())
    return render_template(
        "events/manage/contacts_read.html", event=event, found=found, form=invite_form, labels=labels
    )


def _contacts_page(event: Event, form: ContactsForm) -> str:
    return render_template(
        "events/manage/contacts.html", event=event, form=form, most=contacts_file.MOST_LINES, labels=labels
    )
