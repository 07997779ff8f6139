"""Four events of the past with those who came, and one next week with more who would come than there are seats."""

from datetime import datetime, time, timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from portal.demo.event_words import COMMENTS, FOOD, NEXT, NOTES, PAST, WALKED_IN, DemoEvent
from portal.demo.people import MANAGER, member
from portal.demo.simulation import ZONE, Simulation, office_hour
from portal.events import invitations, queries
from portal.events.agenda_models import EventSession
from portal.events.door.actions import DoorEntry, Newcomer, check_in, walk_in
from portal.events.door.joining import join
from portal.events.guest_models import EventGuest, GuestState
from portal.events.guests import actions as guests
from portal.events.guests.feedback import give
from portal.events.guests.given import Details, GivenAnswer
from portal.events.guests.labels import Answer
from portal.events.invitations import Wave
from portal.events.manage import actions, part_actions, speaker_actions
from portal.events.manage.actions import EventTexts
from portal.events.manage.details import EventDetails
from portal.events.models import Event, EventCost, EventFormat, GuestListVisibility, RegistrationMode
from portal.segments.audience import Audience

PLANNED, INVITED = timedelta(days=34), timedelta(days=31)
ANSWERED = (27, 20, 12, 6, 2)  # days before the event on which some of them answer
YES, MAYBE, NO = 0.55, 0.06, 0.25
EAGER = 0.62  # of those who are invited to the one next week
CANCELING, LATE = 0.04, 20  # of those who come, on each of the last days
ANSWERING, SCORES = 0.6, (10, 10, 9, 9, 8, 8, 7, 5)
MINUTES = (-15, -10, -5, -2, 0, 3, 6, 12, 25)  # around the start
FRIDAY = 4
AT_THE_DOOR = "Sam Okoro"


def plan(story: Simulation, now: datetime) -> None:
    """All lines at once, so that a history that goes on after a stop misses none; those after today are left out."""
    for each in (*PAST, NEXT):
        starts = start_of(each, now)
        story.at(office_hour(starts - PLANNED), partial(open_event, each, starts))
        story.at(office_hour(starts - INVITED), partial(invite, each))
        for days in ANSWERED:
            answering = partial(answer_some, story, each, days)
            story.at(office_hour(starts - timedelta(days=days)), answering)
        if each.days < 0:
            story.at(starts - timedelta(minutes=20), partial(arrive, story, each))
            story.at(office_hour(starts + timedelta(hours=20)), partial(say_how_it_was, story, each))


def start_of(each: DemoEvent, now: datetime) -> datetime:
    """On a working day."""
    day = (now + timedelta(days=each.days)).astimezone(ZONE).date()
    while day.weekday() > FRIDAY:
        day += timedelta(days=1)
    return datetime.combine(day, time(each.hour), ZONE)


def open_event(each: DemoEvent, starts: datetime, session: Session) -> None:
    dana = member(session, MANAGER)
    event = actions.create(session, details(each, starts, dana.id), EventTexts(), capacity=each.capacity)
    for minutes, title, seats in each.sessions:
        at = starts + timedelta(minutes=minutes)
        columns = {"title": title, "starts_at": at, "is_chosen": seats is not None, "capacity": seats}
        part_actions.save(session, event, EventSession, columns)
    for label, quantity, cents in each.costs:
        cost = {"label": label, "quantity": quantity, "unit_cents": cents}
        part_actions.save(session, event, EventCost, cost)
    for name, title, company, topic in each.speakers:
        speaker = {"name": name, "title": title, "company": company, "topic": topic}
        speaker_actions.add(session, event, speaker, None)
    actions.open_event(session, event.id, by=dana)


def event_of(session: Session, each: DemoEvent) -> Event:
    found = session.scalar(select(Event).where(Event.title == each.title))
    if found is None:
        raise LookupError(f"“{each.title}” was never planned")
    return found


def details(each: DemoEvent, starts: datetime, host_id: UUID) -> EventDetails:
    return EventDetails(
        kind=each.kind,
        title=each.title,
        description=each.description,
        starts_at=starts,
        ends_at=starts + timedelta(hours=each.hours),
        time_zone=ZONE.key,
        format=each.format,
        venue=each.venue,
        address="",
        directions="",
        join_url=each.join_url,
        plus_ones=0,
        allows_delegates=True,
        registration=RegistrationMode.INVITED_ONLY,
        answer_by=(starts - timedelta(days=5)).date(),
        guest_list=GuestListVisibility.HOSTS,
        asks_needs=each.asks_needs,
        host_id=host_id,
        minimum_minutes=10,
        has_checkout=False,
        budget_cents=each.budget_cents or None,
    )


