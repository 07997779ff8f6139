"""The advocate's own page of calls: what is coming up, and what was."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from portal import links
from portal.asks import queries as ledger
from portal.references import queries
from portal.references.link_purposes import CallLinkPurpose
from portal.references.meetings import notification_emails
from portal.references.meetings.meeting_page import WITHOUT_TIME, CallStatus, MeetingPage
from portal.references.models import Meeting, MeetingState, Side
from portal.web.access import allow
from portal.web.current import db, member, tenant
from tenants.models import Role

bp = Blueprint("coming_up", __name__, url_prefix="/<workspace>/my")


@bp.get("/coming-up")
@allow(Role.ADVOCATE)
def coming_up() -> ResponseReturnValue:
    advocate = ledger.advocate_of(db, member)
    pages = [_page(meeting) for meeting in queries.meetings_of_advocate(db, advocate.id)]
    ahead = [page for page in pages if page.state is CallStatus.SET and not page.has_ended]
    past = [page for page in pages if page.state is CallStatus.SET and page.has_ended]
    open_ones = [page for page in pages if page.state in WITHOUT_TIME]
    return render_template(
        "references/meetings/coming_up.html",
        ahead=ahead,
        past=past,
        open_ones=open_ones,
        times_link=times_link,
        call_page=call_page,
    )


def _page(meeting: Meeting) -> MeetingPage:
    return MeetingPage(
        db, meeting, notification_emails.time_zone_of(db, meeting, Side.ADVOCATE), Side.ADVOCATE
    )


def times_link(meeting: Meeting) -> str | None:
    if meeting.state not in {MeetingState.OFFERED, MeetingState.MOVED}:
        return None
    token = links.token(CallLinkPurpose.TIMES, tenant.id, meeting.id, meeting.link_version)
    return url_for("new_times.show", token=token)


def call_page(page: MeetingPage) -> str:
    return url_for("advocate_call.show", token=page.call_token)
