"""Asking a question of many: launched once, asked by a campaign, answered by one tap."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from portal import history
from portal.asks import actions as asks
from portal.asks import calendar_days
from portal.asks.models import Ask, AskState
from portal.asks.withdraw_many import withdraw_many
from portal.campaigns import actions as campaigns
from portal.campaigns import queries as campaign_queries
from portal.campaigns.actions import Addition, Schedule
from portal.campaigns.audience import askable_people, can_anybody_be_asked, people_of
from portal.campaigns.models import CampaignState
from portal.declarations import program_switches
from portal.declarations.answers import AnswerRefused
from portal.errors import Conflict, DomainError
from portal.lifecycle import move
from portal.outbox import publish
from portal.segments.audience import Audience
from portal.surveys import audience, queries
from portal.surveys.campaign import CAMPAIGN
from portal.surveys.labels import CLOSED_UNANSWERED
from portal.surveys.lifecycles import SurveyAction
from portal.surveys.models import (
    RecipientMove,
    RecipientState,
    Survey,
    SurveyClosed,
    SurveyKind,
    SurveyMove,
    SurveyRecipient,
    SurveyState,
)
from tenants.clock import utc_now
from tenants.models import Membership


@dataclass(frozen=True, kw_only=True)
class SurveyDraft:
    """What a manager fills in."""

    title: str
    kind: SurveyKind
    question: str
    choices: list[str]
    audience: Audience
    is_rolling: bool
    answer_days: int
    asks_to_recommend: bool = True


def save_draft(session: Session, draft: SurveyDraft, survey: Survey | None = None) -> Survey:
    """A new one, or a draft that is written anew."""
    survey = survey or Survey()
    if survey.launched_at is not None:
        raise Conflict("This survey is running, so its question stays as people see it.")
    for name in SurveyDraft.__dataclass_fields__.keys() - {"audience"}:
        setattr(survey, name, getattr(draft, name))
    survey.audience = draft.audience.to_json()
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
    campaigns.forget_declined(session, survey)
    session.delete(survey)


def launch(
    session: Session, survey_id: UUID, schedule: Schedule = campaigns.NOW, *, by: Membership
) -> Survey:
    """From here on its question stays. A campaign asks everybody, or a sample week by week."""
    program_switches.require_on(session, Survey.__tablename__)
    survey = queries.lock_survey(session, survey_id)
    move(session, survey, SurveyMove.LAUNCH, by=by, columns={"launched_by_id": by.id})
    session.flush()
    people = people_of(session, CAMPAIGN, survey)
    if not survey.is_rolling and not can_anybody_be_asked(session, CAMPAIGN, people):
        raise DomainError(
            "Nobody can be asked at the moment, so nothing was sent. See below who is left out."
        )
    campaigns.start(session, survey, schedule, by=by, is_open_ended=survey.is_rolling)
    return survey


def close(session: Session, survey_id: UUID, *, by: Membership | None = None) -> None:
    """No more answers. Who was asked and is silent is told nothing; a worker withdraws their ask."""
    survey = queries.lock_survey(session, survey_id)
    move(session, survey, SurveyMove.CLOSE, by=by)
    session.flush()
    campaigns.stop_for_subject(session, Survey.__tablename__, survey.id)
    publish(session, SurveyClosed(survey.id))


# By the clock.


def close_finished(session: Session, survey_id: UUID) -> None:
    if survey_id in queries.finished_surveys(session):
        close(session, survey_id)


def draw_week(session: Session, survey_id: UUID) -> None:
    """Those of a sample whose week it is and who may be asked. Drawn again, only who is new is added."""
    today = calendar_days.today(session)
    wave, week = audience.quarter_of(today), audience.week_of_quarter(today)
    survey = queries.get(session, survey_id)
    free = askable_people(
        session, CAMPAIGN, people_of(session, CAMPAIGN, survey)
    )  # long before anything is locked
    theirs = [who for who in free if audience.week_of_person(survey.id, who) == week]
    queries.lock_survey(session, survey_id)
    campaign = campaign_queries.lock_of_subject(session, Survey.__tablename__, survey_id)
    if campaign is not None and campaign.state is CampaignState.RUNNING:
        known = campaign_queries.people_of_round(session, campaign.id, wave)
        new, size = [who for who in theirs if who not in known], len(known.union(free))
        campaigns.add_people(session, campaign, CAMPAIGN, survey, Addition(new, wave, size))


def withdraw_open_asks(session: Session, message: SurveyClosed) -> None:
    """A batch of them; the next message takes the rest. Recipients are locked before all companies and people."""
    if ask_ids := queries.lock_silent_recipients(session, message.survey_id):
        withdraw_many(session, ask_ids, CLOSED_UNANSWERED)
        publish(session, message)


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
