"""What a page of a record can do with its campaign. Campaigns have no pages of their own: each leads back there."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.campaigns import actions, campaign_page, queries
from portal.campaigns.models import Campaign, CampaignState
from portal.declarations.programs import PROGRAMS
from portal.web.access import allow
from portal.web.current import db, is_htmx, member
from tenants.models import MANAGER_ROLES

bp = Blueprint("campaigns", __name__, url_prefix="/<workspace>/campaigns")


@bp.post("/<uuid:campaign_id>/approval")
@allow(*MANAGER_ROLES)
def approve(campaign_id: UUID) -> ResponseReturnValue:
    return _back(actions.approve(db, campaign_id, by=member), _("Approved. Emails go out as planned."))


@bp.post("/<uuid:campaign_id>/refusal")
@allow(*MANAGER_ROLES)
def decline(campaign_id: UUID) -> ResponseReturnValue:
    campaign = actions.decline(db, campaign_id, by=member)
    is_draft = campaign.state is CampaignState.DECLINED
    return _back(
        campaign, _("Not approved. It’s a draft again.") if is_draft else _("Not approved. It’s paused.")
    )


@bp.post("/<uuid:campaign_id>/pause")
@allow(*MANAGER_ROLES)
def pause(campaign_id: UUID) -> ResponseReturnValue:
    return _back(
        actions.pause(db, campaign_id, by=member),
        _("Paused. No more emails leave."),
    )


@bp.post("/<uuid:campaign_id>/continuation")
@allow(*MANAGER_ROLES)
def go_on(campaign_id: UUID) -> ResponseReturnValue:
    return _back(actions.go_on(db, campaign_id, by=member), _("It goes on."))


@bp.post("/<uuid:campaign_id>/stop")
@allow(*MANAGER_ROLES)
def stop(campaign_id: UUID) -> ResponseReturnValue:
    return _back(
        actions.stop(db, campaign_id, by=member),
        _("Stopped. No more emails leave."),
    )


@bp.get("/<uuid:campaign_id>/progress")
@allow(*MANAGER_ROLES)
def progress(campaign_id: UUID) -> ResponseReturnValue:
    """A part of the record's page, which asks for it again while people are being asked."""
    campaign = queries.get(db, campaign_id)
    part = PROGRAMS.of_subject(campaign.subject_type).campaign
    if not is_htmx() or part is None:
        return redirect(_record_url(campaign), 303)
    return render_template(
        "campaigns/progress.html",
        found=campaign_page.panel(db, part, campaign, queries.progress(db, campaign.id), member),
    )


def _back(campaign: Campaign, words: str) -> ResponseReturnValue:
    flash(words)
    return redirect(_record_url(campaign), 303)


def _record_url(campaign: Campaign) -> str:
    return campaign_page.record_url(db, campaign.subject_type, campaign.subject_id)
