"""Half a year at the reference desk: requests, asks, calls, what both sides said, how the deals ended."""

from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Deal
from portal.asks import actions as asks
from portal.asks import queries as ask_queries
from portal.asks.models import Kind
from portal.demo.cast import MANAGER, REPS, member
from portal.demo.sample import ascii_of
from portal.demo.sample_words import FIRST_NAMES, LAST_NAMES
from portal.demo.story import Story, office_hour
from portal.outreach.kinds import LetterKind
from portal.references import actions, afterwards, asking, matching, meetings, queries
from portal.references.actions import Intake
from portal.references.answering import Reason
from portal.references.models import MeetingState, Move, Outcome, ReferenceRequest, Unfulfilled
from tenants.clock import utc_now

OF_LATE = (8.3, 6.2, 5.1, 4.4, 3.6, 2.9)  # days ago: so that every state of a request is there to be seen
JUST_NOW = (4.5, 1.5)  # hours ago: these still wait for a first answer
FIRST = 16  # days after the programme began: some people must have joined
KINDS = [Kind.CALL] * 7 + [Kind.WRITTEN, Kind.QUOTE, Kind.RFP]
QUESTIONS = (
    "How long did your first close take?",
    "What broke when you moved over?",
    "Would you buy it again?",
    "How many people run it day to day?",
    "What did the integration cost you?",
    "How good is support when it is urgent?",
)
REASONS = (Reason.TOO_BUSY.value, Reason.NOT_NOW.value, Reason.OTHER.value)
SAID = (
    "Open and concrete, just what we needed.",
    "Very helpful.",
    "",
    "Answered every question.",
    "A bit short.",
)
PATIENCE = timedelta(days=4)
BROAD = 0.75  # how often another region will do
LEAD_TIME = (12, 21)  # days between the wish and the day it is needed


def plan(story: Story, began: datetime, ends: datetime) -> None:
    """Nearly two requests a week, more towards the end of a quarter."""
    when = began + timedelta(days=FIRST)
    while when < ends:
        story.at(office_hour(when), lambda s: file(story, s))
        busy = 2.9 if when.month % 3 == 0 else 4.2
        when += timedelta(days=story.chance.uniform(0.4, 2 * busy))
    for days in OF_LATE:
        story.at(office_hour(ends - timedelta(days=days)), lambda s: file(story, s))
    for hours in JUST_NOW:
        story.at(ends - timedelta(hours=hours), lambda s: file(story, s))


def file(story: Story, session: Session) -> None:
    rep = member(session, story.chance.choice(REPS))
    open_deals = select(Deal).where(Deal.stage.not_ilike("closed%"), Deal.product != "", Deal.region != "")
    deal = story.chance.choice(session.scalars(open_deals.order_by(Deal.id)).all())
    wanted = actions.submit(session, intake(story, deal), by=rep)
    story.later(lambda s: choose(story, s, wanted.id), hours=story.chance.choice([2, 4, 7, 20, 26, 50]))


def intake(story: Story, deal: Deal) -> Intake:
    first, last = story.chance.choice(FIRST_NAMES), story.chance.choice(LAST_NAMES)
    return Intake(
        prospect=deal.prospect,
        kind=story.chance.choice(KINDS),
        needed_by=(utc_now() + timedelta(days=story.chance.randint(*LEAD_TIME))).date(),
        product=deal.product,
        industry=deal.industry,
        region=deal.region,
        deal_id=deal.id,
        competitor=deal.competitor,
        questions="\n".join(story.chance.sample(QUESTIONS, 3)),
        contact_name=f"{first} {last}",
        contact_email=f"{ascii_of(first)}.{ascii_of(last)}@prospect{story.chance.randint(1, 999)}.example",
        contact_time_zone="America/New_York" if deal.region == "NA" else "Europe/London",
    )


def choose(story: Story, session: Session, request_id: UUID) -> None:
    """The manager asks one of the best."""
    wanted = queries.get(session, request_id)
    found = matching.candidates(session, wanted).best
    manager = member(session, MANAGER)
    if not found:
        look_wider(story, session, wanted)
        return
    pick = found[0] if story.chance.random() < 0.7 else story.chance.choice(found)
    ask = asking.ask(session, request_id, pick.advocate, by=manager)
    answer_later(story, ask.id, request_id)


