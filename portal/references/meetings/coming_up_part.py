"""The calls of an advocate, as their page of what is coming up shows them: those ahead, without a time, and held."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from portal import links
from portal.advocates.models import Advocate
from portal.declarations.home import ComingUp
from portal.declarations.pages import PagePart
from portal.references import queries
from portal.references.link_purposes import CallLinkPurpose
from portal.references.meetings import notification_emails
from portal.references.meetings.meeting_page import WITHOUT_TIME, CallStatus, MeetingPage
from portal.references.models import Meeting, MeetingState, Side


@dataclass(frozen=True)
class AdvocateCalls:
    ahead: Sequence[MeetingPage]
    past: Sequence[MeetingPage]
    open_ones: Sequence[MeetingPage]

    def times_link(self, meeting: Meeting) -> str | None:
        if meeting.state not in {MeetingState.OFFERED, MeetingState.MOVED}:
            return None
        token = links.token(CallLinkPurpose.TIMES, meeting.tenant_id, meeting.id, meeting.link_version)
        return url_for("new_times.show", token=token)

    def call_page(self, page: MeetingPage) -> str:
        return url_for("advocate_call.show", token=page.call_token)


def coming_up(session: Session, advocate: Advocate) -> ComingUp | None:
    pages = [_page(session, meeting) for meeting in queries.meetings_of_advocate(session, advocate.id)]
    calls = AdvocateCalls(
        ahead=[page for page in pages if page.state is CallStatus.SET and not page.has_ended],
        past=[page for page in pages if page.state is CallStatus.SET and page.has_ended],
        open_ones=[page for page in pages if page.state in WITHOUT_TIME],
    )
    if not (calls.ahead or calls.past or calls.open_ones):
        return None
    return ComingUp(PagePart("references/meetings/coming_up.html", calls), len(calls.ahead), _title(calls))


def _title(calls: AdvocateCalls) -> str:
    number = len(calls.ahead)
    if not number:
        return _("No time is set yet")
    return ngettext("One call is coming up", "%(num)d calls are coming up", number)


def _page(session: Session, meeting: Meeting) -> MeetingPage:
    zone = notification_emails.time_zone_of(session, meeting, Side.ADVOCATE)
    return MeetingPage(session, meeting, zone, Side.ADVOCATE)
