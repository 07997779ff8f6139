"""A small program for tests that asks very many people for a review: dinners, whose guests review the wine."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, false
from sqlalchemy.orm import Session

from portal.accounts.models import Deal
from portal.asks import calendar_days
from portal.asks.ask_many import ProposedAsk
from portal.asks.emails import recipient_of_many, sent_key
from portal.asks.models import Ask, AskKind
from portal.declarations.attributes import Origin
from portal.declarations.campaigns import CampaignPart, CampaignRound
from portal.declarations.email_content import SignedLink
from portal.declarations.sending import OutgoingEmail, send_many
from portal.i18n import mark
from portal.links import LinkPurpose
from portal.segments.audience import Audience
from portal.surveys.emails import SURVEY
from tenants.database import tenant_of
from tests.asks.dinners import DINNERS


def deal(session: Session, deal_id: UUID) -> Deal:
    return session.get_one(Deal, (tenant_of(session), deal_id))


def everybody(session: Session, record: Deal) -> Audience:
    return Audience()


CHOSEN_BY: dict[UUID, Origin] = {}  # by dinner; others are chosen by nothing


def origin(session: Session, record: Deal) -> Origin:
    return CHOSEN_BY.get(record.id, Origin())


def never_before(session: Session) -> ColumnElement[bool]:
    return false()


def in_a_week(session: Session, record: Deal) -> Callable[[Any], date]:
    day = calendar_days.today(session) + timedelta(days=7)
    return lambda advocate: day


def write(session: Session, asked: CampaignRound, asks: Sequence[ProposedAsk]) -> None:
    emails = [
        OutgoingEmail(
            to=recipient_of_many(one.advocate, asked.by),
            key=sent_key(one.id),
            about=(Ask.__tablename__, one.id),
            fields={
                "question": "How was the wine?",
                "is_score": False,
                "due_on": one.due_on,
                "from_name": "",
            },
            links={"answer": SignedLink(LinkPurpose.ANSWER, one.id)},
            purpose=AskKind.REVIEW.purpose.value,
        )
        for one in asks
    ]
    send_many(session, SURVEY, emails)


def nothing(session: Session, asks: object) -> None: ...


def never_closed(session: Session, ids: Collection[UUID]) -> Collection[UUID]:
    return ()


TASTINGS = replace(
    DINNERS,
    name="tastings",
    metrics=(),
    campaign=CampaignPart(
        kind=AskKind.REVIEW.value,
        record=deal,
        lock=deal,
        audience=everybody,
        audience_origin=origin,
        asked_lately=never_before,
        lately=mark("Tasted lately"),
        due_on=in_a_week,
        write=write,
        follow_up=nothing,
        declined=nothing,
        closed=never_closed,
        name=Deal.name,
    ),
)