def look_wider(story: Story, session: Session, wanted: ReferenceRequest) -> None:
    """Nobody fits: other regions first, then some patience, and in the end the request is given up."""
    manager = member(session, MANAGER)
    if not wanted.region_relaxed and Move.GIVE_UP in wanted.moves and story.chance.random() < BROAD:
        actions.relax_region(session, wanted.id, by=manager)
        story.later(lambda s: choose(story, s, wanted.id), hours=1)
    elif wanted.needed_by - utc_now().date() > PATIENCE:
        story.later(lambda s: choose(story, s, wanted.id), days=5)
    elif Move.GIVE_UP in wanted.moves:
        actions.give_up(session, wanted.id, Unfulfilled.NO_MATCH, "", by=manager)


def answer_later(story: Story, ask_id: UUID, request_id: UUID) -> None:
    """Seven of ten say yes, two say no, one stays silent until it lapses."""
    luck = story.chance.random()
    hours = story.chance.choice([1, 3, 6, 22, 30, 48])
    if luck < 0.72:
        story.after_the_letter(LetterKind.ASK, ask_id, lambda s: say_yes(story, s, ask_id), hours=hours)
    elif luck < 0.9:
        no = partial(say_no, story, ask_id=ask_id, request_id=request_id)
        story.after_the_letter(LetterKind.ASK, ask_id, no, hours=hours)
    else:
        story.later(lambda s: choose(story, s, request_id), days=8)


def say_no(story: Story, session: Session, *, ask_id: UUID, request_id: UUID) -> None:
    story.later(lambda s: choose(story, s, request_id), hours=5)
    asks.decline(session, ask_queries.get(session, ask_id), story.chance.choice(REASONS))


def say_yes(story: Story, session: Session, ask_id: UUID) -> None:
    ask = ask_queries.get(session, ask_id)
    asks.accept(session, ask)
    session.flush()
    if not ask.kind.has_meeting:
        story.later(lambda s: hand_over(s, ask_id), days=story.chance.randint(1, 5))
        return
    meeting = meetings.offer(session, ask, hours_of(ask.advocate.time_zone, story.chance.randint(2, 5)))
    story.later(lambda s: take_a_time(story, s, meeting.id), hours=story.chance.choice([2, 5, 20]))


def hours_of(zone: str, days_ahead: int) -> list[datetime]:
    """Three times in the person's own working hours."""
    here = ZoneInfo(zone or "Europe/Berlin")
    first = utc_now().astimezone(here).replace(minute=0, second=0, microsecond=0) + timedelta(days=days_ahead)
    days = [day for n in range(7) if (day := first + timedelta(days=n)).weekday() < 5]
    return [day.replace(hour=hour).astimezone(UTC) for day, hour in zip(days, (10, 14, 16), strict=False)]


def take_a_time(story: Story, session: Session, meeting_id: UUID) -> None:
    meeting = queries.meeting(session, meeting_id)
    slot = story.chance.choice(queries.slots(session, meeting))
    meetings.pick(
        session,
        meeting_id,
        slot.starts_at,
        name=meeting.prospect_name,
        email=meeting.prospect_email,
        time_zone=meeting.prospect_time_zone,
    )
    held = story.chance.random() < 0.92
    for side in (0, 1):
        over = slot.starts_at + timedelta(hours=3 + 4 * side + story.chance.random())
        story.at(over, lambda s, n=side: look_back(story, s, meeting_id, n, held))  # type: ignore[misc]


def look_back(story: Story, session: Session, meeting_id: UUID, side: int, held: bool) -> None:
    """The one question after the call; the request is delivered when both have said it was held."""
    given = sorted(queries.answers(session, meeting_id), key=lambda answer: answer.side)[side]
    said = MeetingState.HELD if held else MeetingState.NOT_HELD
    rating = story.chance.choice([3, 4, 4, 5, 5, 5]) if held else None
    afterwards.answer(session, given.id, said, rating, story.chance.choice(SAID) if held else "")
    wanted = queries.meeting(session, meeting_id).request_id
    if side and held:
        story.later(lambda s: outcome(story, s, wanted), days=story.chance.randint(9, 45))
    elif side:
        story.later(lambda s: choose(story, s, wanted), days=1)


def hand_over(session: Session, ask_id: UUID) -> None:
    ask = ask_queries.get(session, ask_id)
    asking.hand_over(session, ask.served_id, ask_id, "Sent to the prospect.", by=member(session, MANAGER))


def outcome(story: Story, session: Session, request_id: UUID) -> None:
    wanted = queries.get(session, request_id)
    won = story.chance.random() < 0.6
    cents = wanted.deal.amount_cents if won and wanted.deal else None
    currency = wanted.deal.currency if wanted.deal else ""
    result = Outcome.WON if won else Outcome.LOST
    actions.record_outcome(
        session, request_id, result, cents=cents, currency=currency, note="", by=wanted.requester
    )
