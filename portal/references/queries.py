"""Reading the desk: one request with all that belongs to it, and lists that stay quick."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Subquery, and_, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from portal.accounts.models import Account, Deal
from portal.accounts.names import normal_name
from portal.advocates.models import Advocate
from portal.asks.models import Ask, Kind
from portal.asks.models import State as AskState
from portal.errors import NotFound
from portal.paging import Page, page
from portal.references.models import (
    OPEN,
    Meeting,
    MeetingAnswer,
    MeetingSlot,
    MeetingState,
    ReferenceRequest,
    RequestMessage,
    State,
)
from tenants.models import Membership

GROUP = 10  # rows of one state on the desk before "show more"
LIVE = frozenset({AskState.PROPOSED, AskState.SENT, AskState.ACCEPTED})
RUNNING = tuple(state for state in State if state in OPEN and state is not State.DRAFT)


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What the reader of the list asked for."""

    q: str = ""
    kind: Kind | None = None
    product: str = ""
    rep: UUID | None = None
    waiting: bool = False
    due_before: datetime | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        named = (
            [ReferenceRequest.prospect_norm.contains(normal_name(self.q), autoescape=True)] if self.q else []
        )
        kinds = [ReferenceRequest.kind == self.kind] if self.kind else []
        products = [ReferenceRequest.product == self.product] if self.product else []
        reps = [ReferenceRequest.requester_id == self.rep] if self.rep else []
        waits = [ReferenceRequest.waiting_since.is_not(None)] if self.waiting else []
        return [*named, *kinds, *products, *reps, *waits, *self._late()]

    def _late(self) -> list[ColumnElement[bool]]:
        if self.due_before is None:
            return []
        return [ReferenceRequest.due_at < self.due_before, ReferenceRequest.waiting_since.is_(None)]


def get(session: Session, request_id: UUID) -> ReferenceRequest:
    found = session.scalar(_whole().where(ReferenceRequest.id == request_id))
    if found is None:
        raise NotFound("There is no such request.")
    return found


def locked(session: Session, request_id: UUID) -> ReferenceRequest:
    """The request as it is now, held until this unit of work ends: two managers come one after the other."""
    held = _whole().where(ReferenceRequest.id == request_id).with_for_update(of=ReferenceRequest)
    found = session.scalar(held.execution_options(populate_existing=True))
    if found is None:
        raise NotFound("There is no such request.")
    return found


def by_numbers(session: Session, numbers: Sequence[int]) -> Sequence[ReferenceRequest]:
    return session.scalars(_whole().where(ReferenceRequest.number.in_(numbers))).all()


def _whole() -> Select[ReferenceRequest]:
    return select(ReferenceRequest).options(
        joinedload(ReferenceRequest.requester), joinedload(ReferenceRequest.deal)
    )


def open_like(session: Session, prospect: str, deal_id: UUID | None) -> Sequence[ReferenceRequest]:
    """Requests that run already for the same deal or prospect."""
    same = [ReferenceRequest.prospect_norm == normal_name(prospect)]
    if deal_id is not None:
        same.append(ReferenceRequest.deal_id == deal_id)
    running = _whole().where(ReferenceRequest.state.in_(RUNNING), or_(*same))
    return session.scalars(running.order_by(ReferenceRequest.number).limit(5)).all()


def deals_like(session: Session, typed: str, rep: Membership, *, most: int = 8) -> Sequence[Deal]:
    """Deals whose prospect or name begins with what was typed; the rep's own first."""
    start = normal_name(typed)
    if not start:
        return []
    named = or_(
        Deal.prospect_norm.startswith(start, autoescape=True),
        Deal.name_norm.startswith(start, autoescape=True),
    )
    mine = func.coalesce(Deal.rep_id == rep.id, False)
    return session.scalars(
        select(Deal).where(named).order_by(mine.desc(), Deal.prospect_norm, Deal.id).limit(most)
    ).all()


