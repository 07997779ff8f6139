"""Half a year of reference requests: requests, asks, calls, what both sides said, how the deals ended.

Whoever comes too late, since the ask or the call is off by then, finds that out and does nothing.
"""

from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Deal
from portal.accounts.name_normalization import normal_name
from portal.asks import actions as asks
from portal.asks import queries as ask_queries
from portal.asks.answer_codes import DeclineReason
from portal.asks.models import AskKind, AskState
from portal.demo.people import MANAGER, REPS, member
from portal.demo.sample import ascii_of
from portal.demo.sample_words import FIRST_NAMES, LAST_NAMES
from portal.demo.simulation import Simulation, office_hour
from portal.references import queries as references_queries
from portal.references.asking import actions as asking_actions
from portal.references.asking.emails import ASK
from portal.references.criteria import MatchCriteria
from portal.references.feedback import actions as feedback_actions
from portal.references.matching import queries as matching_queries
from portal.references.meetings import actions as meetings_actions
from portal.references.meetings import prospect_actions
from portal.references.models import (
    DealOutcome,
    MeetingState,
    ReferenceRequest,
    RequestMove,
    UnfulfilledReason,
)
from portal.references.request_status import ASKABLE_STATES, open_asks, references_still_needed
from portal.references.requests import actions as requests_actions
from portal.references.requests.actions import RequestSubmission
from tenants.clock import utc_now

RECENT_DAYS = (8.3, 6.2, 5.1, 4.4, 3.6, 2.9)  # days ago: so that every state of a request is there to be seen
RECENT_HOURS = (4.5, 1.5)  # hours ago: these still wait for a first answer
FIRST_DAY = 16  # days after the program began: some people must have joined
KINDS = [AskKind.CALL] * 7 + [AskKind.WRITTEN, AskKind.QUOTE, AskKind.RFP]
QUESTIONS = (
    "How long did your first close take?",
    "What broke when you moved over?",
    "Would you buy it again?",
    "How many people run it day to day?",
    "What did the integration cost you?",
    "How good is support when it is urgent?",
)
REASONS = (DeclineReason.TOO_BUSY, DeclineReason.NOT_NOW, DeclineReason.OTHER)
FEEDBACK_TEXTS = (
    "Open and concrete, just what we needed.",
    "Very helpful.",
    "",
    "Answered every question.",
    "A bit short.",
)
PATIENCE = timedelta(days=4)
BROAD = 0.75  # how often another region will do
LEAD_TIME = (12, 21)  # days between the request and the day it is needed


def plan(story: Simulation, began: datetime, ends: datetime) -> None:
    when = began + timedelta(days=FIRST_DAY)
    while when < ends:
        story.at(office_hour(when), lambda s: submit_request(story, s))
        busy = 2.9 if when.month % 3 == 0 else 4.2
        when += timedelta(days=story.random.uniform(0.4, 2 * busy))
    for days in RECENT_DAYS:
        story.at(office_hour(ends - timedelta(days=days)), lambda s: submit_request(story, s))
    for hours in RECENT_HOURS:
        story.at(ends - timedelta(hours=hours), lambda s: submit_request(story, s))


def submit_request(story: Simulation, session: Session) -> None:
    rep = member(session, story.random.choice(REPS))
    open_deals = select(Deal).where(Deal.stage.not_ilike("closed%"), Deal.product != "", Deal.region != "")
    deal = story.random.choice(session.scalars(open_deals.order_by(Deal.id)).all())
    request = requests_actions.submit(session, request_input(story, deal), by=rep)
    story.later(
        lambda s: ask_candidate(story, s, request.id), hours=story.random.choice([2, 4, 7, 20, 26, 50])
    )


def request_input(story: Simulation, deal: Deal) -> RequestSubmission:
    first, last = story.random.choice(FIRST_NAMES), story.random.choice(LAST_NAMES)
    return RequestSubmission(
        criteria=criteria_of(deal, story.random.choice(KINDS)),
        needed_by=(utc_now() + timedelta(days=story.random.randint(*LEAD_TIME))).date(),
        deal_id=deal.id,
        competitor=deal.competitor,
        questions="\n".join(story.random.sample(QUESTIONS, 3)),
        contact_name=f"{first} {last}",
        contact_email=f"{ascii_of(first)}.{ascii_of(last)}@prospect{story.random.randint(1, 999)}.example",
    )


def criteria_of(deal: Deal, kind: AskKind) -> MatchCriteria:
    return MatchCriteria(
        kind=kind,
        prospect=deal.prospect,
        prospect_norm=normal_name(deal.prospect),
        product=deal.product,
        industry=deal.industry,
        region=deal.region,
        language="en",
        contact_time_zone="America/New_York" if deal.region == "NA" else "Europe/London",
    )


def ask_candidate(story: Simulation, session: Session, request_id: UUID) -> None:
    request = references_queries.get(session, request_id)
    asks_so_far = references_queries.asks_for(session, request_id)
    if request.state not in ASKABLE_STATES or references_still_needed(request, asks_so_far) <= 0:
        if open_asks(asks_so_far):
            story.later(lambda s: ask_candidate(story, s, request_id), days=1)
        return
    candidates = matching_queries.candidates(session, request).best
    manager = member(session, MANAGER)
    if not candidates:
        widen_search(story, session, request)
        return
    pick = candidates[0] if story.random.random() < 0.7 else story.random.choice(candidates)
    ask = asking_actions.ask(session, request_id, pick.advocate, by=manager)
    answer_later(story, ask.id, request_id)