def invite(each: DemoEvent, session: Session) -> None:
    wave = Wave(audience=Audience(), size=each.invited)
    invitations.plan_wave(session, event_of(session, each).id, wave, by=member(session, MANAGER))


def answer_some(story: Simulation, each: DemoEvent, days: int, session: Session) -> None:
    """A part of the silent each time; some never answer, and a few who said yes can't come after all."""
    event, share = event_of(session, each), 1 / (ANSWERED.index(days) + 2)
    yes, sessions = EAGER if each is NEXT else YES, _chosen_sessions(session, event)
    for guest in _guests(session, event, GuestState.INVITED):
        if story.random.random() < share:
            answer(story, each, guest.id, yes, sessions, session)
    for guest in _guests(session, event, GuestState.ACCEPTED):
        if days < LATE and story.random.random() < CANCELING:
            guests.answer(session, queries.lock_guest(session, guest.id), GivenAnswer(answer=Answer.NO))


def answer(
    story: Simulation, each: DemoEvent, guest_id: UUID, yes: float, sessions: list[UUID], session: Session
) -> None:
    lot, here = story.random.random(), queries.lock_guest(session, guest_id)
    if lot < yes:
        guests.answer(session, here, GivenAnswer(answer=Answer.YES, details=_details(story, each, sessions)))
    elif lot < yes + MAYBE:
        guests.answer(session, here, GivenAnswer(answer=Answer.MAYBE))
    elif lot < yes + MAYBE + NO:
        guests.answer(session, here, GivenAnswer(answer=Answer.NO))


def _details(story: Simulation, each: DemoEvent, sessions: list[UUID]) -> Details:
    """With one of the sessions that stand beside one another."""
    is_picky = each.asks_needs and story.random.random() < 0.3
    note = story.random.choice(NOTES) if story.random.random() < 0.15 else ""
    picked = frozenset({story.random.choice(sessions)}) if sessions else frozenset[UUID]()
    return Details(sessions=picked, food=(story.random.choice(FOOD),) if is_picky else (), note=note)


def arrive(story: Simulation, each: DemoEvent, session: Session) -> None:
    """Most of those who said yes, around the start; and some who were on no list."""
    event = event_of(session, each)
    come_in = join_online if event.format is EventFormat.ONLINE else come_to_the_door
    for guest in _guests(session, event, GuestState.ACCEPTED):
        if story.random.random() < each.came:
            at = event.starts_at + timedelta(minutes=story.random.choice(MINUTES))
            story.at(at, partial(come_in, event.id, guest.id))
    for name, company in WALKED_IN[: each.walk_ins]:
        newcomer = Newcomer(id=uuid7(), name=name, company=company)
        at = event.starts_at + timedelta(minutes=8)
        story.at(at, partial(walk_in_at_the_door, event.id, newcomer))


def come_to_the_door(event_id: UUID, guest_id: UUID, session: Session) -> None:
    check_in(session, event_id, guest_id, DoorEntry(by=AT_THE_DOOR))


def join_online(_event_id: UUID, guest_id: UUID, session: Session) -> None:
    join(session, guest_id)


def walk_in_at_the_door(event_id: UUID, newcomer: Newcomer, session: Session) -> None:
    walk_in(session, event_id, newcomer, DoorEntry(by=AT_THE_DOOR))


def say_how_it_was(story: Simulation, each: DemoEvent, session: Session) -> None:
    came = (EventGuest.event_id == event_of(session, each).id, EventGuest.attended_at.is_not(None))
    for guest in session.scalars(queries.guests_with_people().where(*came).order_by(EventGuest.id)).all():
        if story.random.random() < ANSWERING:
            score = story.random.choice(SCORES)
            words = story.random.choice(COMMENTS[score]) if story.random.random() < ANSWERING else ""
            give(session, guest, score, words, may_quote=score > 8 and bool(words))


def _chosen_sessions(session: Session, event: Event) -> list[UUID]:
    mine = (EventSession.event_id == event.id, EventSession.is_chosen)
    return list(session.scalars(select(EventSession.id).where(*mine).order_by(EventSession.id)))


def _guests(session: Session, event: Event, state: GuestState) -> list[EventGuest]:
    mine = select(EventGuest).where(EventGuest.event_id == event.id, EventGuest.state == state)
    return list(session.scalars(mine.order_by(EventGuest.id)))
