"""What a reference led to, as the advocate who gave it reads it."""

from collections.abc import Sequence
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.advocates.models import Advocate
from portal.asks.models import Ask, AskState
from portal.declarations.asks import ImpactEntry, ImpactHeadline, ImpactPart
from portal.references.models import DealOutcome, ReferenceRequest
from tenants.database import tenant


def entries(session: Session, asks: Sequence[Ask]) -> dict[UUID, ImpactEntry]:
    found = select(ReferenceRequest).where(ReferenceRequest.id.in_([ask.subject_id for ask in asks]))
    requests = {request.id: request for request in session.scalars(found)}
    name = tenant(session).name
    return {ask.id: _entry(requests[ask.subject_id], name) for ask in asks if ask.subject_id in requests}


def _entry(request: ReferenceRequest, workspace: str) -> ImpactEntry:
    if request.outcome is DealOutcome.WON:
        text = _("They chose %(name)s. You helped make that happen.", name=workspace)
    elif request.outcome is DealOutcome.LOST:
        text = _("They chose another vendor. Thank you for helping.")
    else:
        text = _("They’re still deciding.")
    return ImpactEntry(request.prospect, text, is_success=request.outcome is DealOutcome.WON)


def headline(session: Session, advocate: Advocate) -> ImpactHeadline:
    won = func.count().filter(ReferenceRequest.outcome == DealOutcome.WON)
    helped = select(func.count(ReferenceRequest.prospect_norm.distinct()), won).join(
        Ask, Ask.subject_id == ReferenceRequest.id
    )
    companies, chose = session.execute(
        helped.where(Ask.advocate_id == advocate.id, Ask.state == AskState.COMPLETED)
    ).one()
    name = tenant(session).name
    return ImpactHeadline(
        ngettext("You helped %(num)d company decide", "You helped %(num)d companies decide", companies)
        if companies
        else "",
        ngettext("%(num)d of them chose %(name)s.", "%(num)d of them chose %(name)s.", chose, name=name)
        if chose
        else "",
    )


IMPACT_PART = ImpactPart(entries, headline)
