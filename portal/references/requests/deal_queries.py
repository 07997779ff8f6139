"""The references that were asked for on one deal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Deal
from portal.references.labels import STATES
from portal.references.models import ReferenceRequest, RequestState
from tenants.models import MANAGER_ROLES, Membership


@dataclass(frozen=True)
class DealRequests:
    deal: Deal
    requests: Sequence[ReferenceRequest]
    sees_all: bool  # else the reader's own alone
    states: Mapping[RequestState, Any] = field(default_factory=lambda: STATES)


def deal_requests(session: Session, deal: Deal, member: Membership) -> DealRequests:
    sees_all = member.has_role(*MANAGER_ROLES)
    asked = select(ReferenceRequest).where(ReferenceRequest.deal_id == deal.id)
    if not sees_all:
        asked = asked.where(ReferenceRequest.requester_id == member.id)
    found = session.scalars(asked.order_by(ReferenceRequest.number.desc()).limit(50)).all()
    return DealRequests(deal, found, sees_all)
