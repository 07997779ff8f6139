"""Somebody has a new address: a manager enters it, and it counts once the link sent to it was used."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import history, outbox
from portal.advocates import queries
from portal.advocates.address_change_models import AddressChange, AddressChanged, AddressChangeRequested
from portal.advocates.address_change_queries import open_change
from portal.advocates.history_actions import AdvocateAction
from portal.advocates.models import Advocate, AdvocateInvited, AdvocateState
from portal.errors import BadLink, Conflict
from portal.gateways.queue import WorkQueue
from portal.signin import memberships, stranger_email_limits
from tenants.clock import utc_now
from tenants.email_addresses import normalize_email
from tenants.models import Membership


def request_change(session: Session, advocate: Advocate, address: str, *, by: Membership) -> AddressChange:
    """Write to the new address; until its link is used the old one stays. A newer change replaces this one."""
    _check_address(session, advocate, address)
    earlier = open_change(session, advocate)
    if earlier and earlier.email_norm == normalize_email(address):
        resend(session, earlier)
        return earlier
    _check_email_limit(session, address)
    if earlier:
        earlier.withdrawn_at = utc_now()
        session.flush()
    change = AddressChange(
        advocate_id=advocate.id,
        email=address.strip(),
        email_norm=normalize_email(address),
        former=advocate.email,
        former_norm=advocate.email_norm,
        by_id=by.id,
    )
    session.add(change)
    history.record(session, advocate, AdvocateAction.ADDRESS_ENTERED, by=by, to=change.email)
    outbox.publish(session, AddressChangeRequested(change.id), queue=WorkQueue.SIGN_IN)
    return change


def resend(session: Session, change: AddressChange) -> None:
    """Send a new link and revoke the one before; at most three emails, an hour apart."""
    if not change.can_resend:
        raise Conflict(
            "We emailed %(email)s within the last hour, or three times already, so nothing was sent.",
            email=change.email,
        )
    _check_email_limit(session, change.email)
    change.email_count += 1
    change.link_version += 1
    change.sent_at = utc_now()
    outbox.publish(session, AddressChangeRequested(change.id), queue=WorkQueue.SIGN_IN)


def _check_email_limit(session: Session, address: str) -> None:
    """Nobody has proved that mailbox yet, so it is anybody's."""
    if not stranger_email_limits.count_to_stranger(session, address):
        raise Conflict(
            "%(email)s has reached today’s limit for unconfirmed addresses. Nothing was sent; "
            "please try again tomorrow.",
            email=address.strip(),
        )


def withdraw(session: Session, change: AddressChange, advocate: Advocate, *, by: Membership) -> None:
    if not change.is_open:
        raise Conflict("This address change was already confirmed or withdrawn. Nothing was changed.")
    change.withdrawn_at = utc_now()
    history.record(session, advocate, AdvocateAction.ADDRESS_WITHDRAWN, by=by, to=change.email)


def apply_change(session: Session, change: AddressChange) -> Advocate:
    """Give the new address to the locked person, also for signing in. Raise BadLink or Conflict."""
    advocate = queries.lock_advocate(session, change.advocate_id)
    session.refresh(change, with_for_update=True)
    if advocate is None or not change.is_open or change.is_expired:
        raise BadLink(
            "This link was already used or withdrawn, or it’s older than a week. Nothing was changed."
        )
    _check_address(session, advocate, change.email)
    _change_sign_in(session, advocate, change.email)
    change.former, change.former_norm = advocate.email, advocate.email_norm
    change.confirmed_at = utc_now()
    advocate.email, advocate.email_norm = change.email, change.email_norm
    advocate.link_version += 1  # invitations to the former address open nothing; neither do preferences
    change.first_link_version = advocate.link_version
    changes = {"email": [change.former, change.email]}
    history.record(session, advocate, AdvocateAction.ADDRESS_CHANGED, changes=changes)
    outbox.publish(session, AddressChanged(change.id))
    if advocate.state is AdvocateState.INVITED:
        outbox.publish(session, AdvocateInvited(advocate.id))  # the link in their invitation no longer works
    return advocate


def _check_address(session: Session, advocate: Advocate, address: str) -> None:
    other = queries.by_address(session, address)
    if other is not None and other.id == advocate.id:
        raise Conflict("%(email)s is already their address. Nothing was changed.", email=address.strip())
    if other is not None:
        raise Conflict(
            "%(email)s already belongs to %(name)s. Nothing was changed.",
            email=address.strip(),
            name=other.name,
        )
    if memberships.by_email(session, address) is not None:
        raise Conflict("%(email)s is a colleague’s address. Nothing was changed.", email=address.strip())
    if _is_colleague(session, advocate):
        raise Conflict("Colleagues sign in with their address, so it can’t be changed here. Ask an admin.")


def _is_colleague(session: Session, advocate: Advocate) -> bool:
    """Whoever could change a colleague's address could come in as that colleague."""
    member = _membership(session, advocate)
    return member is not None and member.ended_at is None and member.roles != ["advocate"]


def _change_sign_in(session: Session, advocate: Advocate, address: str) -> None:
    if member := _membership(session, advocate):
        memberships.change_address(session, member, address)


def _membership(session: Session, advocate: Advocate) -> Membership | None:
    return session.scalar(select(Membership).where(Membership.id == advocate.membership_id))
