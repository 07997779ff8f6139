"""The reference desk, declared: what every other feature asks of it (portal/declarations/programs.py)."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Deal
from portal.advocates.address_change_models import AddressChanged
from portal.advocates.ask_kinds import DESK_KINDS
from portal.asks.timeline_text import usual_timeline_texts
from portal.declarations.asks import AskFollowUps, nothing_follows
from portal.declarations.pages import MenuEntry, PagePart, RecordLink
from portal.declarations.programs import Program
from portal.declarations.schedules import DueWork
from portal.i18n import mark
from portal.references import emails, labels
from portal.references.asking import actions as asking
from portal.references.asking import emails as asking_emails
from portal.references.asking.answer_part import ANSWER_PART
from portal.references.asking.ask_summaries import summaries
from portal.references.feedback import actions as feedback
from portal.references.feedback import views as feedback_views
from portal.references.feedback.impact_part import IMPACT_PART
from portal.references.home.home_part import HOME_PART
from portal.references.link_purposes import LINK_PATHS
from portal.references.matching import views as candidate_views
from portal.references.meetings import (
    advocate_views,
    awaiting_times,
    link_renewal,
    missing_reminders,
    new_times_views,
    prospect_views,
    time_emails,
)
from portal.references.meetings import emails as meeting_emails
from portal.references.meetings.coming_up_part import coming_up
from portal.references.metrics import METRICS
from portal.references.models import Meeting, ReferenceRequest
from portal.references.requests import new_request_views, request_action_views
from portal.references.requests import views as request_views
from portal.references.requests.deal_queries import deal_requests
from portal.references.requests.lists import LISTS
from tenants.models import Membership


def request_link(session: Session, request_id: UUID) -> RecordLink:
    return RecordLink(mark("The request"), "references.show", {"request_id": request_id})


def request_of_meeting(session: Session, meeting_id: UUID) -> RecordLink | None:
    request_id = session.scalar(select(Meeting.request_id).where(Meeting.id == meeting_id))
    return request_link(session, request_id) if request_id else None


def deal_part(session: Session, deal: Deal, member: Membership) -> PagePart:
    ask = replace(START, args={"deal": deal.id})
    return PagePart("references/requests/deal.html", deal_requests(session, deal, member), (ask,))


PAGES = (
    request_views.bp,
    new_request_views.bp,
    request_action_views.bp,
    candidate_views.bp,
    prospect_views.bp,
    new_times_views.bp,
    advocate_views.bp,
    feedback_views.bp,
)
DUE_WORK = (
    DueWork(
        name="calls that took place",
        every=timedelta(minutes=1),
        workspaces=feedback.workspaces_to_follow_up,
        due_ids=feedback.meetings_to_follow_up,
        act=feedback.follow_up,
        goes_on_while_off=True,
    ),
    DueWork(
        name="calls ahead",
        every=timedelta(minutes=10),
        workspaces=missing_reminders.workspaces_with_coming_calls,
        due_ids=missing_reminders.meetings_without_reminder,
        act=missing_reminders.add_reminder,
        goes_on_while_off=True,
    ),
    DueWork(
        name="calls without times",
        every=timedelta(hours=1),
        due_ids=awaiting_times.meetings_without_times,
        act=awaiting_times.chase_missing_times,
        goes_on_while_off=True,
    ),
)
START = RecordLink(mark("Ask for a reference"), "new_request.new")
PROGRAM = Program(
    name="references",
    label=mark("Reference desk"),
    description=mark(
        "Reps ask for references; customers talk to prospects, write for them or let them visit."
    ),
    subject=ReferenceRequest,
    ask_kinds=DESK_KINDS,
    answer=ANSWER_PART,
    follow_ups=AskFollowUps(
        accepted=nothing_follows,  # the request moved on with the answer
        declined=asking.return_to_matching,
        expired=asking.return_to_matching,
        completed=nothing_follows,  # the reference was delivered in the same transaction
        not_held=nothing_follows,  # the same
        withdrawn=asking.clean_up_withdrawn_ask,
    ),
    summaries=summaries,
    timeline_texts=usual_timeline_texts,
    impact=IMPACT_PART,
    home=HOME_PART,
    coming_up=coming_up,
    email_subjects={
        ReferenceRequest.__tablename__: request_link,
        Meeting.__tablename__: request_of_meeting,
    },
    due_day=asking.due_day,
    email_kinds=(*asking_emails.KINDS, *time_emails.KINDS, *meeting_emails.KINDS, *emails.KINDS),
    link_phrases=(meeting_emails.CALL,),
    lists=LISTS,
    withdrawal_reasons=(labels.REQUEST_ENDED,),
    menu=(
        MenuEntry(
            key="requests", icon="inbox", label=mark("Requests"), endpoint="references.index", position=20
        ),
    ),
    link_paths=LINK_PATHS,
    metrics=METRICS,
    blueprints=PAGES,
    due_work=DUE_WORK,
    handlers={AddressChanged: link_renewal.after_address_change},
    policy_groups={"references": mark("Reference requests"), "matching": mark("Matching")},
    start_action=START,
    advocate_action=RecordLink(mark("See who needs a reference"), "references.index"),
    deal_part=deal_part,
    is_on_by_default=True,
)
