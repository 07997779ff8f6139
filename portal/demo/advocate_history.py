"""Half a year of people: invited in waves, joining or not, setting limits, pausing, leaving."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.advocates import actions, consent_texts, joining_actions
from portal.advocates import queries as advocates
from portal.advocates.ask_kinds import willing_kinds
from portal.advocates.emails import ENROLL_INVITATION
from portal.advocates.models import Advocate, AdvocateState, ConsentPurpose
from portal.advocates.profile import ContactDetails, JoinSubmission, Preferences
from portal.demo.people import MANAGER, REPS, member
from portal.demo.simulation import Simulation
from tenants.clock import utc_now

WAVES = 10
WAVE_SIZE = 15  # people
ZONES = {"NA": "America/New_York", "LATAM": "America/Bogota", "APAC": "Asia/Singapore"}
LANGUAGES = ("de", "fr", "es", "nl")


def plan(story: Simulation, began: datetime) -> None:
    for wave in range(WAVES):
        story.at(began + timedelta(days=2 + wave * 15, hours=2), lambda s: invite_some(story, s))
    for day in (20, 55, 90, 140):
        story.at(began + timedelta(days=day, hours=5), lambda s: nominate(story, s))
        story.at(began + timedelta(days=day + 9, hours=5), lambda s: with_random_advocate(story, s, pause))
    story.at(began + timedelta(days=120), lambda s: with_random_advocate(story, s, depart))
    story.at(began + timedelta(days=168), lambda s: with_random_advocate(story, s, depart))


def invite_some(story: Simulation, session: Session) -> None:
    manager = member(session, MANAGER)
    ids = session.scalars(
        select(Advocate.id)
        .where(Advocate.state == AdvocateState.CANDIDATE, Advocate.nps >= 6)
        .order_by(Advocate.id)
    ).all()
    for advocate in advocates.by_ids(session, story.random.sample(ids, min(WAVE_SIZE, len(ids)))):
        actions.invite(session, advocate, by=manager)
        answer_later(story, advocate.id)


def answer_later(story: Simulation, advocate_id: UUID) -> None:
    luck = story.random.random()
    if luck < 0.62:
        joins = partial(join, story, advocate_id=advocate_id)
        story.after_email(ENROLL_INVITATION, advocate_id, joins, hours=story.random.uniform(1, 150))
    elif luck < 0.72:
        story.after_email(
            ENROLL_INVITATION,
            advocate_id,
            lambda s: say_no(s, advocate_id),
            hours=30,
        )


def say_no(session: Session, advocate_id: UUID) -> None:
    advocate = advocates.get(session, advocate_id)
    if advocate.state is AdvocateState.INVITED:
        actions.refuse(session, advocate)


def join(story: Simulation, session: Session, *, advocate_id: UUID) -> None:
    advocate = advocates.get(session, advocate_id)
    if advocate.state is not AdvocateState.INVITED:
        return
    shown = consent_texts.current_texts(session)
    company = advocate.account.name if advocate.account else ""
    about = ContactDetails(name=advocate.name, email=advocate.email, title=advocate.title, company=company)
    ticked = [str(shown[purpose].id) for purpose in consent_choices(story)]
    preferences = preferences_of(story, advocate)
    joining_actions.accept_invitation(
        session, advocate, JoinSubmission(contact=about, preferences=preferences, consent_text_ids=ticked)
    )


def consent_choices(story: Simulation) -> list[ConsentPurpose]:
    odds = {
        ConsentPurpose.CALLS: 0.85,
        ConsentPurpose.NAME: 0.55,
        ConsentPurpose.EVENTS: 0.35,
        ConsentPurpose.REVIEWS: 0.5,
        ConsentPurpose.FEEDBACK: 0.65,
        ConsentPurpose.REFERRALS: 0.4,
        ConsentPurpose.NEWS: 0.6,
    }
    return [purpose for purpose, odd in odds.items() if story.random.random() < odd] or [ConsentPurpose.NEWS]


def preferences_of(story: Simulation, advocate: Advocate) -> Preferences:
    region = advocate.account.region if advocate.account else ""
    own = Preferences.of(advocate)
    return Preferences(
        accepted_ask_kinds=[kind.value for kind in willing_kinds() if story.random.random() < 0.8],
        limit_minutes=story.random.choice([None, None, None, 60, 90]),
        limit_calls=story.random.choice([None, None, 2]),
        products=own.products,
        use_cases=own.use_cases,
        languages=["en", *story.random.sample(LANGUAGES, story.random.choice([0, 0, 1]))],
        seniority=own.seniority,
        persona=own.persona,
        time_zone=own.time_zone or ZONES.get(region, "Europe/Berlin"),
    )


def nominate(story: Simulation, session: Session) -> None:
    rep = member(session, story.random.choice(REPS))
    waiting = select(Advocate).where(Advocate.state == AdvocateState.CANDIDATE, Advocate.nps >= 9).limit(200)
    person = story.random.choice(session.scalars(waiting.order_by(Advocate.id)).all())
    company = advocates.get(session, person.id).account
    about = ContactDetails(
        name=person.name, email=person.email, title=person.title, company=company.name if company else ""
    )
    actions.nominate(session, actions.Nomination(about, "Offered to be a reference after go-live."), by=rep)
    story.later(lambda s: approve(story, s, person.id), days=1)


def approve(story: Simulation, session: Session, advocate_id: UUID) -> None:
    actions.approve(session, advocates.get(session, advocate_id), by=member(session, MANAGER))
    answer_later(story, advocate_id)


def pause(story: Simulation, session: Session, advocate: Advocate) -> None:
    actions.pause(session, advocate, (utc_now() + timedelta(days=story.random.randint(20, 60))).date())


def depart(story: Simulation, session: Session, advocate: Advocate) -> None:
    actions.depart(session, advocate, reason="Left the company", by=member(session, MANAGER))


def with_random_advocate(
    story: Simulation, session: Session, act: Callable[[Simulation, Session, Advocate], None]
) -> None:
    ids = session.scalars(
        select(Advocate.id).where(Advocate.state == AdvocateState.ENROLLED).order_by(Advocate.id)
    ).all()
    act(story, session, advocates.get(session, story.random.choice(ids)))
