"""Every email of the workspace, its status, and what to do about one that did not go out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import history, outbox
from portal.badges import StatusBadge
from portal.declarations.email_kinds import EMAIL_KINDS
from portal.errors import Conflict
from portal.outreach.labels import HOLD_REASONS, kind_name, kind_names, sequence_name, status_text
from portal.outreach.messages import actions, alarms, labels, queries
from portal.outreach.messages.alarm_labels import notice
from portal.outreach.messages.bulk_actions import can_give_up, can_retry
from portal.outreach.messages.email_status import email_status, expected_send_time
from portal.outreach.messages.email_subject import subject_link
from portal.outreach.messages.email_timeline import email_timeline
from portal.outreach.messages.queries import EmailFilters, EmailOutcome, EmailTab
from portal.outreach.models import Email, HoldReason
from portal.outreach.templates.defaults import TemplateContent, default_content
from portal.outreach.templates.queries import content_of, contents_by_version
from portal.outreach.templates.rendering import RenderedEmail, RenderingError, TemplateSet
from portal.paging import paginate
from portal.web.access import allow
from portal.web.current import db, member, tenant
from portal.web.page_urls import current_url, previous_url
from tenants.models import Role

bp = Blueprint("emails", __name__, url_prefix="/<workspace>/emails")
EMAIL_FRAME_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'; frame-ancestors 'self'; "
    "sandbox"
)


@dataclass(frozen=True)
class EmailRow:
    """An email in the list."""

    email: Email
    subject: str
    kind: str
    status: StatusBadge

    @property
    def can_retry(self) -> bool:
        return can_retry(self.email)

    @property
    def can_give_up(self) -> bool:
        return can_give_up(self.email)


@bp.get("")
@allow(Role.MANAGER, Role.ADMIN)
def index() -> ResponseReturnValue:
    attention = queries.needs_attention(db)
    filters = _filters(attention.count)
    chosen = queries.emails(filters)
    shown = paginate(db, chosen, key=(Email.id,), cursor=request.args.get("after"), descending=True)
    return render_template(
        "outreach/messages/index.html",
        shown=shown,
        rows=_rows(shown.rows),
        filters=filters,
        tabs=_tabs(filters.tab, attention.count),
        sequence=_sequence_name(filters.sequence_id),
        attention=attention,
        alarms=[notice(one) for one in alarms.raised_alarms(db, alarms.mail_health(db))],
        parked=outbox.count_parked(db) if member.has_role(Role.ADMIN) else 0,
        labels=labels,
        kinds=_shown_kinds(),
        status_text=status_text,
        reasons={hold: held.word for hold, held in HOLD_REASONS.items()},
    )


@bp.get("/<uuid:email_id>")
@allow(Role.MANAGER, Role.ADMIN)
def show(email_id: UUID) -> ResponseReturnValue:
    email = queries.get(db, email_id)
    version = queries.template_version_of(db, email)
    content = content_of(version) if version else default_content(EMAIL_KINDS.get(email.kind), email.locale)
    return render_template(
        "outreach/messages/show.html",
        row=_row(email, content),
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
    frame = Response(_rendered(email, _template_text(email, contents_by_version(db, _version(email)))).html)
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


def _filters(needs_you: int) -> EmailFilters:
    """Without a tab, show what needs attention, if anything does and no other filter is set."""
    args = request.args
    asked = EmailFilters(
        address=args.get("to", "").strip(),
        kind=EMAIL_KINDS.get(args["kind"]) if args.get("kind") in _shown_kinds() else None,
        outcome=EmailOutcome(args["state"]) if args.get("state") in set(EmailOutcome) else None,
        hold_reason=HoldReason(args["reason"]) if args.get("reason") in set(HoldReason) else HoldReason.NONE,
        sequence_id=args.get("sequence", type=UUID),
        step=args.get("step", type=int),
    )
    view = args.get("view", "")
    otherwise = EmailTab.NEEDS_ATTENTION if needs_you and not asked.is_filtered else EmailTab.ALL
    return replace(asked, tab=EmailTab(view) if view in set(EmailTab) else otherwise)


def _shown_kinds() -> dict[str, str]:
    return {name: words for name, words in kind_names().items() if EMAIL_KINDS.get(name).is_shown_to_staff}


def _sequence_name(sequence_id: UUID | None) -> str:
    found = queries.sequence_of(db, sequence_id)
    return sequence_name(*found) if found else ""


def _tabs(now: EmailTab, needs_you: int) -> list[tuple[Any, str, int | None, bool]]:
    """Count only what needs attention: that is never many."""
    other = {"after": None, "state": None, "reason": None}
    return [
        (
            words,
            current_url(view=view.value, **other),
            needs_you or None if view is EmailTab.NEEDS_ATTENTION else None,
            view is now,
        )
        for view, words in labels.TABS.items()
    ]


def _rows(emails: Sequence[Email]) -> list[EmailRow]:
    texts = contents_by_version(db, {email.template_id for email in emails if email.template_id})
    return [_row(email, _template_text(email, texts)) for email in emails]


def _row(email: Email, words: TemplateContent) -> EmailRow:
    kind, stands = kind_name(email.kind), email_status(email, tenant.time_zone)
    try:
        return EmailRow(email, TemplateSet(tenant, "").subject(email, words), kind, stands)
    except RenderingError:
        return EmailRow(email, kind, kind, stands)


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


def _template_text(email: Email, texts: Mapping[UUID, TemplateContent]) -> TemplateContent:
    """The text it was made from; emails from before there were versions have Goodword's own."""
    found = texts.get(email.template_id) if email.template_id else None
    return found or default_content(EMAIL_KINDS.get(email.kind), email.locale)