def widen_search(story: Simulation, session: Session, request: ReferenceRequest) -> None:
    manager = member(session, MANAGER)
    if not request.region_relaxed and RequestMove.GIVE_UP in request.moves and story.random.random() < BROAD:
        requests_actions.relax_region(session, request.id, by=manager)
        story.later(lambda s: ask_candidate(story, s, request.id), hours=1)
    elif request.needed_by - utc_now().date() > PATIENCE:
        story.later(lambda s: ask_candidate(story, s, request.id), days=5)
    elif RequestMove.GIVE_UP in request.moves:
        requests_actions.give_up(session, request.id, UnfulfilledReason.NO_MATCH, "", by=manager)


def answer_later(story: Simulation, ask_id: UUID, request_id: UUID) -> None:
    luck = story.random.random()
    hours = story.random.choice([1, 3, 6, 22, 30, 48])
    if luck < 0.72:
        story.after_email(ASK, ask_id, lambda s: accept_ask(story, s, ask_id), hours=hours)
    elif luck < 0.9:
        no = partial(decline_ask, story, ask_id=ask_id, request_id=request_id)
        story.after_email(ASK, ask_id, no, hours=hours)
    else:
        story.later(lambda s: ask_candidate(story, s, request_id), days=8)


def decline_ask(story: Simulation, session: Session, *, ask_id: UUID, request_id: UUID) -> None:
    ask = ask_queries.get(session, ask_id)
    if ask.state is AskState.SENT:
        story.later(lambda s: ask_candidate(story, s, request_id), hours=5)
        asks.decline(session, ask, story.random.choice(REASONS))


def accept_ask(story: Simulation, session: Session, ask_id: UUID) -> None:
    ask = ask_queries.get(session, ask_id)
    if ask.state is not AskState.SENT:
        return
    asks.accept(session, ask)
    session.flush()
    if not ask.kind.has_meeting:
        story.later(lambda s: hand_over(s, ask_id), days=story.random.randint(1, 5))
        return
    meeting = meetings_actions.offer_times(
        session, ask, hours_of(ask.advocate.time_zone, story.random.randint(2, 5))
    )
    story.later(lambda s: pick_time(story, s, meeting.id), hours=story.random.choice([2, 5, 20]))


def hours_of(zone: str, days_ahead: int) -> list[datetime]:
    here = ZoneInfo(zone or "Europe/Berlin")
    first = utc_now().astimezone(here).replace(minute=0, second=0, microsecond=0) + timedelta(days=days_ahead)
    days = [day for n in range(7) if (day := first + timedelta(days=n)).weekday() < 5]
    return [day.replace(hour=hour).astimezone(UTC) for day, hour in zip(days, (10, 14, 16), strict=False)]


def pick_time(story: Simulation, session: Session, meeting_id: UUID) -> None:
    meeting = references_queries.meeting(session, meeting_id)
    if meeting.state is not MeetingState.OFFERED:
        return
    slot = story.random.choice(references_queries.slots(session, meeting))
    prospect_actions.pick_time(
        session,
        meeting_id,
        slot.starts_at,
        name=meeting.prospect_name,
        email=meeting.prospect_email,
        time_zone=meeting.prospect_time_zone,
    )
    held = story.random.random() < 0.92
    for side in (0, 1):
        over = slot.starts_at + timedelta(hours=3 + 4 * side + story.random.random())
        story.at(over, lambda s, n=side: answer_after_call(story, s, meeting_id, n, held))  # type: ignore[misc]


def answer_after_call(story: Simulation, session: Session, meeting_id: UUID, side: int, held: bool) -> None:
    meeting = references_queries.meeting(session, meeting_id)
    if meeting.state is not MeetingState.SCHEDULED:
        return
    answer_row = sorted(references_queries.answers(session, meeting_id), key=lambda answer: answer.side)[side]
    outcome_of_call = MeetingState.HELD if held else MeetingState.NOT_HELD
    rating = story.random.choice([3, 4, 4, 5, 5, 5]) if held else None
    feedback_actions.record_answer(
        session, answer_row.id, outcome_of_call, rating, story.random.choice(FEEDBACK_TEXTS) if held else ""
    )
    if side and held:
        story.later(lambda s: outcome(story, s, meeting.request_id), days=story.random.randint(9, 45))
    elif side:
        story.later(lambda s: ask_candidate(story, s, meeting.request_id), days=1)


def hand_over(session: Session, ask_id: UUID) -> None:
    ask = ask_queries.get(session, ask_id)
    if ask.state is AskState.ACCEPTED:
        manager = member(session, MANAGER)
        asking_actions.record_delivery(session, ask.subject_id, ask_id, "Sent to the prospect.", by=manager)


def outcome(story: Simulation, session: Session, request_id: UUID) -> None:
    request = references_queries.get(session, request_id)
    won = story.random.random() < 0.6
    cents = request.deal.amount_cents if won and request.deal else None
    currency = request.deal.currency if request.deal else ""
    result = DealOutcome.WON if won else DealOutcome.LOST
    requests_actions.record_outcome(
        session, request_id, result, cents=cents, currency=currency, note="", by=request.requester
    )
