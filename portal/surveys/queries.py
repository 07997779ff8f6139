"""Reading surveys: what is due, what was answered in each round, who is behind each number."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import Session, aliased, joinedload

from portal.advocates.models import Advocate, AdvocateState
from portal.asks.calendar_days import latest_today
from portal.asks.models import Ask, AskState
from portal.errors import NotFound
from portal.paging import KeysetPage, paginate
from portal.surveys.audience import quarter_of
from portal.surveys.models import (
    MOST_CHOICES,
    LeftOut,
    RecipientState,
    Survey,
    SurveyKind,
    SurveyRecipient,
    SurveyState,
)
from portal.surveys.scores import SCORES, Group, Tally
from portal.surveys.themes import mentions

R = SurveyRecipient
Wave = tuple[UUID, date]  # a survey, and the day on which a round of it began
BATCH = 500  # rows of one turn
ROUNDS_SHOWN = 6
MOST_REASONS = 2_000  # of one round, the newest, for themes
IS_ASKED = R.state.in_((RecipientState.ASKED, RecipientState.ANSWERED))
IS_ANSWERED = R.state == RecipientState.ANSWERED
SHOWS: dict[str, ColumnElement[bool]] = {  # the numbers of a round, as an address names them
    "asked": IS_ASKED,
    "answered": IS_ANSWERED,
    "silent": R.state == RecipientState.ASKED,
    "queued": R.state == RecipientState.QUEUED,
    "why": R.why != "",
    **{group.value: R.score.in_(group.scores) for group in Group},
    **{f"score-{score}": R.score == score for score in SCORES},
    **{f"choice-{place}": R.choice == place for place in range(MOST_CHOICES)},
    **{reason.value: R.left_out == reason for reason in LeftOut},
}
NOT_ANSWERS = {"asked", "silent", "queued", *LeftOut}


def get(session: Session, survey_id: UUID) -> Survey:
    mine = select(Survey).where(Survey.id == survey_id).options(joinedload(Survey.launched_by))
    return _found(session.scalar(mine))


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


def surveys(session: Session, cursor: str | None) -> KeysetPage[Survey]:
    """The newest first."""
    return paginate(session, select(Survey), key=(Survey.id,), cursor=cursor, descending=True)


def of_asks(session: Session, ask_ids: Sequence[UUID]) -> dict[UUID, SurveyRecipient]:
    """By the ask, with their surveys."""
    mine = select(R).where(R.ask_id.in_(ask_ids))
    survey = joinedload(R.survey).joinedload(Survey.launched_by)
    return {row.ask_id: row for row in session.scalars(mine.options(survey)) if row.ask_id is not None}


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


def people_of_round(session: Session, survey_id: UUID, wave: date) -> set[UUID]:
    return set(session.scalars(select(R.advocate_id).where(R.survey_id == survey_id, R.wave == wave)))


# What is due.


def running_samples(session: Session) -> Sequence[UUID]:
    running = Survey.state == SurveyState.RUNNING
    return session.scalars(select(Survey.id).where(running, Survey.is_rolling).order_by(Survey.id)).all()


def queued_recipients(session: Session) -> Sequence[UUID]:
    running = select(Survey.id).where(Survey.state == SurveyState.RUNNING)
    queued = select(R.id).where(R.state == RecipientState.QUEUED, R.survey_id.in_(running))
    return session.scalars(queued.order_by(R.id).limit(BATCH)).all()


def open_asks_of_closed(session: Session) -> Sequence[UUID]:
    """Recipients whose answer nobody waits for any more."""
    rows = select(R.id).join(Ask, Ask.id == R.ask_id).join(Survey, Survey.id == R.survey_id)
    rows = rows.where(Survey.state == SurveyState.CLOSED, Ask.state == AskState.SENT)
    return session.scalars(rows.order_by(R.id).limit(BATCH)).all()


def finished_surveys(session: Session) -> Sequence[UUID]:
    """Asked once, and the last day to answer is over wherever people are."""
    open_day = or_(Ask.state == AskState.SENT, Ask.due_on >= latest_today())
    waits = or_(R.state == RecipientState.QUEUED, open_day)
    waiting = select(R.id).outerjoin(Ask, Ask.id == R.ask_id).where(R.survey_id == Survey.id, waits)
    over = (Survey.state == SurveyState.RUNNING, ~Survey.is_rolling, ~waiting.exists())
    return session.scalars(select(Survey.id).where(*over).order_by(Survey.id)).all()


# What was answered.


@dataclass
class RoundCounts:
    """One round: what was answered, who still waits for the question, who was left out by which reason."""

    answers: Counter[int] = field(default_factory=Counter)
    asked: int = 0
    queued: int = 0
    left_out: Counter[str] = field(default_factory=Counter)

    @property
    def tally(self) -> Tally:
        return Tally(self.asked, self.answers)

    def count(self, state: RecipientState, left_out: LeftOut | None, given: int | None, number: int) -> None:
        self.asked += number if state in (RecipientState.ASKED, RecipientState.ANSWERED) else 0
        self.queued += number if state is RecipientState.QUEUED else 0
        if given is not None:
            self.answers[given] += number
        if left_out is not None:
            self.left_out[left_out.value] += number


@dataclass(frozen=True)
class SurveyRound:
    survey_id: UUID
    wave: date
    title: str
    counts: RoundCounts

    @property
    def tally(self) -> Tally:
        return self.counts.tally


def counts_of(session: Session, which: ColumnElement[bool]) -> dict[Wave, RoundCounts]:
    """By round, in one question."""
    columns = (R.survey_id, R.wave, R.state, R.left_out, func.coalesce(R.score, R.choice))
    found: defaultdict[Wave, RoundCounts] = defaultdict(RoundCounts)
    rows = session.execute(select(*columns, func.count()).where(which).group_by(*columns))
    for survey_id, wave, state, left_out, given, number in rows:
        found[survey_id, wave].count(state, left_out, given, number)
    return dict(found)


def tallies(session: Session, surveys: Sequence[Survey]) -> dict[UUID, RoundCounts]:
    """Of the newest round of each."""
    found = counts_of(session, R.survey_id.in_([survey.id for survey in surveys]))
    return {survey_id: found[survey_id, wave] for survey_id, wave in sorted(found)}


def rounds(session: Session, survey: Survey) -> list[SurveyRound]:
    """What its score is compared with, the last one its own: a sample's own rounds, or surveys before it."""
    titles = _compared(session, survey)
    found = counts_of(session, R.survey_id.in_(titles))
    waves = sorted(found, key=lambda one: (one[1], one[0] == survey.id))
    told = [SurveyRound(*wave, titles[wave[0]], found[wave]) for wave in waves]
    return told[-ROUNDS_SHOWN:] or [_no_round(survey)]


