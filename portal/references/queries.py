"""Reading the desk: one request with all that belongs to it, and lists that stay quick."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, literal, or_, select, union
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from portal.accounts.models import Account, Deal
from portal.accounts.name_normalization import normal_name
from portal.advocates.models import Advocate
from portal.asks import queries as ledger
from portal.asks.models import Ask
from portal.errors import NotFound
from portal.name_search import begins_with, is_named
from portal.outreach.models import Email
from portal.outreach.sequences.models import SequenceRun
from portal.references.models import (
    Meeting,
    MeetingAnswer,
    MeetingSlot,
    MeetingState,
    ReferenceRequest,
    RequestMessage,
    RequestState,
)
from tenants.email_addresses import normalize_email
from tenants.models import Membership
from tenants.queries import tenants_with_due

RUNNING = (RequestState.SUBMITTED, RequestState.MATCHING, RequestState.ASKED, RequestState.SCHEDULED)


class RequestActivity(NamedTuple):
    asks: list[Ask]
    meetings: dict[UUID, Meeting]  # by their ask
    answers: list[MeetingAnswer]


def get(session: Session, request_id: UUID) -> ReferenceRequest:
    request = session.scalar(requests_with_people().where(ReferenceRequest.id == request_id))
    if request is None:
        raise NotFound("We couldn’t find this request.")
    return request


def lock_request(session: Session, request_id: UUID) -> ReferenceRequest:
    locked = (
        requests_with_people().where(ReferenceRequest.id == request_id).with_for_update(of=ReferenceRequest)
    )
    request = session.scalar(locked.execution_options(populate_existing=True))
    if request is None:
        raise NotFound("We couldn’t find this request.")
    return request


def by_numbers(session: Session, numbers: Sequence[int]) -> Sequence[ReferenceRequest]:
    return session.scalars(requests_with_people().where(ReferenceRequest.number.in_(numbers))).all()


def requests_with_people() -> Select[ReferenceRequest]:
    return select(ReferenceRequest).options(
        joinedload(ReferenceRequest.requester), joinedload(ReferenceRequest.deal)
    )


def similar_open_requests(
    session: Session, prospect: str, deal_id: UUID | None
) -> Sequence[ReferenceRequest]:
    same = [ReferenceRequest.prospect_norm == normal_name(prospect)]
    if deal_id is not None:
        same.append(ReferenceRequest.deal_id == deal_id)
    running = requests_with_people().where(ReferenceRequest.state.in_(RUNNING), or_(*same))
    return session.scalars(running.order_by(ReferenceRequest.number).limit(5)).all()


def find_deals(session: Session, typed: str, rep: Membership, *, most: int = 8) -> Sequence[Deal]:
    """Those whose prospect begins so; if there is none, those that have it anywhere in their name."""
    if not typed.strip():
        return []
    is_own = func.coalesce(Deal.rep_id == rep.id, False)
    in_order = select(Deal).order_by(is_own.desc(), Deal.prospect_norm, Deal.id).limit(most)
    found = session.scalars(in_order.where(begins_with(Deal, typed))).all()
    return found or session.scalars(in_order.where(is_named(Deal, typed))).all()


def deal(session: Session, deal_id: UUID) -> Deal:
    deal_row = session.scalar(select(Deal).where(Deal.id == deal_id))
    if deal_row is None:
        raise NotFound("We couldn’t find this deal.")
    return deal_row


def known_values(session: Session) -> dict[str, list[str]]:
    parts = [
        _known_values_of("product", func.unnest(Advocate.products)),
        _known_values_of("product", Deal.product),
        _known_values_of("industry", Account.industry),
        _known_values_of("industry", Deal.industry),
        _known_values_of("region", Account.region),
        _known_values_of("region", Deal.region),
    ]
    known = union(*parts).subquery()
    values: dict[str, list[str]] = {"product": [], "industry": [], "region": []}
    for what, name in session.execute(
        select(known).where(known.c.name != "").order_by(known.c.name).limit(600)
    ):
        values[what].append(name)
    return values


def _known_values_of(what: str, column: ColumnElement[str] | InstrumentedAttribute[str]) -> Select[str, str]:
    return select(literal(what).label("what"), column.label("name")).distinct()


def next_number(session: Session) -> int:
    """Return the next number, from R-1001; the caller holds the workspace's counter."""
    return (session.scalar(select(func.max(ReferenceRequest.number))) or 1000) + 1


def asks_for(session: Session, *requests: UUID) -> Sequence[Ask]:
    whole = select(Ask).options(
        joinedload(Ask.advocate).joinedload(Advocate.account), joinedload(Ask.account)
    )
    for_requests = (Ask.subject_type == ReferenceRequest.__tablename__, Ask.subject_id.in_(requests))
    return session.scalars(whole.where(*for_requests).order_by(Ask.created_at, Ask.id)).all()


def messages(session: Session, request: ReferenceRequest) -> Sequence[RequestMessage]:
    with_authors = select(RequestMessage).options(joinedload(RequestMessage.author))
    ordered = with_authors.where(RequestMessage.request_id == request.id).order_by(RequestMessage.id)
    return session.scalars(ordered.limit(200)).all()


def asks_and_meetings(session: Session, *requests: UUID) -> Sequence[tuple[Ask, Meeting | None]]:
    both = select(Ask, Meeting).outerjoin(Meeting, Meeting.ask_id == Ask.id).options(joinedload(Ask.advocate))
    for_requests = (Ask.subject_type == ReferenceRequest.__tablename__, Ask.subject_id.in_(requests))
    return session.execute(both.where(*for_requests).order_by(Ask.created_at, Ask.id)).all()


