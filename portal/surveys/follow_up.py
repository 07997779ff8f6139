"""Unhappy customers wait for a call: with whoever looks after their company, else with the managers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVarTuple
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import ARRAY, ColumnElement, Select, Text, and_, case, cast, func, not_, or_, select, true
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from portal.accounts.models import Account
from portal.advocates.models import Advocate
from portal.badges import StatusBadge
from portal.declarations.home import ActionItem, HomePart, HomeShare
from portal.declarations.pages import RecordLink
from portal.errors import NotFound
from portal.i18n import mark
from portal.paging import KeysetPage, paginate
from portal.surveys import queries
from portal.surveys.models import RecipientState, SurveyRecipient
from portal.surveys.scores import Group
from portal.web.filters import day, money
from tenants.clock import utc_now
from tenants.models import MANAGER_ROLES, Membership, Role
from tenants.rows_at_once import JsonRows

Columns = TypeVarTuple("Columns")
RENEWS_SOON = timedelta(days=90)
CALLERS = (*MANAGER_ROLES, Role.OWNER)
SHOWN = 5  # at home; the page of them all has more pages
IS_DETRACTOR = and_(SurveyRecipient.score.in_(Group.DETRACTORS.scores), queries.counts_in_nps())
TO_CALL = and_(IS_DETRACTOR, SurveyRecipient.followed_up_at.is_(None))
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
        score, counts = self.answer.score, self.answer.survey.counts_in_nps
        is_unhappy = score is not None and counts and Group.of(score) is Group.DETRACTORS
        return is_unhappy and self.answer.followed_up_at is None


@dataclass(frozen=True)
class CallList:
    rows: Sequence[ToCall] = ()
    without_owner: int = 0
    total: int = 0  # with those without an owner

    @property
    def more(self) -> int:
        return self.total - len(self.rows)


def call_list(session: Session, which: ColumnElement[bool]) -> CallList:
    """Detractors nobody has called: first those without an owner, then by what their company pays."""
    rows = session.execute(
        _answers()
        .add_columns(func.count().over(), func.count().filter(IS_NOBODYS).over())
        .where(TO_CALL, which)
        .order_by(IS_NOBODYS.desc(), Account.arr_cents.desc().nulls_last(), SurveyRecipient.id)
        .limit(SHOWN)
    ).all()
    if not rows:
        return CallList()
    total, without_owner = rows[0][2:]
    return CallList([ToCall(answer, owner) for answer, owner, *_counts in rows], without_owner, total)


def call_page(session: Session, which: ColumnElement[bool], cursor: str | None) -> KeysetPage[ToCall]:
    """All of them in the same order, the newest first among equals."""
    found = _joined(select(SurveyRecipient)).where(TO_CALL, which)
    found = found.options(_person(), joinedload(SurveyRecipient.survey))
    key = (case((IS_NOBODYS, 1), else_=0), func.coalesce(Account.arr_cents, -1), SurveyRecipient.id)
    page = paginate(session, found, key=key, cursor=cursor, descending=True)
    owners = _owners(session, page.rows)
    return KeysetPage([ToCall(row, owners.get(row.id)) for row in page.rows], page.next, page.previous)


def count(session: Session, which: ColumnElement[bool]) -> int:
    return (
        session.scalar(_joined(select(func.count()).select_from(SurveyRecipient)).where(TO_CALL, which)) or 0
    )


def _owners(session: Session, answers: Sequence[SurveyRecipient]) -> dict[UUID, Membership]:
    """By answer."""
    its = _joined(select(SurveyRecipient.id, Owner)).where(
        SurveyRecipient.id.in_([one.id for one in answers])
    )
    return dict(session.execute(its.where(Owner.id.is_not(None))).all())


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
    found = _joined(select(SurveyRecipient, Owner))
    return found.options(_person(), joinedload(SurveyRecipient.survey))


def _joined(found: Select[*Columns]) -> Select[*Columns]:
    found = found.join(SurveyRecipient.advocate).outerjoin(Advocate.account)
    return found.outerjoin(Owner, and_(Owner.id == Account.owner_id, *_works_here()))


def _person() -> Any:
    return contains_eager(SurveyRecipient.advocate).contains_eager(Advocate.account)


def _works_here() -> tuple[ColumnElement[bool], ...]:
    roles = cast([role.value for role in CALLERS], ARRAY(Text))
    return Owner.joined_at.is_not(None), Owner.ended_at.is_(None), Owner.roles.bool_op("&&")(roles)


def _has_owner() -> ColumnElement[bool]:
    owned = select(Advocate.id).join(Advocate.account)
    owned = owned.join(Owner, and_(Owner.id == Account.owner_id, *_works_here()))
    return SurveyRecipient.advocate_id.in_(owned)


def is_owned_by(member: Membership) -> ColumnElement[bool]:
    return Owner.id == member.id


def manager_share(
    session: Session, member: Membership, now: datetime, answers: Sequence[JsonRows]
) -> HomeShare:
    """What nobody else looks after, and their own."""
    return _share(call_list(session, or_(IS_NOBODYS, is_owned_by(member))), member)


def owner_share(session: Session, member: Membership, now: datetime) -> HomeShare:
    return _share(call_list(session, is_owned_by(member)), member)


def _share(found: CallList, reader: Membership) -> HomeShare:
    words = ngettext(
        "%(num)d more unhappy customer to call", "%(num)d more unhappy customers to call", found.more
    )
    more = [(words, url_for("surveys.to_call"))] if found.more else []
    return HomeShare(action_items(found.rows, reader), total=found.total, more=more)


def action_items(found: Sequence[ToCall], reader: Membership) -> list[ActionItem]:
    return [_action_item(one, reader) for one in found]


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


SHOWS: dict[str, ColumnElement[bool]] = {  # the numbers of a round, as an address names them
    "to-call": and_(TO_CALL, _has_owner()),
    "nobodys": and_(TO_CALL, not_(_has_owner())),
    "called": and_(IS_DETRACTOR, SurveyRecipient.followed_up_at.is_not(None)),
}
HOME_PART = HomePart(
    for_managers=manager_share,
    for_owners=owner_share,
    stays_when_off=True,  # until somebody has called
    all_clear=RecordLink(mark("See the surveys"), "surveys.index"),
)
