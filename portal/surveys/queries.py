"""Reading surveys: what is due, what was answered in each round, who is behind each number."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import Session, aliased, joinedload

from portal.advocates.models import Advocate, AdvocateState
from portal.asks.calendar_days import latest_today
from portal.asks.models import Ask, AskState
from portal.campaigns import queries as campaigns
from portal.campaigns.models import Campaign
from portal.errors import NotFound
from portal.id_arrays import is_one_of
from portal.paging import KeysetPage, paginate
from portal.segments.models import SegmentDraw
from portal.surveys.models import (
    MOST_CHOICES,
    RecipientState,
    Survey,
    SurveyKind,
    SurveyRecipient,
    SurveyState,
)
from portal.surveys.scores import SCORES, Group, Tally

R = SurveyRecipient
Wave = tuple[UUID, date]  # a survey, and the day on which a round of it began
BATCH = 500  # asks that are withdrawn in one transaction
ROUNDS_SHOWN = 6
COUNTS_IN_NPS = and_(Survey.kind == SurveyKind.SCORE, Survey.asks_to_recommend)
IS_ASKED = R.state.in_((RecipientState.ASKED, RecipientState.ANSWERED))
IS_ANSWERED = R.state == RecipientState.ANSWERED
SHOWS: dict[str, ColumnElement[bool]] = {  # the numbers of a round, as an address names them
    "asked": IS_ASKED,
    "answered": IS_ANSWERED,
    "silent": R.state == RecipientState.ASKED,
    "why": R.why != "",
    **{group.value: R.score.in_(group.scores) for group in Group},
    **{f"score-{score}": R.score == score for score in SCORES},
    **{f"choice-{place}": R.choice == place for place in range(MOST_CHOICES)},
}
NOT_ANSWERS = {"asked", "silent"}


def get(session: Session, survey_id: UUID) -> Survey:
    mine = select(Survey).where(Survey.id == survey_id).options(joinedload(Survey.launched_by))
    return _found(session.scalar(mine))


@dataclass(frozen=True)
class SurveyOnPage:
    """A survey with what sends it, how far that is (`progress_of` of portal/campaigns/queries.py counts the lines),
    and how many open asks are taken back when it closes."""

    survey: Survey
    campaign: Campaign | None
    drawn: SegmentDraw | None
    lines: list[list[Any]] | None
    open_asks: int


def survey_on_page(session: Session, survey_id: UUID) -> SurveyOnPage:
    its = and_(Campaign.subject_type == Survey.__tablename__, Campaign.subject_id == Survey.id)
    columns = (Survey, Campaign, SegmentDraw, campaigns.counts(), _open_asks())
    mine = select(*columns).outerjoin(Campaign, its).where(Survey.id == survey_id)
    mine = mine.outerjoin(SegmentDraw, SegmentDraw.id == Campaign.draw_id)
    row = session.execute(mine.options(joinedload(Survey.launched_by), *campaigns.MEMBERS)).one_or_none()
    if row is None:
        raise NotFound("There is no such survey.")
    return SurveyOnPage(*row)


def _open_asks() -> Any:
    waiting = select(func.count()).select_from(R).join(Ask, Ask.id == R.ask_id)
    waiting = waiting.where(R.survey_id == Survey.id, Ask.state == AskState.SENT)
    return waiting.correlate(Survey).scalar_subquery()


def lock_survey(session: Session, survey_id: UUID) -> Survey:
    """For a change, as it is now."""
    return _found(find_and_lock_survey(session, survey_id))


def find_and_lock_survey(session: Session, survey_id: UUID) -> Survey | None:
    """A draft may have been discarded in another window."""
    mine = select(Survey).where(Survey.id == survey_id).with_for_update(key_share=True)
    return session.scalar(mine, execution_options={"populate_existing": True})


def _found(survey: Survey | None) -> Survey:
    if survey is None:
        raise NotFound("There is no such survey.")
    return survey


def of_asks(session: Session, ask_ids: Sequence[UUID]) -> dict[UUID, SurveyRecipient]:
    """By the ask, with their surveys."""
    mine = select(R).where(R.ask_id.in_(ask_ids))
    survey = joinedload(R.survey).joinedload(Survey.launched_by)
    return {row.ask_id: row for row in session.scalars(mine.options(survey))}


def of_ask(session: Session, ask: Ask) -> SurveyRecipient:
    found = of_asks(session, [ask.id]).get(ask.id)
    if found is None:
        raise NotFound("There is no such survey.")
    return found


def lock_of_ask(session: Session, ask_id: UUID) -> None:
    """Whoever answers or is asked holds this row before company, person and ask."""
    _lock(session, R.ask_id == ask_id)


def lock_recipient(session: Session, recipient_id: UUID) -> SurveyRecipient | None:
    return _lock(session, R.id == recipient_id)


def _lock(session: Session, which: ColumnElement[bool]) -> SurveyRecipient | None:
    mine = select(R).where(which).with_for_update(key_share=True)
    return session.scalar(mine, execution_options={"populate_existing": True})


# What is due.


def running_samples(session: Session) -> Sequence[UUID]:
    running = Survey.state == SurveyState.RUNNING
    return session.scalars(select(Survey.id).where(running, Survey.is_rolling).order_by(Survey.id)).all()


def lock_silent_recipients(session: Session, survey_id: UUID) -> Sequence[UUID]:
    """Those of a closed survey whose answer nobody waits for any more: their asks."""
    silent = select(R.ask_id).join(Ask, Ask.id == R.ask_id).join(Survey, Survey.id == R.survey_id)
    silent = silent.where(
        R.survey_id == survey_id, Survey.state == SurveyState.CLOSED, Ask.state == AskState.SENT
    )
    silent = silent.order_by(R.id).limit(BATCH)
    return session.scalars(silent.with_for_update(key_share=True, of=R)).all()


def closed_surveys(session: Session, survey_ids: Collection[UUID]) -> Collection[UUID]:
    closed = select(Survey.id).where(Survey.id == is_one_of(survey_ids), Survey.state == SurveyState.CLOSED)
    return set(session.scalars(closed))


def finished_surveys(session: Session) -> Sequence[UUID]:
    """Asked once, or stopped for good, and the last day to answer is over wherever people are."""
    waits = or_(Ask.state == AskState.SENT, Ask.due_on >= latest_today())
    waiting = select(R.id).join(Ask, Ask.id == R.ask_id).where(R.survey_id == Survey.id, waits)
    its = (Campaign.subject_type == Survey.__tablename__, Campaign.subject_id == Survey.id)
    asking = select(Campaign.id).where(*its, Campaign.ended_at.is_(None))
    stopped = select(Campaign.id).where(*its, Campaign.ended_at.is_not(None))
    ends = or_(~Survey.is_rolling, stopped.exists())
    over = (Survey.state == SurveyState.RUNNING, ends, ~waiting.exists(), ~asking.exists())
    return session.scalars(select(Survey.id).where(*over).order_by(Survey.id)).all()


# What was answered.


@dataclass
class RoundCounts:
    """One round: how many were asked, and what they answered."""

    answers: Counter[int] = field(default_factory=Counter)
    asked: int = 0

    @property
    def tally(self) -> Tally:
        return Tally(self.asked, self.answers)

    def count(self, given: int | None, number: int) -> None:
        self.asked += number
        if given is not None:
            self.answers[given] += number


@dataclass(frozen=True)
class SurveyRound:
    survey_id: UUID
    wave: date
    title: str
    counts: RoundCounts
    closed_at: datetime | None = None  # of its survey

    @property
    def tally(self) -> Tally:
        return self.counts.tally


def counts_of(session: Session, which: ColumnElement[bool]) -> dict[Wave, RoundCounts]:
    """By round, in one question."""
    columns = (R.survey_id, R.wave, func.coalesce(R.score, R.choice))
    found: defaultdict[Wave, RoundCounts] = defaultdict(RoundCounts)
    rows = session.execute(select(*columns, func.count()).where(which).group_by(*columns))
    for survey_id, wave, given, number in rows:
        found[survey_id, wave].count(given, number)
    return dict(found)


def newest_rounds(session: Session, surveys: Sequence[Survey]) -> dict[UUID, SurveyRound]:
    """Of each survey that has one."""
    by_id = {survey.id: survey for survey in surveys}
    found = counts_of(session, R.survey_id.in_(by_id))
    return {wave[0]: _round(by_id[wave[0]], wave[1], found[wave]) for wave in sorted(found)}


def rounds(session: Session, survey: Survey) -> list[SurveyRound]:
    """What its score is compared with, the last one its own: a sample's own rounds, or surveys before it."""
    compared = {one.id: one for one in _compared(session, survey)}
    found = counts_of(session, R.survey_id.in_(compared))
    waves = sorted(found, key=lambda one: (one[1], one[0] == survey.id))
    told = [_round(compared[wave[0]], wave[1], found[wave]) for wave in waves]
    if not told or told[-1].survey_id != survey.id:
        told.append(_no_round(survey))
    return told[-ROUNDS_SHOWN:]