def deal(session: Session, deal_id: UUID) -> Deal:
    found = session.scalar(select(Deal).where(Deal.id == deal_id))
    if found is None:
        raise NotFound("There is no such deal.")
    return found


def products(session: Session) -> list[str]:
    """Names to choose from: what deals are about and what customers use."""
    used = select(func.unnest(Advocate.products).label("name"))
    sold = select(Deal.product.label("name")).where(Deal.product != "")
    return _names(session, used.union(sold).subquery())


def industries(session: Session) -> list[str]:
    ours = select(Account.industry.label("name")).where(Account.industry != "")
    theirs = select(Deal.industry.label("name")).where(Deal.industry != "")
    return _names(session, ours.union(theirs).subquery())


def regions(session: Session) -> list[str]:
    ours = select(Account.region.label("name")).where(Account.region != "")
    theirs = select(Deal.region.label("name")).where(Deal.region != "")
    return _names(session, ours.union(theirs).subquery())


def _names(session: Session, found: Subquery) -> list[str]:
    return list(session.scalars(select(found.c.name).order_by(found.c.name).limit(200)))


def next_number(session: Session) -> int:
    """R-1001 is the first. The caller holds the workspace's counter."""
    return (session.scalar(select(func.max(ReferenceRequest.number))) or 1000) + 1


def asks_for(session: Session, *requests: UUID) -> Sequence[Ask]:
    """All asks made for these requests, oldest first, with who was asked."""
    whole = select(Ask).options(joinedload(Ask.advocate), joinedload(Ask.account))
    served = (Ask.served_kind == ReferenceRequest.__tablename__, Ask.served_id.in_(requests))
    return session.scalars(whole.where(*served).order_by(Ask.created_at, Ask.id)).all()


def messages(session: Session, wanted: ReferenceRequest) -> Sequence[RequestMessage]:
    mine = select(RequestMessage).options(joinedload(RequestMessage.author))
    ordered = mine.where(RequestMessage.request_id == wanted.id).order_by(RequestMessage.id)
    return session.scalars(ordered.limit(200)).all()


def meetings_for(session: Session, *requests: UUID) -> Sequence[Meeting]:
    mine = select(Meeting).where(Meeting.request_id.in_(requests)).order_by(Meeting.created_at, Meeting.id)
    return session.scalars(mine).all()


def slots(session: Session, meeting: Meeting) -> Sequence[MeetingSlot]:
    mine = select(MeetingSlot).where(MeetingSlot.meeting_id == meeting.id)
    return session.scalars(mine.order_by(MeetingSlot.starts_at)).all()


def counts(session: Session, filters: Filters) -> dict[State, int]:
    """How many requests of each state fit the filters."""
    grouped = select(ReferenceRequest.state, func.count()).where(*filters.conditions())
    return dict(session.execute(grouped.group_by(ReferenceRequest.state)).tuples().all())


def desk(session: Session, filters: Filters) -> Sequence[ReferenceRequest]:
    """The first rows of every open state, the one that falls due next first."""
    order = (ReferenceRequest.due_at, ReferenceRequest.id)
    place = func.row_number().over(partition_by=ReferenceRequest.state, order_by=order)
    ranked = select(ReferenceRequest, place.label("place"))
    few = ranked.where(ReferenceRequest.state.in_(RUNNING), *filters.conditions()).subquery()
    shown = aliased(ReferenceRequest, few)
    whole = select(shown).options(joinedload(shown.requester), joinedload(shown.deal))
    return session.scalars(whole.where(few.c.place <= GROUP).order_by(shown.due_at, shown.id)).all()


def in_states(
    session: Session, states: Sequence[State], filters: Filters, cursor: str | None
) -> Page[ReferenceRequest]:
    """One page of a list: open ones by their clock, ended ones the newest first."""
    rows = _whole().where(ReferenceRequest.state.in_(states), *filters.conditions())
    if set(states) <= set(RUNNING):
        return page(session, rows, key=(ReferenceRequest.due_at, ReferenceRequest.id), cursor=cursor)
    key = (ReferenceRequest.created_at, ReferenceRequest.id)
    return page(session, rows, key=key, cursor=cursor, descending=True)


