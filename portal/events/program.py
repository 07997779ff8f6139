"""Events, declared: what every other feature asks of them (portal/declarations/programs.py)."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.advocates.ask_kinds import AskKind
from portal.declarations.asks import AskFollowUps, nothing_follows
from portal.declarations.pages import RecordLink
from portal.declarations.programs import Program
from portal.declarations.schedules import DueWork
from portal.events import (
    actions,
    answer_part,
    emails,
    endings,
    erasure,
    invitations,
    labels,
    metrics,
    queries,
)
from portal.events.campaign import CAMPAIGN, due_day
from portal.events.door import declared as door
from portal.events.guest_models import EventGuest
from portal.events.guests import declared as guests
from portal.events.link_purposes import LINK_PATHS
from portal.events.manage import declared as manage
from portal.events.models import Event, EventCancelled, InvitationsTaken, RecordsClosed
from portal.events.seats import offer_emails, offers
from portal.i18n import mark
from portal.outreach.ask_emails import AskEmailsScheduled

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def event_link(session: Session, event_id: UUID) -> RecordLink:
    return RecordLink(mark("The event"), "events.show", {"event_id": event_id})


def event_of_guest(session: Session, guest_id: UUID) -> RecordLink | None:
    event_id = session.scalar(select(EventGuest.event_id).where(EventGuest.id == guest_id))
    return event_link(session, event_id) if event_id else None


def after_cancellation(session: Session, message: EventCancelled) -> None:
    """Guests are told, and nobody is asked any more."""
    guests.HANDLERS[EventCancelled](session, message)
    endings.withdraw_open_asks(session, message)


DUE_WORK = (
    DueWork(
        name="offers of seats",
        every=MINUTE,
        workspaces=queries.workspaces_with_due_events,
        due_ids=offer_emails.due_guests,
        act=offers.look_at_offer,
        goes_on_while_off=True,
    ),
    DueWork(
        name="offers of places",
        every=MINUTE,
        workspaces=queries.workspaces_with_due_events,
        due_ids=offer_emails.due_places,
        act=offers.look_at_place,
        goes_on_while_off=True,
    ),
    DueWork(
        name="wait lists",
        every=MINUTE,
        workspaces=queries.workspaces_with_due_events,
        due_ids=offers.events_with_a_line,
        act=offers.look_at_line,
        goes_on_while_off=True,
    ),
    DueWork(
        name="waves of invitations",
        every=MINUTE,
        workspaces=queries.workspaces_with_due_events,
        due_ids=invitations.due_waves,
        act=invitations.send_wave,
    ),
    DueWork(
        name="records",
        every=HOUR,
        workspaces=queries.workspaces_with_due_events,
        due_ids=endings.events_to_close,
        act=actions.close_records,
        goes_on_while_off=True,
    ),
    DueWork(
        name="food and access",
        every=DAY,
        due_ids=erasure.events_with_old_needs,
        act=erasure.forget_needs,
        goes_on_while_off=True,
    ),
    DueWork(
        name="contacts",
        every=DAY,
        due_ids=erasure.events_with_old_contacts,
        act=erasure.forget_contacts,
        goes_on_while_off=True,
    ),
)
PROGRAM = Program(
    name="events",
    label=mark("Events"),
    description=mark("Customers come to webinars, roundtables and dinners; some of them speak."),
    subject=Event,
    ask_kinds=(AskKind.EVENT, AskKind.SPEAKING),
    answer=answer_part.ANSWER_PART,
    follow_ups=AskFollowUps(
        accepted=endings.after_answer,  # the guest's row moved in the same transaction, as with every answer
        declined=endings.after_answer,
        expired=nothing_follows,  # a guest who was silent; a late yes is welcome until the start
        completed=nothing_follows,
        not_held=nothing_follows,
        withdrawn=endings.after_withdrawal,
    ),
    summaries=answer_part.summaries,
    timeline_texts=answer_part.timeline_texts,
    timeline_detail=answer_part.EVENT_OF_ASK,
    impact=answer_part.IMPACT_PART,
    home=manage.HOME_PART,
    campaign=CAMPAIGN,
    due_day=due_day,
    email_subjects={Event.__tablename__: event_link, EventGuest.__tablename__: event_of_guest},
    email_kinds=(*emails.KINDS, *guests.KINDS, *manage.KINDS),
    link_phrases=(emails.COME_TO_EVENT, *guests.LINK_PHRASES),
    link_paths=LINK_PATHS,
    withdrawal_reasons=(labels.ALREADY_A_GUEST, labels.EVENT_CANCELLED, labels.TAKEN_OFF_THE_LIST),
    menu=manage.MENU,
    metrics=metrics.METRICS,
    lists=manage.LISTS,
    due_work=(*DUE_WORK, *guests.DUE_WORK),
    blueprints=(*manage.BLUEPRINTS, *guests.BLUEPRINTS, *door.BLUEPRINTS),
    coming_up=guests.COMING_UP,
    segment_users=manage.SEGMENT_USERS,
    start_action=manage.START,
    handlers={
        **guests.HANDLERS,
        AskEmailsScheduled: endings.note_taken,
        InvitationsTaken: endings.mark_reached,
        EventCancelled: after_cancellation,
        RecordsClosed: endings.settle_asks,
    },
    policy_groups={"events": mark("Events")},
)