def _no_round(survey: Survey) -> SurveyRound:
    """Of a sample nobody of which had their week yet."""
    began = survey.launched_at.date() if survey.launched_at else date.min
    return SurveyRound(survey.id, began, survey.title, RoundCounts())


def _compared(session: Session, survey: Survey) -> dict[UUID, str]:
    if survey.is_rolling or not survey.is_score:
        return {survey.id: survey.title}
    earlier = (Survey.kind == SurveyKind.SCORE, ~Survey.is_rolling, Survey.launched_at <= survey.launched_at)
    rows = select(Survey.id, Survey.title).where(*earlier).order_by(Survey.launched_at.desc(), Survey.id)
    return dict(session.execute(rows.limit(ROUNDS_SHOWN)).all())


def score_this_quarter(session: Session, today: date) -> Tally:
    """Of everybody who was asked for a score this quarter, by whichever survey."""
    mine = and_(R.wave >= quarter_of(today), is_score())
    found = counts_of(session, mine).values()
    return Tally(sum(one.asked for one in found), sum((one.answers for one in found), Counter()))


def is_score() -> ColumnElement[bool]:
    return R.survey_id.in_(select(Survey.id).where(Survey.kind == SurveyKind.SCORE))


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


def reasons(session: Session, which: ColumnElement[bool]) -> Sequence[SurveyRecipient]:
    """Those who wrote why, the newest first."""
    written = select(R).where(which, R.why != "").options(joinedload(R.advocate))
    return session.scalars(written.order_by(R.answered_at.desc(), R.id).limit(MOST_REASONS)).all()


def who_mentions(session: Session, which: ColumnElement[bool], theme: str) -> ColumnElement[bool]:
    """Exactly those whom the theme counts."""
    written = session.execute(select(R.id, R.why).where(which, R.why != ""))
    return R.id.in_([row_id for row_id, why in written if mentions(why, theme)])


def writes(words: str) -> ColumnElement[bool]:
    """Every word stands somewhere in the reason."""
    return and_(true(), *(R.why.icontains(word, autoescape=True) for word in words.split()[:6]))


def recipients(
    session: Session, which: Sequence[ColumnElement[bool]], cursor: str | None, *, are_answers: bool
) -> KeysetPage[SurveyRecipient]:
    """Answers the newest first, others by age."""
    found: Select[SurveyRecipient] = select(R).where(*which)
    found = found.options(joinedload(R.advocate).joinedload(Advocate.account), joinedload(R.survey))
    key: list[Any] = [R.answered_at] if are_answers else []
    return paginate(session, found, key=(*key, R.id), cursor=cursor, descending=are_answers)
