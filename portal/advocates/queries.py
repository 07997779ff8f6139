"""Reading people, their consents and their join requests."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Select, Uuid, any_, func, literal, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from portal import list_summaries
from portal.advocates.consent_chain import active_consents
from portal.advocates.history_actions import AdvocateAction
from portal.advocates.models import (
    Advocate,
    AdvocateState,
    ConsentEntry,
    ConsentPurpose,
    ConsentText,
    JoinRequest,
)
from portal.errors import NotFound
from portal.history import HistoryEntry
from tenants.email_addresses import normalize_email
from tenants.models import Membership

EntryWithText = tuple[ConsentEntry, ConsentText]
MAX_TAGS = 12  # of a kind offered on the join page: the ones used most
BLANKS = " \t\r\n\f\v\u00a0"  # around a name


@dataclass(frozen=True)
class PastNomination:
    """What a colleague typed, and when."""

    name: str
    title: str
    company: str
    at: datetime


def with_account() -> Select[Advocate]:
    return select(Advocate).options(joinedload(Advocate.account))


def get(session: Session, advocate_id: UUID) -> Advocate:
    advocate = session.scalar(
        with_account().where(Advocate.id == advocate_id, Advocate.state != AdvocateState.ERASED)
    )
    if advocate is None:
        raise NotFound("We couldn’t find this person.")
    return advocate


def lock_advocate(session: Session, advocate_id: UUID) -> Advocate | None:
    """Lock the person for a change; emails that refer to them can be written meanwhile."""
    not_erased = select(Advocate).where(Advocate.id == advocate_id, Advocate.state != AdvocateState.ERASED)
    return session.scalar(
        not_erased.with_for_update(key_share=True), execution_options={"populate_existing": True}
    )


def lock_advocates(session: Session, ids: Sequence[UUID]) -> Sequence[UUID]:
    """Lock these people in one order, so that two who lock many wait in no circle."""
    those = select(Advocate.id).where(Advocate.id == any_(literal([*ids], ARRAY(Uuid))))
    return session.scalars(those.order_by(Advocate.id).with_for_update(key_share=True)).all()


def by_address(session: Session, address: str) -> Advocate | None:
    return session.scalar(with_account().where(Advocate.email_norm == normalize_email(address)))


def of_member(session: Session, member: Membership) -> Advocate:
    advocate = session.scalar(with_account().where(Advocate.membership_id == member.id))
    if advocate is None:
        raise NotFound("You haven’t joined this program yet.")
    return advocate


def by_ids(session: Session, ids: Sequence[UUID]) -> Sequence[Advocate]:
    return session.scalars(
        with_account().where(Advocate.id.in_(ids)).order_by(Advocate.name_sort, Advocate.id)
    ).all()


def consent_entries(session: Session, advocate: Advocate) -> Sequence[EntryWithText]:
    lines = select(ConsentEntry, ConsentText).join(ConsentText, ConsentText.id == ConsentEntry.text_id)
    in_order = lines.where(ConsentEntry.advocate_id == advocate.id).order_by(ConsentEntry.number)
    return [(entry, text) for entry, text in session.execute(in_order)]


def current_consents(entries: Sequence[EntryWithText]) -> dict[ConsentPurpose, EntryWithText]:
    holding = active_consents(entry for entry, _ in entries)
    last = {text.purpose: (entry, text) for entry, text in entries if entry.granted}
    return {purpose: last[purpose] for purpose in holding}


def join_request(session: Session, request_id: UUID) -> JoinRequest:
    request = session.scalar(select(JoinRequest).where(JoinRequest.id == request_id))
    if request is None:
        raise NotFound("We couldn’t find this join request.")
    return request


def has_confirmed(session: Session, advocate: Advocate) -> bool:
    confirmed = select(JoinRequest.id).where(JoinRequest.advocate_id == advocate.id)
    return session.scalar(confirmed.where(JoinRequest.confirmed_at.is_not(None)).limit(1)) is not None


def nominations(session: Session, member: Membership, most: int = 50) -> list[PastNomination]:
    """Return the newest people this colleague suggested, as typed, so that nothing tells who was in already."""
    own = select(HistoryEntry).where(
        HistoryEntry.action == AdvocateAction.NOMINATED, HistoryEntry.by_id == member.id
    )
    newest = session.scalars(own.order_by(HistoryEntry.id.desc()).limit(most))
    return [
        PastNomination(
            name=each.detail.get("name", ""),
            title=each.detail.get("title", ""),
            company=each.detail.get("company", ""),
            at=each.created_at,
        )
        for each in newest
    ]


def tags_in_use(session: Session) -> dict[str, list[str]]:
    """The most used of each kind. Of many people they are known beforehand: anybody may open the page where to join."""
    counted = union_all(_counted("product", Advocate.products), _counted("use_case", Advocate.use_cases))
    found = list_summaries.choices(session, Advocate, counted)
    kinds = {"products": "product", "use_cases": "use_case"}
    return {name: sorted(found.get(kind, [])[:MAX_TAGS]) for name, kind in kinds.items()}


def _counted(kind: str, tags: InstrumentedAttribute[list[str]]) -> Select[str, str]:
    each = select(func.unnest(tags).label("tag")).where(Advocate.state != AdvocateState.ERASED).subquery()
    used = select(literal(kind).label("kind"), each.c.tag.label("value")).group_by(each.c.tag)
    return select(*used.order_by(func.count().desc(), each.c.tag).limit(MAX_TAGS).subquery().c)


def full_name() -> ColumnElement[str]:
    whole = func.btrim(Advocate.first_name + literal(" ") + Advocate.last_name, BLANKS)
    return func.coalesce(func.nullif(whole, ""), Advocate.email)
