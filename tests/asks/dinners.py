"""A small program for tests: dinners with customers. It stands on rows that exist already: a deal is the occasion.

It uses all that a program may: a form of its own, a “maybe”, answers that may change until the day, no table.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session
from wtforms import StringField
from wtforms.validators import DataRequired

from portal import history, policies
from portal.accounts.models import Deal
from portal.advocates.models import Advocate
from portal.asks import change_actions, summary_labels
from portal.asks.models import Ask, AskKind, AskState
from portal.asks.timeline_text import TimelineAsk
from portal.badges import StatusBadge
from portal.declarations.answers import AnswerPart, DeclineAnswer, ExtraAnswer
from portal.declarations.asks import AskFollowUps, AskSummary, ImpactEntry, ImpactHeadline, ImpactPart
from portal.declarations.home import ActionItem, HomePart, HomeShare
from portal.declarations.metrics import METRICS
from portal.declarations.pages import MenuEntry, RecordLink
from portal.declarations.programs import PROGRAMS, Program
from portal.history import HistoryAction
from portal.i18n import mark
from portal.web.forms import Form
from tenants.database import tenant_of
from tenants.models import Membership
from tenants.rows_at_once import JsonRows
from tests.asks.dinner_metric import GUESTS_CAME

KIND = AskKind.EVENT  # a guest’s answer may be another


class DinnerAction(HistoryAction):
    DISH_CHOSEN = "dish_chosen"
    SEAT_FREE = "seat_free"
    FOLLOWED_ACCEPTED = "followed_accepted"
    FOLLOWED_DECLINED = "followed_declined"
    FOLLOWED_EXPIRED = "followed_expired"
    FOLLOWED_COMPLETED = "followed_completed"
    FOLLOWED_NOT_HELD = "followed_not_held"
    FOLLOWED_WITHDRAWN = "followed_withdrawn"


class DinnerForm(Form):
    dish = StringField("Which dish?", [DataRequired("Please choose a dish.")])


def deal_of(session: Session, ask: Ask) -> Deal:
    return session.get_one(Deal, (tenant_of(session), ask.subject_id))


def lock(session: Session, ask: Ask) -> None:
    session.refresh(deal_of(session, ask), with_for_update={"key_share": True})


def accept(session: Session, ask: Ask, _content: Any, form: DinnerForm) -> None:
    change_actions.say_yes(session, ask, form.dish.data or "")
    history.record(session, deal_of(session, ask), DinnerAction.DISH_CHOSEN, dish=form.dish.data)


def decline(session: Session, ask: Ask, answer: DeclineAnswer) -> None:
    history.record(session, deal_of(session, ask), DinnerAction.SEAT_FREE, reason=answer.reason)


def until_the_day(session: Session, ask: Ask) -> datetime | None:
    if ask.state is AskState.COMPLETED:  # they came
        return None
    day = deal_of(session, ask).close_on
    return datetime.combine(day, time(), UTC) if day else None


def followed(action: DinnerAction) -> Any:
    """Writes down that the worker came by."""

    def follow(session: Session, ask: Ask) -> None:
        history.record(session, deal_of(session, ask), action)

    return follow


def summaries(session: Session, asks: Sequence[Ask]) -> dict[UUID, AskSummary]:
    return {
        ask.id: summary_labels.summary(
            ask, question=f"Will you come to dinner in {ask.helps_name}?", length="Two hours"
        )
        for ask in asks
    }


def timeline(session: Session, asks: Sequence[TimelineAsk]) -> dict[UUID, str]:
    return {ask.id: f"Dinner in {ask.helps_name}: {ask.state}" for ask in asks}


def impact(session: Session, asks: Sequence[Ask]) -> dict[UUID, ImpactEntry]:
    return {ask.id: ImpactEntry(f"Dinner in {ask.helps_name}", "Four people met.") for ask in asks}


def headline(session: Session, advocate: Advocate) -> ImpactHeadline:
    return ImpactHeadline(sentence="You dined well.")


def home(session: Session, member: Membership, now: datetime, answers: Sequence[JsonRows]) -> HomeShare:
    return HomeShare(
        items=[ActionItem(StatusBadge("Soon", "warn", "clock"), "Book a table", "Four come.", "/", "Book")],
        total=1,
    )


def deal_link(session: Session, deal_id: UUID) -> RecordLink:
    return RecordLink(mark("The dinner"), "deals.show", {"deal_id": deal_id})


DINNERS = Program(
    name="dinners",
    label=mark("Dinners"),
    description=mark("Customers dine with prospects."),
    subject=Deal,
    ask_kinds=(KIND,),
    answer=AnswerPart(
        lock=lock,
        form=lambda content: DinnerForm(),
        accept=accept,
        decline=decline,
        extra=(ExtraAnswer("maybe", mark("Maybe"), change_actions.say_maybe),),
        changeable_until=until_the_day,
    ),
    follow_ups=AskFollowUps(
        **{
            move: followed(DinnerAction(f"followed_{move}"))
            for move in ("accepted", "declined", "expired", "completed", "not_held", "withdrawn")
        }
    ),
    summaries=summaries,
    timeline_texts=timeline,
    impact=ImpactPart(impact, headline),
    home=HomePart(for_managers=home),
    email_subjects={Deal.__tablename__: deal_link},
    menu=(
        MenuEntry(
            key="dinners", icon="calendar-event", label=mark("Dinners"), endpoint="deals.index", position=25
        ),
    ),
    metrics=(GUESTS_CAME,),
)


@contextmanager
def declared(program: Program) -> Iterator[Program]:
    """As if `portal/programs.py` listed it, for one test."""
    PROGRAMS.add(program)
    own = [metric for metric in program.metrics if metric.name not in METRICS]
    METRICS.add(*own)
    try:
        yield program
    finally:
        del PROGRAMS._declared[program.name]
        del policies.POLICIES[program.switch.name]
        for metric in own:
            del METRICS._declared[metric.name]