def _round(survey: Survey, wave: date, counts: RoundCounts) -> SurveyRound:
    return SurveyRound(survey.id, wave, survey.title, counts, survey.closed_at)


def _no_round(survey: Survey) -> SurveyRound:
    """Nobody of it was asked yet."""
    began = survey.launched_at.date() if survey.launched_at else date.min
    return _round(survey, began, RoundCounts())


def _compared(session: Session, survey: Survey) -> Sequence[Survey]:
    """Of those that were asked once only the same question to the same audience says what changed."""
    if survey.is_rolling or not survey.is_score:
        return [survey]
    same = (Survey.kind, Survey.asks_to_recommend, Survey.question, Survey.audience)
    alike = [column == getattr(survey, column.key) for column in same]
    earlier = (~Survey.is_rolling, Survey.launched_at <= survey.launched_at)
    rows = select(Survey).where(*alike, *earlier).order_by(Survey.launched_at.desc(), Survey.id)
    return session.scalars(rows.limit(ROUNDS_SHOWN)).all()


def counts_in_nps() -> ColumnElement[bool]:
    return R.survey_id.in_(select(Survey.id).where(COUNTS_IN_NPS))


def imported_scores(session: Session) -> Tally:
    """What files said of people: named beside ours, part of none of our numbers."""
    held = (Advocate.nps.is_not(None), Advocate.state != AdvocateState.ERASED)
    rows = session.execute(select(Advocate.nps, func.count()).where(*held).group_by(Advocate.nps))
    answers = {score: number for score, number in rows if score is not None}
    return Tally(sum(answers.values()), answers)


