"""Half a year of people: invited in waves, joining or not, setting limits, pausing, leaving."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.advocates import actions, joining, words
from portal.advocates import queries as advocates
from portal.advocates.answers import About, Answers, Wishes
from portal.advocates.models import Advocate, Purpose, State
from portal.asks.models import Kind
from portal.demo.cast import MANAGER, REPS, member
from portal.demo.story import Story
from portal.outreach.kinds import LetterKind
from tenants.clock import utc_now

INVITATION = LetterKind.ENROLL_INVITATION
WAVES = 10
A_WAVE = 15  # people
ZONES = {"NA": "America/New_York", "LATAM": "America/Bogota", "APAC": "Asia/Singapore"}
LANGUAGES = ("de", "fr", "es", "nl")


def plan(story: Story, began: datetime) -> None:
    for wave in range(WAVES):
        story.at(began + timedelta(days=2 + wave * 15, hours=2), lambda s: invite_some(story, s))
    for day in (20, 55, 90, 140):
        story.at(began + timedelta(days=day, hours=5), lambda s: nominate(story, s))
        story.at(began + timedelta(days=day + 9, hours=5), lambda s: somebody(story, s, rest))
    story.at(began + timedelta(days=120), lambda s: somebody(story, s, leave))
    story.at(began + timedelta(days=168), lambda s: somebody(story, s, leave))


def invite_some(story: Story, session: Session) -> None:
    manager = member(session, MANAGER)
    ids = session.scalars(
        select(Advocate.id).where(Advocate.state == State.CANDIDATE, Advocate.nps >= 6).order_by(Advocate.id)
    ).all()
    for advocate in advocates.some(session, story.chance.sample(ids, min(A_WAVE, len(ids)))):
        actions.invite(session, advocate, by=manager)
        answer_later(story, advocate.id)


def answer_later(story: Story, advocate_id: UUID) -> None:
    """Six of ten join, one says no, the others are silent."""
    luck = story.chance.random()
    if luck < 0.62:
        joins = partial(join, story, advocate_id=advocate_id)
        story.after_the_letter(INVITATION, advocate_id, joins, hours=story.chance.uniform(1, 150))
    elif luck < 0.72:
        story.after_the_letter(
            INVITATION, advocate_id, lambda s: actions.refuse(s, advocates.get(s, advocate_id)), hours=30
        )


def join(story: Story, session: Session, *, advocate_id: UUID) -> None:
    advocate = advocates.get(session, advocate_id)
    shown = words.current_words(session)
    company = advocate.account.name if advocate.account else ""
    about = About(name=advocate.name, email=advocate.email, title=advocate.title, company=company)
    ticked = [str(shown[purpose].id) for purpose in agreed(story)]
    wishes = wanted(story, advocate)
    joining.accept_invitation(session, advocate, Answers(about=about, wishes=wishes, words=ticked))


def agreed(story: Story) -> list[Purpose]:
    """Most agree to calls, fewer to lending their name."""
    odds = {
        Purpose.CALLS: 0.85,
        Purpose.NAME: 0.55,
        Purpose.EVENTS: 0.35,
        Purpose.REVIEWS: 0.5,
        Purpose.NEWS: 0.6,
    }
    return [purpose for purpose, odd in odds.items() if story.chance.random() < odd] or [Purpose.NEWS]


def wanted(story: Story, advocate: Advocate) -> Wishes:
    region = advocate.account.region if advocate.account else ""
    own = Wishes.of(advocate)
    return Wishes(
        willing=[kind.value for kind in Kind if story.chance.random() < 0.8],
        limit_minutes=story.chance.choice([None, None, None, 60, 90]),
        limit_calls=story.chance.choice([None, None, 2]),
        products=own.products,
        use_cases=own.use_cases,
        languages=["en", *story.chance.sample(LANGUAGES, story.chance.choice([0, 0, 1]))],
        seniority=own.seniority,
        persona=own.persona,
        time_zone=own.time_zone or ZONES.get(region, "Europe/Berlin"),
    )


def nominate(story: Story, session: Session) -> None:
    """A rep met somebody; the manager agrees the next day."""
    rep = member(session, story.chance.choice(REPS))
    waiting = select(Advocate).where(Advocate.state == State.CANDIDATE, Advocate.nps >= 9).limit(200)
    person = story.chance.choice(session.scalars(waiting.order_by(Advocate.id)).all())
    company = advocates.get(session, person.id).account
    about = About(
        name=person.name, email=person.email, title=person.title, company=company.name if company else ""
    )
    actions.nominate(session, actions.Nomination(about, "Offered to speak for us after go-live."), by=rep)
    story.later(lambda s: approve(story, s, person.id), days=1)


def approve(story: Story, session: Session, advocate_id: UUID) -> None:
    actions.approve(session, advocates.get(session, advocate_id), by=member(session, MANAGER))
    answer_later(story, advocate_id)


def rest(story: Story, session: Session, advocate: Advocate) -> None:
    actions.pause(session, advocate, (utc_now() + timedelta(days=story.chance.randint(20, 60))).date())


def leave(story: Story, session: Session, advocate: Advocate) -> None:
    actions.depart(session, advocate, reason="Left the company", by=member(session, MANAGER))


def somebody(story: Story, session: Session, act: Callable[[Story, Session, Advocate], None]) -> None:
    """One enrolled person, chosen by chance, does this."""
    ids = session.scalars(
        select(Advocate.id).where(Advocate.state == State.ENROLLED).order_by(Advocate.id)
    ).all()
    act(story, session, advocates.get(session, story.chance.choice(ids)))
