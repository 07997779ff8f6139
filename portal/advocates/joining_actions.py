"""Joining: somebody fills in a page, proves the address by an email's link, and only then it counts."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from portal import history, outbox
from portal.accounts import queries as accounts
from portal.advocates import consent_chain, queries
from portal.advocates.actions import enroll
from portal.advocates.ask_kinds import default_kinds
from portal.advocates.email_domains import account_of_address
from portal.advocates.history_actions import AdvocateAction
from portal.advocates.models import (
    Advocate,
    AdvocateMove,
    AdvocatePending,
    AdvocateState,
    ConsentGiven,
    ConsentPurpose,
    ConsentSource,
    ConsentText,
    JoinRequest,
    JoinRequested,
    Provenance,
)
from portal.advocates.profile import ContactDetails, JoinSubmission, Preferences
from portal.errors import BadLink
from portal.gateways.queue import WorkQueue
from portal.lifecycle import move
from tenants.clock import utc_now
from tenants.database import tenant_of
from tenants.email_addresses import normalize_email

LINK_LIFETIME = timedelta(days=7)
UNCONFIRMED_RETENTION = timedelta(days=30)


def submit_join_request(
    session: Session, submission: JoinSubmission, *, network_address: str = ""
) -> JoinRequest:
    """Keep what was filled in and write to the address; a known address is treated like an unknown one."""
    email = submission.contact.email.strip()
    join_request = JoinRequest(
        email=email,
        email_norm=normalize_email(email),
        submission=submission.to_json(),
        network_address=network_address,
    )
    session.add(join_request)
    session.flush()
    outbox.publish(session, JoinRequested(join_request.id), queue=WorkQueue.SIGN_IN)
    return join_request


def resend_confirmation(session: Session, join_request: JoinRequest) -> None:
    join_request.link_version += 1
    join_request.sent_at = utc_now()
    outbox.publish(session, JoinRequested(join_request.id), queue=WorkQueue.SIGN_IN)


def delete_unconfirmed(session: Session) -> None:
    late = JoinRequest.confirmed_at.is_(None), JoinRequest.sent_at < utc_now() - UNCONFIRMED_RETENTION
    session.execute(delete(JoinRequest).where(*late))


def is_expired(join_request: JoinRequest, now: datetime | None = None) -> bool:
    return join_request.confirmed_at is None and join_request.sent_at < (now or utc_now()) - LINK_LIFETIME


def confirm_join(session: Session, join_request: JoinRequest) -> Advocate:
    """Apply what was filled in, now that the address is proved; a second click changes nothing."""
    session.refresh(join_request, with_for_update=True)
    if join_request.confirmed_at is not None and join_request.advocate_id is not None:
        return queries.get(session, join_request.advocate_id)
    if is_expired(join_request):
        raise BadLink("This link has expired. Links work for seven days.")
    submission = JoinSubmission.from_json(join_request.submission)
    advocate = _lock_or_create(session, submission.contact)
    join_request.confirmed_at, join_request.advocate_id = utc_now(), advocate.id
    join(session, advocate, submission, ConsentSource.JOIN, join_request.network_address)
    return advocate


def accept_invitation(
    session: Session, advocate: Advocate, submission: JoinSubmission, *, network_address: str = ""
) -> None:
    join(session, advocate, submission, ConsentSource.INVITATION, network_address, is_invited=True)


def join(
    session: Session,
    advocate: Advocate,
    submission: JoinSubmission,
    source: ConsentSource,
    network_address: str,
    *,
    is_invited: bool = False,
) -> None:
    """Write contact, preferences and consents; enroll the person, or wait for approval."""
    submission.contact.apply_to(advocate)
    for text in _chosen_texts(session, submission):
        consent_chain.give(session, advocate, text, source, network_address)
    _apply_preferences(advocate, submission.preferences, complete=is_invited)
    history.record(session, advocate, AdvocateAction.JOINED, source=source.value)
    outbox.publish(session, ConsentGiven(advocate.id))
    if not advocate.is_in_program:
        _enroll_or_await_approval(session, advocate, is_invited)


def _apply_preferences(advocate: Advocate, preferences: Preferences, *, complete: bool) -> None:
    """An invitation shows all that is known, so what it brings back is complete; the public page cannot."""
    if complete:
        preferences.apply_to(advocate)
    else:
        preferences.merge_into(advocate)
    if not advocate.accepted_ask_kinds:
        agreed = {ConsentPurpose(each) for each in advocate.consents}
        advocate.accepted_ask_kinds = [kind.value for kind in default_kinds(agreed)]


def _enroll_or_await_approval(session: Session, advocate: Advocate, is_invited: bool) -> None:
    if is_invited or advocate.state is AdvocateState.INVITED:
        enroll(session, advocate)
    elif advocate.state is AdvocateState.PENDING:
        _link_account(session, advocate)  # still a manager's decision
    elif _is_from_known_company(session, advocate):
        enroll(session, advocate)
    else:
        move(session, advocate, AdvocateMove.AWAIT_APPROVAL)
        outbox.publish(session, AdvocatePending(advocate.id))


def _lock_or_create(session: Session, contact: ContactDetails) -> Advocate:
    """The person with this address, locked; made if nobody has it, even when two do so at once."""
    made = insert(Advocate).values(
        tenant_id=tenant_of(session),
        id=uuid7(),
        email=contact.email.strip(),
        email_norm=normalize_email(contact.email),
        provenance=Provenance.SELF_JOINED,
    )
    session.execute(made.on_conflict_do_nothing(index_elements=["tenant_id", "email_norm"]))
    whose = select(Advocate).where(Advocate.email_norm == normalize_email(contact.email))
    return session.scalars(whose.with_for_update()).one()


def _is_from_known_company(session: Session, advocate: Advocate) -> bool:
    """Known before, or from a company whose people we know. The address is proved, a typed name is not."""
    if advocate.account_id is not None:
        return True
    account_id = _link_account(session, advocate)
    typed = accounts.by_name(session, advocate.company)
    return account_id is not None and (typed is None or typed.id == account_id)


def _link_account(session: Session, advocate: Advocate) -> UUID | None:
    """The account linked before, else the one that the domain of the proved address belongs to."""
    advocate.account_id = advocate.account_id or account_of_address(session, advocate.email)
    return advocate.account_id


def _chosen_texts(session: Session, submission: JoinSubmission) -> list[ConsentText]:
    ids = [UUID(each) for each in submission.consent_text_ids]
    return list(session.scalars(select(ConsentText).where(ConsentText.id.in_(ids)).order_by(ConsentText.id)))
