"""An invited colleague opens the email: who invites me, where to, as what; then joins."""

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, g, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.links import LinkPurpose
from portal.signin import cookies, memberships, sessions
from portal.web import resend_link
from portal.web.access import signed
from portal.web.current import db, link, source, tenant
from portal.workspace import actions
from portal.workspace.forms import JoiningForm
from tenants.clock import utc_now
from tenants.models import Membership
from tenants.queries import tenant_ids_of_user

LIFETIME = timedelta(days=14)
bp = Blueprint("invitations", __name__, url_prefix="/invitation")


@bp.get("/<token>")
@signed(LinkPurpose.MEMBER)
def show() -> ResponseReturnValue:
    invited = memberships.get(db, link.row_id)
    if reason := _unusable_reason(invited):
        return _unusable_page(invited, reason)
    return _page(invited, JoiningForm(formdata=None, name=invited.name))


@bp.post("/<token>")
@signed(LinkPurpose.MEMBER)
def join() -> ResponseReturnValue:
    """Join without signing in whom a sign-in email of minutes leads elsewhere too: an invitation lives for days."""
    invited = memberships.get(db, link.row_id)
    if reason := _unusable_reason(invited):
        return _unusable_page(invited, reason)
    form = JoiningForm()
    if not form.validate_on_submit() or not form.check_name(invited.name):
        return _page(invited, form), 422
    is_new = not tenant_ids_of_user(db, invited.user_id)
    if not memberships.join(db, invited):
        return _unusable_page(invited, "joined")
    memberships.rename(db, invited, form.name.data or invited.name, by=invited)
    if not is_new:
        return redirect(_sign_in_url(invited) if not _is_signed_in(invited) else f"/{tenant.slug}/", 303)
    inside = make_response(redirect(f"/{tenant.slug}/", 303))
    return cookies.sign_in(inside, sessions.begin(db, invited.user_id, cookies.user_agent()), invited.email)


@bp.post("/<token>/new-email")
@bp.post("/<token>/letter", alias=True)
@signed(LinkPurpose.MEMBER)
def request_new() -> ResponseReturnValue:
    invited = memberships.get(db, link.row_id)
    actions.request_new_invitation(db, invited, source=source())
    return render_template("workspace/invitation_sent.html", invited=invited)


@resend_link.sends_new_link(LinkPurpose.MEMBER)
def resend(session: Session, member_id: UUID) -> str:
    invited = memberships.get(session, member_id)
    actions.invite_again(session, invited)
    return invited.email


def _page(invited: Membership, form: JoiningForm) -> str:
    inviter = actions.inviter_of(db, invited)
    return render_template("workspace/invitation.html", invited=invited, inviter=inviter, form=form)


def _unusable_reason(invited: Membership) -> str:
    """Why this link joins nobody any more, or nothing."""
    if invited.ended_at is not None:
        return "withdrawn"
    if invited.joined_at is not None:
        return "joined"
    if link.version != invited.link_version:
        return "replaced"
    is_old = invited.invited_at is None or invited.invited_at < utc_now() - LIFETIME
    return "old" if is_old else ""


def _unusable_page(invited: Membership, reason: str) -> ResponseReturnValue:
    return render_template(
        "workspace/invitation_unusable.html",
        reason=reason,
        sign_in_url=_sign_in_url(invited),
        new_email_url=url_for(".request_new", token=g.token),
    ), 410


def _is_signed_in(invited: Membership) -> bool:
    here = sessions.user_of(db, cookies.session_token()) if cookies.session_token() else None
    return here is not None and here.id == invited.user_id


def _sign_in_url(invited: Membership) -> str:
    return url_for("signin.start", workspace_slug=tenant.slug, email=invited.email)
