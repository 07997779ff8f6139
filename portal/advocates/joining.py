"""Joining: somebody fills in a page, proves the address by a letter's link, and only then it counts."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from portal import history, outbox
from portal.accounts import queries as accounts
from portal.advocates import consents, queries
from portal.advocates.actions import enroll
from portal.advocates.answers import About, Answers, Wishes
from portal.advocates.domains import company_behind
from portal.advocates.kinds import USUAL
from portal.advocates.models import (
    LIFECYCLE,
    Advocate,
    AdvocateWaits,
    ConsentGiven,
    ConsentWords,
    JoinAsked,
    JoinRequest,
    Move,
    Provenance,
    Purpose,
    Source,
    State,
)
from portal.errors import BadLink
from portal.gateways.bell import Worker
from tenants.addresses import normal_email
from tenants.clock import utc_now
from tenants.database import tenant_of

LASTS = timedelta(days=7)
KEPT = timedelta(days=30)
IN = frozenset({State.ENROLLED, State.PAUSED})


def ask_to_join(session: Session, answers: Answers, *, place: str = "") -> JoinRequest:
    """Keep what was filled in and write to the address. A known address is treated like an unknown one."""
    email = answers.about.email.strip()
    wish = JoinRequest(
        email=email, email_norm=normal_email(email), answers=answers.kept(), network_address=place
    )
    session.add(wish)
    session.flush()
    outbox.put(session, JoinAsked(wish.id), queue=Worker.SIGN_IN)
    return wish


def ask_again(session: Session, wish: JoinRequest) -> None:
    """A new link for an old wish; the links before it stop working."""
    wish.link_version += 1
    wish.sent_at = utc_now()
    outbox.put(session, JoinAsked(wish.id), queue=Worker.SIGN_IN)


def forget_unconfirmed(session: Session) -> None:
    """What nobody confirmed is dropped; until then its expired link can still be renewed."""
    late = JoinRequest.confirmed_at.is_(None), JoinRequest.sent_at < utc_now() - KEPT
    session.execute(delete(JoinRequest).where(*late))


def is_over(wish: JoinRequest, now: datetime | None = None) -> bool:
    return wish.confirmed_at is None and wish.sent_at < (now or utc_now()) - LASTS


def confirm_join(session: Session, wish: JoinRequest) -> Advocate:
    """The address is proved: what was filled in takes effect. A second click changes nothing."""
    session.refresh(wish, with_for_update=True)
    if wish.confirmed_at is not None and wish.advocate_id is not None:
        return queries.get(session, wish.advocate_id)
    if is_over(wish):
        raise BadLink("This link was good for seven days. They are over.")
    answers = Answers.opened(wish.answers)
    advocate = _person(session, answers.about)
    wish.confirmed_at, wish.advocate_id = utc_now(), advocate.id
    join(session, advocate, answers, Source.JOIN, wish.network_address)
    return advocate


def accept_invitation(session: Session, advocate: Advocate, answers: Answers, *, place: str = "") -> None:
    """The link in the letter proved the address, so this counts at once."""
    join(session, advocate, answers, Source.INVITATION, place, vouched=True)


def join(
    session: Session,
    advocate: Advocate,
    answers: Answers,
    source: Source,
    place: str,
    *,
    vouched: bool = False,
) -> None:
    """Facts, wishes and consents are written; who is not in yet comes in, or waits for a manager."""
    answers.about.put_on(advocate)
    for words in _ticked(session, answers):
        consents.give(session, advocate, words, source, place)
    _wish(advocate, answers.wishes, complete=vouched)
    history.record(session, advocate, "joined", source=source.value)
    outbox.put(session, ConsentGiven(advocate.id))
    if advocate.state not in IN:
        _come_in(session, advocate, vouched)


def _wish(advocate: Advocate, wishes: Wishes, *, complete: bool) -> None:
    """An invitation shows all that is known, so what it brings back is complete; the public page cannot."""
    if complete:
        wishes.put_on(advocate)
    else:
        wishes.add_to(advocate)
    if not advocate.willing:
        purposes = [Purpose(each) for each in advocate.consents]
        advocate.willing = [kind.value for purpose in purposes for kind in USUAL.get(purpose, ())]


def _come_in(session: Session, advocate: Advocate, vouched: bool) -> None:
    if vouched or advocate.state is State.INVITED:
        enroll(session, advocate)
    elif advocate.state is State.PENDING:
        _is_known(session, advocate)  # still a manager's decision
    elif _is_known(session, advocate):
        enroll(session, advocate)
    else:
        advocate.state, advocate.left_at = LIFECYCLE.after(Move.HOLD, advocate.state), None
        outbox.put(session, AdvocateWaits(advocate.id))


def _person(session: Session, about: About) -> Advocate:
    """The person with this address, locked; made if nobody has it, even when two do so at once."""
    made = insert(Advocate).values(
        tenant_id=tenant_of(session),
        id=uuid7(),
        email=about.email.strip(),
        email_norm=normal_email(about.email),
        provenance=Provenance.SELF_JOINED,
    )
    session.execute(made.on_conflict_do_nothing(index_elements=["tenant_id", "email_norm"]))
    whose = select(Advocate).where(Advocate.email_norm == normal_email(about.email))
    return session.scalars(whose.with_for_update()).one()


def _is_known(session: Session, advocate: Advocate) -> bool:
    """Known before, or from a company whose people we know. The address is proved, a typed name is not."""
    if advocate.account_id is None and (behind := company_behind(session, advocate.email)):
        advocate.account_id = behind
        named = accounts.by_name(session, advocate.company)
        return named is None or named.id == behind
    return advocate.account_id is not None


def _ticked(session: Session, answers: Answers) -> list[ConsentWords]:
    ids = [UUID(each) for each in answers.words]
    return list(
        session.scalars(select(ConsentWords).where(ConsentWords.id.in_(ids)).order_by(ConsentWords.id))
    )
