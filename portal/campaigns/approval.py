"""Who may approve a campaign: a second person, and somebody who stands in while that one is away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self
from uuid import UUID

from sqlalchemy import ARRAY, Text, cast, select
from sqlalchemy.orm import Session

from portal import policies
from portal.campaigns.models import Campaign, CampaignState
from portal.campaigns.policies import APPROVAL_ABOVE, STAND_IN_HOURS
from tenants.clock import utc_now
from tenants.models import MANAGER_ROLES, Membership

SLACK = 1.25


def is_needed(session: Session, people: int) -> bool:
    return people > policies.value(session, APPROVAL_ABOVE)


def has_outgrown(session: Session, approved: int, people: int) -> bool:
    """Above the size that needs approval, and above what was approved by more than a quarter: few join each week."""
    return is_needed(session, people) and people > approved * SLACK


def possible_approvers(session: Session, requester: Membership) -> Sequence[Membership]:
    """Everybody else who may ask many people."""
    roles = cast([role.value for role in MANAGER_ROLES], ARRAY(Text))
    here = (Membership.joined_at.is_not(None), Membership.ended_at.is_(None))
    others = select(Membership).where(
        *here, Membership.roles.bool_op("&&")(roles), Membership.id != requester.id
    )
    return session.scalars(others.order_by(Membership.name, Membership.id)).all()


@dataclass(frozen=True, kw_only=True)
class WaitingCampaign:
    """What decides who may approve it."""

    subject_type: str
    subject_id: UUID
    requested_by_id: UUID | None
    requested_by: str
    approver_id: UUID | None
    approver_is_here: bool
    asked_at: datetime

    @classmethod
    def of(cls, campaign: Campaign) -> Self | None:
        """None: it waits for nobody."""
        if campaign.state is not CampaignState.WAITING or campaign.approval_asked_at is None:
            return None
        by, approver = campaign.requested_by, campaign.approver
        return cls(
            subject_type=campaign.subject_type,
            subject_id=campaign.subject_id,
            requested_by_id=campaign.requested_by_id,
            requested_by=by.name if by else "",
            approver_id=campaign.approver_id,
            approver_is_here=approver is not None and approver.is_active,
            asked_at=campaign.approval_asked_at,
        )

    @classmethod
    def of_json(cls, row: Mapping[str, Any]) -> Self:
        """As `waiting_campaigns` of queries.py gives them."""
        return cls(
            subject_type=row["subject_type"],
            subject_id=UUID(row["subject_id"]),
            requested_by_id=_id(row["requested_by_id"]),
            requested_by=row["requested_by"] or "",
            approver_id=_id(row["approver_id"]),
            approver_is_here=row["approver_is_here"],
            asked_at=datetime.fromisoformat(row["asked_at"]),
        )


def _id(given: str | None) -> UUID | None:
    return UUID(given) if given else None


def stand_in_from(session: Session, waiting: WaitingCampaign) -> datetime | None:
    """From when on others may approve; None: at once, since nobody was asked or that one has left."""
    if not waiting.approver_is_here:
        return None
    return waiting.asked_at + timedelta(hours=policies.value(session, STAND_IN_HOURS))


def can_decide(session: Session, waiting: WaitingCampaign | None, member: Membership) -> bool:
    if waiting is None or member.id == waiting.requested_by_id or not member.has_role(*MANAGER_ROLES):
        return False
    from_when = stand_in_from(session, waiting)
    return member.id == waiting.approver_id or from_when is None or from_when <= utc_now()
