"""A campaign as the page of its record shows it: state, progress, and what whoever reads it can do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from portal.badges import StatusBadge
from portal.campaigns import approval
from portal.campaigns.approval import WaitingCampaign
from portal.campaigns.labels import HALTS, STATES, LeftOutLine, left_out_lines
from portal.campaigns.models import Campaign, CampaignMove, CampaignState, Halt
from portal.campaigns.queries import Progress
from portal.declarations.campaigns import CampaignPart
from portal.declarations.home import ActionItem, HomeShare
from portal.declarations.programs import PROGRAMS
from portal.errors import NotFound
from portal.web.filters import moment
from tenants.clock import utc_now
from tenants.models import Membership

MOST_AT_HOME = 5
UNDER_WAY = (CampaignState.REQUESTED, CampaignState.RUNNING)


@dataclass(frozen=True)
class CampaignPanel:
    campaign: Campaign
    progress: Progress
    left_out: list[LeftOutLine]
    text: str
    can_decide: bool

    @property
    def badge(self) -> StatusBadge:
        return STATES[self.campaign.state]

    @property
    def moves(self) -> list[CampaignMove]:
        return self.campaign.moves

    @property
    def is_moving(self) -> bool:
        """A page that shows it looks again by itself."""
        at = self.campaign.next_at
        return self.campaign.state in UNDER_WAY and at is not None and at <= utc_now()

    @property
    def counted(self) -> str:
        return ngettext(
            "%(asked)s of one person asked",
            "%(asked)s of %(num)d people asked",
            self.progress.total,
            asked=f"{self.progress.asked:,}",
        )


def panel(
    session: Session, part: CampaignPart, campaign: Campaign, progress: Progress, reader: Membership
) -> CampaignPanel:
    return CampaignPanel(
        campaign,
        progress,
        left_out_lines(part, progress.left_out),
        _text(session, campaign, progress),
        approval.can_decide(session, WaitingCampaign.of(campaign), reader),
    )


def _text(session: Session, campaign: Campaign, progress: Progress) -> str:
    match campaign.state:
        case CampaignState.REQUESTED:
            return _requested_text(campaign)
        case CampaignState.WAITING:
            decides = _approval_text(session, campaign)
            return f"{HALTS[campaign.halt]} {decides}" if campaign.halt else decides
        case CampaignState.RUNNING:
            return _running_text(campaign, progress)
        case CampaignState.PAUSED:
            return _paused_text(campaign)
        case CampaignState.STOPPED:
            return _("No one else is asked. Whoever got the email can still answer.")
        case CampaignState.DECLINED:
            return str(HALTS[campaign.halt]) if campaign.halt else _("No one was asked.")
        case CampaignState.FINISHED:
            return _("Everyone on the list has had their turn.")


def _requested_text(campaign: Campaign) -> str:
    if campaign.failures and campaign.next_at:
        again = _("The list of people couldn’t be written down, so no one has been asked. Next try: %(at)s.")
        return again % {"at": moment(campaign.next_at)}
    return _("The list of people is being written down. No one has been asked yet.")


def _paused_text(campaign: Campaign) -> str:
    if campaign.halt:
        return str(HALTS[campaign.halt])
    if campaign.paused_itself:
        return _(
            "Asking failed for one person after the other, so it paused itself. No one was left out because of that. "
            "Let it go on once the cause is found; whoever runs Goodword sees it in the log."
        )
    return _("No one else is asked, and no more emails leave, until somebody lets it go on.")


def _approval_text(session: Session, campaign: Campaign) -> str:
    waiting, approver = WaitingCampaign.of(campaign), campaign.approver
    from_when = approval.stand_in_from(session, waiting) if waiting else None
    if approver is None or from_when is None or from_when <= utc_now():
        return _("A second person has to approve this: any other manager or admin.")
    words = _("%(name)s has to approve this. From %(at)s on, any other manager or admin can.")
    return words % {"name": approver.name, "at": moment(from_when)}


def _running_text(campaign: Campaign, progress: Progress) -> str:
    if campaign.starts_at > utc_now():
        return _("Starts on %(at)s.", at=moment(campaign.starts_at))
    wave = progress.next_wave
    if wave and campaign.wave_at(wave) > utc_now():
        at = moment(campaign.wave_at(wave))
        return _("Wave %(wave)s of %(waves)s starts on %(at)s.", wave=wave, waves=campaign.waves, at=at)
    return _("Emails go out within everyone’s reading hours.")


def approvals_share(session: Session, rows: Sequence[Mapping[str, Any]], reader: Membership) -> HomeShare:
    """What waits for this manager on their home page. `rows`: of `waiting_campaigns`."""
    waiting = [WaitingCampaign.of_json(row) for row in rows]
    theirs = [one for one in waiting if approval.can_decide(session, one, reader)]
    return HomeShare([_action_item(session, one) for one in theirs[:MOST_AT_HOME]], total=len(theirs))


def _action_item(session: Session, waiting: WaitingCampaign) -> ActionItem:
    by = waiting.requested_by
    title = _("%(name)s wants to ask many people", name=by) if by else _("Many people are to be asked")
    text = _("A second person has to approve it before anyone is asked.")
    href = record_url(session, waiting.subject_type, waiting.subject_id)
    return ActionItem(STATES[CampaignState.WAITING], title, text, href, _("Look at it"))


def troubles_share(session: Session, rows: Sequence[Mapping[str, Any]]) -> HomeShare:
    """What workers could not go on with; whoever asked for it is among those who see it. Rows as of `queries`."""
    return HomeShare([_trouble_item(session, row) for row in rows[:MOST_AT_HOME]], total=len(rows))


def _trouble_item(session: Session, row: Mapping[str, Any]) -> ActionItem:
    state, name = CampaignState(row["state"]), row["name"]
    if row["halt"]:
        title, text = _("Asking many people was stopped before it went on"), str(HALTS[Halt(row["halt"])])
    elif state is CampaignState.REQUESTED:
        title = _("A list of people couldn’t be written down")
        text = _("No one has been asked. It’s tried again by itself.")
    else:
        title = _("Asking many people failed and paused itself")
        text = _("No one was left out because of that. Let it go on once the cause is found.")
    title = _("%(what)s: “%(name)s”", what=title, name=name) if name else title
    href = record_url(session, row["subject_type"], UUID(row["subject_id"]))
    return ActionItem(STATES[state], title, text, href, _("Look at it"))


def record_url(session: Session, subject_type: str, subject_id: UUID) -> str:
    """The page of what it is about."""
    link = PROGRAMS.of_subject(subject_type).email_subjects[subject_type](session, subject_id)
    if link is None:
        raise NotFound("There is no such campaign.")
    return url_for(link.endpoint, **link.args)