def request_activity(session: Session, request: ReferenceRequest) -> RequestActivity:
    whole = (
        select(Ask, Meeting, MeetingAnswer)
        .outerjoin(Meeting, Meeting.ask_id == Ask.id)
        .outerjoin(MeetingAnswer, MeetingAnswer.meeting_id == Meeting.id)
        .options(joinedload(Ask.advocate).joinedload(Advocate.account), joinedload(Ask.account))
    )
    for_requests = (Ask.subject_type == ReferenceRequest.__tablename__, Ask.subject_id == request.id)
    ordered = whole.where(*for_requests).order_by(Ask.created_at, Ask.id, MeetingAnswer.side)
    rows: Sequence[tuple[Ask, Meeting | None, MeetingAnswer | None]] = session.execute(ordered).all()
    return RequestActivity(
        list({ask.id: ask for ask, _, _ in rows}.values()),
        {ask.id: meeting for ask, meeting, _ in rows if meeting},
        [answer for _, _, answer in rows if answer],
    )


def meetings_for(session: Session, *requests: UUID) -> Sequence[Meeting]:
    meetings = (
        select(Meeting).where(Meeting.request_id.in_(requests)).order_by(Meeting.created_at, Meeting.id)
    )
    return session.scalars(meetings).all()


def slots(session: Session, meeting: Meeting) -> Sequence[MeetingSlot]:
    offered = select(MeetingSlot).where(MeetingSlot.meeting_id == meeting.id)
    return session.scalars(offered.order_by(MeetingSlot.starts_at)).all()


def meeting(session: Session, meeting_id: UUID) -> Meeting:
    meeting_row = session.scalar(_meeting_with_people().where(Meeting.id == meeting_id))
    if meeting_row is None:
        raise NotFound("We couldn’t find this meeting.")
    return meeting_row


def lock_meeting(session: Session, meeting_id: UUID) -> Meeting:
    """Lock the call with its request, its person and its ask, in the order of docs/architecture.md."""
    known = meeting(session, meeting_id)
    lock_request(session, known.request_id)
    ledger.lock_ask(session, known.ask)
    locked = _meeting_with_people().where(Meeting.id == meeting_id).with_for_update(of=Meeting)
    meeting_row = session.scalar(locked.execution_options(populate_existing=True))
    if meeting_row is None:
        raise NotFound("We couldn’t find this meeting.")
    return meeting_row


def meeting_of(session: Session, ask: Ask) -> Meeting | None:
    return session.scalar(_meeting_with_people().where(Meeting.ask_id == ask.id))


def lock_meeting_of(session: Session, ask: Ask) -> Meeting | None:
    known = meeting_of(session, ask)
    return lock_meeting(session, known.id) if known else None


def _meeting_with_people() -> Select[Meeting]:
    who = joinedload(Meeting.ask)
    return select(Meeting).options(
        who.joinedload(Ask.advocate).joinedload(Advocate.account),
        who.joinedload(Ask.sent_by),
        joinedload(Meeting.request).joinedload(ReferenceRequest.requester),
    )


def answers(session: Session, *meetings: UUID) -> Sequence[MeetingAnswer]:
    asked = select(MeetingAnswer).where(MeetingAnswer.meeting_id.in_(meetings))
    return session.scalars(asked.order_by(MeetingAnswer.side)).all()


def answer(session: Session, answer_id: UUID) -> MeetingAnswer:
    answer_row = session.scalar(select(MeetingAnswer).where(MeetingAnswer.id == answer_id))
    if answer_row is None:
        raise NotFound("We couldn’t find this question.")
    return answer_row


def has_emailed_prospect(session: Session, meeting: Meeting) -> bool:
    """Tell whether whoever will talk has an email from us; a link passed on by hand leaves no address."""
    about = (Email.subject_type == Meeting.__tablename__, Email.subject_id == meeting.id)
    emails = exists().where(*about, Email.recipient_norm == normalize_email(meeting.prospect_email))
    return bool(session.scalar(select(emails)))


def scheduled_before(session: Session, moment: datetime) -> Sequence[UUID]:
    agreed = (Meeting.state == MeetingState.SCHEDULED, Meeting.starts_at <= moment)
    return session.scalars(select(Meeting.id).where(*agreed).order_by(Meeting.starts_at)).all()


def workspaces_with_calls_before(session: Session, moment: datetime) -> Sequence[UUID]:
    """In a session of no workspace: where a call is agreed for before that moment."""
    return tenants_with_due(session, "meetings", now=moment)


def meetings_without_reminder(
    session: Session, since: datetime, until: datetime, most: int = 500
) -> Sequence[UUID]:
    known = exists().where(
        SequenceRun.subject_type == Meeting.__tablename__, SequenceRun.subject_id == Meeting.id
    )
    agreed = (Meeting.state == MeetingState.SCHEDULED, Meeting.starts_at > since, Meeting.starts_at <= until)
    unreminded = select(Meeting.id).where(*agreed, ~known).order_by(Meeting.starts_at, Meeting.id)
    return session.scalars(unreminded.limit(most)).all()


def meetings_of_advocate(session: Session, advocate_id: UUID) -> Sequence[Meeting]:
    meetings = (
        _meeting_with_people().join(Ask, Meeting.ask_id == Ask.id).where(Ask.advocate_id == advocate_id)
    )
    ahead = meetings.where(
        Meeting.state.in_((MeetingState.OFFERED, MeetingState.SCHEDULED, MeetingState.MOVED))
    )
    return session.scalars(ahead.order_by(Meeting.starts_at.nulls_last(), Meeting.id).limit(50)).all()
