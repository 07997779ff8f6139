"""Who gets the reply to an email: the rep of the request, where that gives nothing away."""

from sqlalchemy.orm import Session

from portal.references.models import Meeting, Side
from portal.references.service_levels import service_levels
from tenants.models import Membership


def reply_to_for_call(session: Session, meeting: Meeting, side: Side) -> str:
    """Return the rep's address; of whoever asked, where the name is kept from reps."""
    rep, asker = meeting.request.requester, meeting.ask.sent_by
    keeps_name = side is Side.ADVOCATE and not service_levels(session).name_after_yes
    return _first_active(asker if keeps_name else rep, asker)


def _first_active(*people: Membership | None) -> str:
    """Empty: the workspace's own address for replies."""
    return next((one.email for one in people if one is not None and one.is_active), "")