def of_rep(
    session: Session, rep: Membership, states: Sequence[State], cursor: str | None = None, size: int = 25
) -> Page[ReferenceRequest]:
    """A rep's own requests, the newest first."""
    rows = _whole().where(ReferenceRequest.requester_id == rep.id, ReferenceRequest.state.in_(states))
    key = (ReferenceRequest.created_at, ReferenceRequest.id)
    return page(session, rows, key=key, cursor=cursor, size=size, descending=True)


def next_overdue(session: Session, now: datetime) -> ReferenceRequest | None:
    """The open request that is late the longest."""
    late = and_(
        ReferenceRequest.state.in_(RUNNING),
        ReferenceRequest.due_at < now,
        ReferenceRequest.waiting_since.is_(None),
    )
    return session.scalar(
        _whole().where(late).order_by(ReferenceRequest.due_at, ReferenceRequest.id).limit(1)
    )


def reps(session: Session) -> Sequence[Membership]:
    """Everybody who ever asked for a reference."""
    asked = select(ReferenceRequest.requester_id).distinct()
    return session.scalars(select(Membership).where(Membership.id.in_(asked)).order_by(Membership.name)).all()


def meeting(session: Session, meeting_id: UUID) -> Meeting:
    found = session.scalar(_whole_meeting().where(Meeting.id == meeting_id))
    if found is None:
        raise NotFound("There is no such meeting.")
    return found


def locked_meeting(session: Session, meeting_id: UUID) -> Meeting:
    """The meeting as it is now, held until this unit of work ends."""
    held = _whole_meeting().where(Meeting.id == meeting_id).with_for_update(of=Meeting)
    found = session.scalar(held.execution_options(populate_existing=True))
    if found is None:
        raise NotFound("There is no such meeting.")
    return found


def meeting_of(session: Session, ask: Ask) -> Meeting | None:
    return session.scalar(_whole_meeting().where(Meeting.ask_id == ask.id))


def _whole_meeting() -> Select[Meeting]:
    who = joinedload(Meeting.ask)
    return select(Meeting).options(
        who.joinedload(Ask.advocate).joinedload(Advocate.account),
        joinedload(Meeting.request).joinedload(ReferenceRequest.requester),
    )


def answers(session: Session, *meetings: UUID) -> Sequence[MeetingAnswer]:
    asked = select(MeetingAnswer).where(MeetingAnswer.meeting_id.in_(meetings))
    return session.scalars(asked.order_by(MeetingAnswer.side)).all()


def answer(session: Session, answer_id: UUID) -> MeetingAnswer:
    found = session.scalar(select(MeetingAnswer).where(MeetingAnswer.id == answer_id))
    if found is None:
        raise NotFound("There is no such question.")
    return found


def scheduled_before(session: Session, moment: datetime) -> Sequence[Meeting]:
    """Agreed meetings that begin before this moment and about which nothing is decided yet."""
    agreed = (Meeting.state == MeetingState.SCHEDULED, Meeting.starts_at <= moment)
    return session.scalars(_whole_meeting().where(*agreed).order_by(Meeting.starts_at)).all()


def meetings_of_advocate(session: Session, advocate_id: UUID) -> Sequence[Meeting]:
    """What is coming up for one advocate, the next first; those without a time yet at the end."""
    mine = _whole_meeting().join(Ask, Meeting.ask_id == Ask.id).where(Ask.advocate_id == advocate_id)
    ahead = mine.where(Meeting.state.in_((MeetingState.OFFERED, MeetingState.SCHEDULED, MeetingState.MOVED)))
    return session.scalars(ahead.order_by(Meeting.starts_at.nulls_last(), Meeting.id).limit(50)).all()
