"""Every email of the workspace, its status, and what to do about one that did not go out."""

from dataclasses import replace
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import history, outbox
from portal.declarations.email_kinds import EMAIL_KINDS
from portal.errors import Conflict
from portal.lists.list_choice import ListChoice
from portal.lists.list_page import list_page
from portal.outreach.labels import sequence_name, status_text
from portal.outreach.messages import actions, alarms, labels, queries
from portal.outreach.messages.alarm_labels import notice
from portal.outreach.messages.bulk_actions import can_give_up, can_retry
from portal.outreach.messages.email_rows import email_row, template_text
from portal.outreach.messages.email_status import expected_send_time
from portal.outreach.messages.email_subject import subject_link
from portal.outreach.messages.email_timeline import email_timeline
from portal.outreach.messages.lists import EMAILS
from portal.outreach.messages.queries import EmailTab
from portal.outreach.models import Email
from portal.outreach.templates.defaults import TemplateContent, default_content
from portal.outreach.templates.queries import content_of, contents_by_version
from portal.outreach.templates.rendering import RenderedEmail, RenderingError, TemplateSet
from portal.web.access import allow
from portal.web.current import db, member, tenant
from portal.web.page_urls import previous_url
from tenants.models import Role

bp = Blueprint("emails", __name__, url_prefix="/<workspace>/emails")
EMAIL_FRAME_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'; frame-ancestors 'self'; "
    "sandbox"
)


@bp.get("")
@allow(Role.MANAGER, Role.ADMIN)
def index() -> ResponseReturnValue:
    attention = queries.needs_attention(db)
    return render_template(
        "outreach/messages/index.html",
        page=list_page(EMAILS, _choice(attention.count), _tab_counts(attention.count)),
        attention=attention,
        alarms=[notice(one) for one in alarms.raised_alarms(db, alarms.mail_health(db))],
        parked=outbox.count_parked(db) if member.has_role(Role.ADMIN) else 0,
        labels=labels,
        status_text=status_text,
    )


@bp.get("/<uuid:email_id>")
@allow(Role.MANAGER, Role.ADMIN)
def show(email_id: UUID) -> ResponseReturnValue:
    email = queries.get(db, email_id)
    version = queries.template_version_of(db, email)
    content = content_of(version) if version else default_content(EMAIL_KINDS.get(email.kind), email.locale)
    return render_template(
        "outreach/messages/show.html",
        row=email_row(db, email, content),
        reason=status_text(email.status),
        email=email,
        free_at=expected_send_time(email, tenant.time_zone),
        version=version,
        sequence=_sequence_name(email.sequence_id),
        about=subject_link(db, email),
        text=_rendered(email, content).text if request.args.get("as") == "text" else None,
        timeline=email_timeline(email, queries.events_of(db, email), history.entries_about(db, email)),
        labels=labels,
    )


@bp.get("/<uuid:email_id>/html")
@allow(Role.MANAGER, Role.ADMIN)
def html(email_id: UUID) -> ResponseReturnValue:
    email = queries.get(db, email_id)
    frame = Response(_rendered(email, template_text(email, contents_by_version(db, _version(email)))).html)
    frame.headers["Content-Security-Policy"] = EMAIL_FRAME_POLICY
    return frame


@bp.post("/<uuid:email_id>/retries")
@allow(Role.MANAGER, Role.ADMIN)
def try_again(email_id: UUID) -> ResponseReturnValue:
    email = queries.lock_email(db, email_id)
    if not can_retry(email):
        raise Conflict("This email has changed in the meantime, so it wasn’t sent again.")
    actions.try_again(db, email, by=member)
    flash(_("It will be sent again to %(address)s within seconds.", address=email.recipient))
    return redirect(url_for(".show", email_id=email.id), 303)


@bp.post("/<uuid:email_id>/end")
@allow(Role.MANAGER, Role.ADMIN)
def give_up(email_id: UUID) -> ResponseReturnValue:
    email = queries.lock_email(db, email_id)
    if not can_give_up(email):
        raise Conflict("This email has changed in the meantime, so it wasn’t canceled.")
    actions.give_up(db, email, by=member)
    flash(_("Canceled. This email won’t be sent unless you try it again."))
    return redirect(previous_url() or url_for(".index", view=EmailTab.NEEDS_ATTENTION.value), 303)


def _choice(needs_you: int) -> ListChoice:
    """Without a tab, show what needs attention, if anything does and no other filter is set."""
    asked = ListChoice.of(EMAILS, request.args)
    if EMAILS.tab(request.args.get("view", "")) is not None:
        return asked
    otherwise = EmailTab.NEEDS_ATTENTION if needs_you and not asked.is_narrowed else EmailTab.ALL
    return replace(asked, tab=EMAILS.tab(otherwise))


def _tab_counts(needs_you: int) -> dict[str, int]:
    """Only what needs attention is counted: that is never many."""
    return {EmailTab.NEEDS_ATTENTION.value: needs_you} if needs_you else {}


def _sequence_name(sequence_id: UUID | None) -> str:
    found = queries.sequence_of(db, sequence_id)
    return sequence_name(*found) if found else ""


def _rendered(email: Email, words: TemplateContent) -> RenderedEmail:
    """Render as it was sent, except for the secrets in its links."""
    try:
        return TemplateSet(tenant, request.url_root).render(email, words)
    except RenderingError as lacking:
        return RenderedEmail(
            subject="",
            text=str(lacking),
            html=render_template("outreach/messages/not_rendered.html", why=str(lacking)),
        )


def _version(email: Email) -> set[UUID]:
    return {email.template_id} if email.template_id else set()
