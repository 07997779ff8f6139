"""Asking a question of many: launched once, drawn week by week, asked one by one, answered by one tap."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, any_, insert, literal
from sqlalchemy.orm import Session

from portal import history
from portal.advocates import queries as advocates
from portal.asks import actions as asks
from portal.asks import calendar_days
from portal.asks import queries as ledger
from portal.asks.models import Ask, AskKind, AskState
from portal.declarations import program_switches
from portal.declarations.answers import AnswerRefused
from portal.errors import Conflict, DomainError
from portal.lifecycle import move, move_many
from portal.surveys import audience, emails, queries
from portal.surveys.labels import CLOSED_UNANSWERED
from portal.surveys.lifecycles import SurveyAction
from portal.surveys.models import (
    LeftOut,
    RecipientMove,
    RecipientState,
    Survey,
    SurveyKind,
    SurveyMove,
    SurveyRecipient,
    SurveyState,
)
from tenants.clock import utc_now
from tenants.database import tenant_of
from tenants.models import Membership


@dataclass(frozen=True, kw_only=True)
class SurveyDraft:
    """What a manager fills in."""

    title: str
    kind: SurveyKind
    question: str
    choices: list[str]
    audience: Mapping[str, str]
    is_rolling: bool
    answer_days: int


def save_draft(session: Session, draft: SurveyDraft, survey: Survey | None = None) -> Survey:
    """A new one, or a draft that is written anew."""
    survey = survey or Survey()
    if survey.launched_at is not None:
        raise Conflict("This survey is running, so its question stays as people see it.")
    for name in SurveyDraft.__dataclass_fields__:
        setattr(survey, name, getattr(draft, name))
    survey.audience = {name: value for name, value in draft.audience.items() if value}
    session.add(survey)
    session.flush()
    return survey


def discard_draft(session: Session, survey_id: UUID) -> None:
    """Discarded twice, it is gone all the same."""
    survey = queries.find_and_lock_survey(session, survey_id)
    if survey is None:
        return
    if survey.launched_at is not None:
        raise Conflict("This survey is running. You can close it instead.")
    session.delete(survey)


def launch(session: Session, survey_id: UUID, *, by: Membership) -> Survey:
    """From here on its question stays. Once: everybody is written down now; a sample is drawn week by week."""
    program_switches.require_on(session, Survey.__tablename__)
    survey = queries.lock_survey(session, survey_id)
    move(session, survey, SurveyMove.LAUNCH, by=by, columns={"launched_by_id": by.id})
    session.flush()
    if not survey.is_rolling and not _draw_everybody(session, survey):
        raise DomainError(
            "Nobody can be asked at the moment, so nothing was sent. See below who is left out."
        )
    return survey


def close(session: Session, survey_id: UUID, *, by: Membership | None = None) -> None:
    """No more answers. Who was asked and is silent is told nothing; their ask is withdrawn by the clock."""
    survey = queries.lock_survey(session, survey_id)
    move(session, survey, SurveyMove.CLOSE, by=by)
    session.flush()
    _leave_out(session, survey, LeftOut.CLOSED)


# By the clock.


def close_finished(session: Session, survey_id: UUID) -> None:
    if survey_id in queries.finished_surveys(session):
        close(session, survey_id)


def draw_week(session: Session, survey_id: UUID) -> None:
    """Those of a sample whose week it is and who may be asked. Drawn again, only who is new is added."""
    survey = queries.lock_survey(session, survey_id)
    if survey.state is not SurveyState.RUNNING:
        return
    today = calendar_days.today(session)
    wave, week = audience.quarter_of(today), audience.week_of_quarter(today)
    known = queries.people_of_round(session, survey.id, wave)
    due = [
        who
        for who, reason in audience.audience_rows(session, survey.audience)
        if reason is None and who not in known and audience.week_of_person(survey.id, who) == week
    ]
    _write(session, survey, wave, due)


def _draw_everybody(session: Session, survey: Survey) -> bool:
    """With those who are left out and why; is there anybody to ask?"""
    wave, rows = calendar_days.today(session), audience.audience_rows(session, survey.audience)
    _write(session, survey, wave, [who for who, _reason in rows])
    left_out: defaultdict[LeftOut, list[UUID]] = defaultdict(list)
    for who, reason in rows:
        if reason is not None:
            left_out[reason].append(who)
    for reason, people in left_out.items():
        _leave_out(session, survey, reason, SurveyRecipient.advocate_id == any_(literal(people, ARRAY(Uuid))))
    return any(reason is None for _who, reason in rows)


def _leave_out(session: Session, survey: Survey, reason: LeftOut, *which: ColumnElement[bool]) -> None:
    """Those who still wait for their turn."""
    its, columns = SurveyRecipient.survey_id == survey.id, {"left_out": reason}
    move_many(session, SurveyRecipient, RecipientMove.LEAVE_OUT, its, *which, columns=columns)


def _write(session: Session, survey: Survey, wave: date, people: list[UUID]) -> None:
    """In one statement, however many there are."""
    common = {"tenant_id": tenant_of(session), "survey_id": survey.id, "wave": wave}
    if people:
        session.execute(insert(SurveyRecipient), [common | {"advocate_id": who} for who in people])


def ask(session: Session, recipient_id: UUID) -> None:
    """The ledger decides once more, under its locks; a refusal leaves the person out."""
    recipient = queries.lock_recipient(session, recipient_id)
    if recipient is None or recipient.state is not RecipientState.QUEUED:
        return
    survey = queries.get(session, recipient.survey_id)
    if survey.state is not SurveyState.RUNNING:
        return
    try:
        with session.begin_nested():
            sent = _send(session, survey, recipient)
    except DomainError:
        move(session, recipient, RecipientMove.LEAVE_OUT, columns={"left_out": LeftOut.REFUSED})
        return
    move(session, recipient, RecipientMove.ASK, columns={"ask_id": sent.id})
    emails.send_survey(session, survey, sent)


def _send(session: Session, survey: Survey, recipient: SurveyRecipient) -> Ask:
    advocate = advocates.get(session, recipient.advocate_id)
    ledger.lock_person_and_company(session, advocate)
    if audience.was_surveyed_lately(session, advocate):
        raise Conflict("%(name)s had a survey lately.", name=advocate.name)
    due_on = calendar_days.today_of(session, advocate) + timedelta(days=survey.answer_days)
    proposed = asks.propose(session, AskKind.SURVEY, advocate, survey, due_on)
    by = survey.launched_by
    asks.send(session, proposed, by if by is not None and by.is_active else None)
    return ledger.get(session, proposed.id)


def withdraw(session: Session, recipient_id: UUID) -> None:
    """After the survey closed."""
    recipient = queries.lock_recipient(session, recipient_id)
    if recipient is None or recipient.ask_id is None:
        return
    open_ask = ledger.get_and_lock_ask(session, recipient.ask_id)
    if open_ask.state is AskState.SENT:
        asks.withdraw(session, open_ask, CLOSED_UNANSWERED)


# By people. The answer page holds recipient, company, person and ask.


def answer(
    session: Session,
    of_ask: Ask,
    *,
    given: int | None = None,
    why: str | None = None,
    may_quote: bool = False,
) -> None:
    """The first tap, another one, or the reason for it. Without a tap the last one stands."""
    recipient = queries.of_ask(session, of_ask)
    if recipient.survey.state is not SurveyState.RUNNING:
        raise AnswerRefused("This survey has closed, so nothing was changed. Thank you all the same.")
    values = _values(recipient, given)
    if why is not None:
        values |= {"why": why, "may_quote": may_quote and bool(why)}
    if recipient.state is RecipientState.ASKED:
        move(session, recipient, RecipientMove.ANSWER, columns=values)
    elif values:
        _change(recipient, values)
    _complete(session, of_ask)


def _values(recipient: SurveyRecipient, given: int | None) -> dict[str, object]:
    if given is None:
        return {}
    return {"score" if recipient.survey.is_score else "choice": given}


def _change(recipient: SurveyRecipient, values: Mapping[str, object]) -> None:
    changed = {name: value for name, value in values.items() if getattr(recipient, name) != value}
    for name, value in changed.items():
        setattr(recipient, name, value)
    if changed:
        recipient.changed_at = utc_now()


def _complete(session: Session, of_ask: Ask) -> None:
    """A “not now” may become an answer."""
    if of_ask.state is AskState.SENT:
        asks.complete_at_once(session, of_ask)
    elif of_ask.state is not AskState.COMPLETED:
        asks.accept(session, of_ask)
        asks.complete(session, of_ask)


def mark_followed_up(session: Session, answered: SurveyRecipient, note: str, *, by: Membership) -> None:
    """Somebody has called. Marked twice, the first one stands."""
    locked = queries.lock_recipient(session, answered.id)
    if locked is None or locked.followed_up_at is not None:
        return
    locked.followed_up_at, locked.followed_up_by_id, locked.follow_up_note = utc_now(), by.id, note
    history.record(session, locked, SurveyAction.FOLLOWED_UP, by=by)