def surveys_of_asks(session: Session, ask_ids: Sequence[UUID]) -> Sequence[tuple[UUID, str, int]]:
    """Of each ask the question, and how many have answered it."""
    other = aliased(R)
    its = (other.survey_id == R.survey_id, other.state == RecipientState.ANSWERED)
    answers = select(func.count()).where(*its).correlate(R).scalar_subquery()
    rows = select(R.ask_id, Survey.question, answers).join(R.survey).where(R.ask_id.in_(ask_ids))
    return [(ask_id, question, number) for ask_id, question, number in session.execute(rows)]


ANSWER_OF_ASK = (  # for the timeline of a person: in the statement that reads their asks
    select(
        func.jsonb_build_object(
            *("title", Survey.title, "score", R.score, "why", R.why),
            *("choice", func.coalesce(Survey.choices[R.choice + 1], "")),  # arrays of PostgreSQL begin at 1
        )
    )
    .where(R.ask_id == Ask.id, R.survey_id == Survey.id, IS_ANSWERED)
    .correlate(Ask)
    .scalar_subquery()
)


# Who is behind it.


def is_in_round(survey: Survey, wave: date | None) -> ColumnElement[bool]:
    """None: in any of them."""
    return and_(R.survey_id == survey.id, R.wave == wave if wave else true())


def recipients(
    session: Session, which: Sequence[ColumnElement[bool]], cursor: str | None, *, are_answers: bool
) -> KeysetPage[SurveyRecipient]:
    """Answers the newest first, others by age."""
    found: Select[SurveyRecipient] = select(R).where(*which)
    found = found.options(joinedload(R.advocate).joinedload(Advocate.account), joinedload(R.survey))
    key: list[Any] = [R.answered_at] if are_answers else []
    return paginate(session, found, key=(*key, R.id), cursor=cursor, descending=are_answers)
