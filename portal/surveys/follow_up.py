"""Unhappy customers wait for a call: with whoever looks after their company, else with the managers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import ARRAY, ColumnElement, Select, Text, and_, cast, func, or_, select, true
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from portal.accounts.models import Account
from portal.advocates.models import Advocate
from portal.badges import StatusBadge
from portal.declarations.home import ActionItem, HomePart, HomeShare
from portal.declarations.pages import RecordLink
from portal.errors import NotFound
from portal.i18n import mark
from portal.surveys.models import RecipientState, SurveyRecipient
from portal.surveys.scores import Group
from portal.web.filters import day, money
from tenants.clock import utc_now
from tenants.models import MANAGER_ROLES, Membership, Role

RENEWS_SOON = timedelta(days=90)
CALLERS = (*MANAGER_ROLES, Role.OWNER)
SHOWN, MOST = 5, 200  # at home; on the page of them all
IS_DETRACTOR = SurveyRecipient.score.in_(Group.DETRACTORS.scores)
Owner = aliased(Membership, name="account_owner")
IS_NOBODYS = Owner.id.is_(None)
OWNED = StatusBadge(_l("Unhappy"), "warn", "mood-sad")
NOBODYS = StatusBadge(_l("No owner"), "warn", "user-question")


@dataclass(frozen=True)
class ToCall:
    """An answer, and who looks after the company; nobody: the managers do."""

    answer: SurveyRecipient
    owner: Membership | None

    @property
    def account(self) -> Account | None:
        return self.answer.advocate.account

    @property
    def company(self) -> str:
        return self.account.name if self.account else self.answer.advocate.company

    @property
    def needs_a_call(self) -> bool:
        score = self.answer.score
        return (
            score is not None and Group.of(score) is Group.DETRACTORS and self.answer.followed_up_at is None
        )


@dataclass(frozen=True)
class CallList:
    rows: Sequence[ToCall] = ()
    without_owner: int = 0
    total: int = 0  # with those without an owner

    @property
    def more(self) -> int:
        return self.total - len(self.rows)


def call_list(session: Session, which: ColumnElement[bool], most: int = SHOWN) -> CallList:
    """Detractors nobody has called: first those without an owner, then by what their company pays."""
    rows = session.execute(
        _answers()
        .add_columns(func.count().over(), func.count().filter(IS_NOBODYS).over())
        .where(IS_DETRACTOR, SurveyRecipient.followed_up_at.is_(None), which)
        .order_by(IS_NOBODYS.desc(), Account.arr_cents.desc().nulls_last(), SurveyRecipient.id)
        .limit(most)
    ).all()
    if not rows:
        return CallList()
    total, without_owner = rows[0][2:]
    return CallList([ToCall(answer, owner) for answer, owner, *_counts in rows], without_owner, total)


def answer_for(session: Session, recipient_id: UUID, member: Membership) -> ToCall:
    """For managers, and for whoever looks after the company."""
    who = true() if member.has_role(*MANAGER_ROLES) else is_owned_by(member)
    found = _answers().options(joinedload(SurveyRecipient.followed_up_by))
    answered = SurveyRecipient.state == RecipientState.ANSWERED
    row = session.execute(found.where(SurveyRecipient.id == recipient_id, answered, who)).one_or_none()
    if row is None:
        raise NotFound("There is no such answer.")
    return ToCall(*row)


def _answers() -> Select[SurveyRecipient, Membership]:
    """With person, company, survey, and an owner who works here."""
    person = contains_eager(SurveyRecipient.advocate)
    found = select(SurveyRecipient, Owner).join(SurveyRecipient.advocate).outerjoin(Advocate.account)
    found = found.outerjoin(Owner, and_(Owner.id == Account.owner_id, *_works_here()))
    return found.options(person.contains_eager(Advocate.account), joinedload(SurveyRecipient.survey))


def _works_here() -> tuple[ColumnElement[bool], ...]:
    roles = cast([role.value for role in CALLERS], ARRAY(Text))
    return Owner.joined_at.is_not(None), Owner.ended_at.is_(None), Owner.roles.bool_op("&&")(roles)


def is_owned_by(member: Membership) -> ColumnElement[bool]:
    return Owner.id == member.id


def manager_share(session: Session, member: Membership, now: datetime) -> HomeShare:
    """What nobody else looks after, and their own."""
    return _share(call_list(session, or_(IS_NOBODYS, is_owned_by(member))), member)


def owner_share(session: Session, member: Membership, now: datetime) -> HomeShare:
    return _share(call_list(session, is_owned_by(member)), member)


def _share(found: CallList, reader: Membership) -> HomeShare:
    words = ngettext(
        "%(num)d more unhappy customer to call", "%(num)d more unhappy customers to call", found.more
    )
    more = [(words, url_for("surveys.to_call"))] if found.more else []
    return HomeShare(action_items(found, reader), total=found.total, more=more)


def action_items(found: CallList, reader: Membership) -> list[ActionItem]:
    return [_action_item(one, reader) for one in found.rows]


def _action_item(one: ToCall, reader: Membership) -> ActionItem:
    href = url_for("surveys.answer", recipient_id=one.answer.id)
    text = " ".join(part for part in (_said(one), _worth(one), _owner_text(one, reader)) if part)
    return ActionItem(OWNED if one.owner else NOBODYS, _title(one), text, href, _("Call them back"))


def _said(one: ToCall) -> str:
    name, why = one.answer.advocate.name, one.answer.why
    if why:
        return _("%(name)s: “%(why)s”", name=name, why=why)
    return _("%(name)s answered on %(day)s.", name=name, day=day(one.answer.answered_at))


def _worth(one: ToCall) -> str:
    account = one.account
    if account is None or not account.arr_cents:
        return ""
    return _("%(money)s a year.", money=money(account.arr_cents, account.currency))


def _owner_text(one: ToCall, reader: Membership) -> str:
    if one.owner is None or one.owner.id == reader.id:
        return ""
    return _("%(name)s looks after them.", name=one.owner.name)


def _title(one: ToCall) -> str:
    """Corvid Insurance gave 3, and renews on 10 Dec"""
    who = {"who": one.company or one.answer.advocate.name, "score": one.answer.score}
    renewal = one.account.renewal_on if one.account else None
    today = utc_now().date()
    if renewal and today <= renewal <= today + RENEWS_SOON:
        return _("%(who)s gave %(score)s, and renews on %(day)s", day=day(renewal), **who)
    return _("%(who)s gave %(score)s", **who)


HOME_PART = HomePart(
    for_managers=manager_share,
    for_owners=owner_share,
    all_clear=RecordLink(mark("See the surveys"), "surveys.index"),
)
