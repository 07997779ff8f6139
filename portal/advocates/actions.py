"""What happens to a person in the program, from invitation to departure."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import history, outbox
from portal.accounts import queries as accounts
from portal.accounts.actions import find_or_create_account
from portal.advocates import queries
from portal.advocates.history_actions import AdvocateAction, DepartureReason
from portal.advocates.models import (
    LIFECYCLE,
    Advocate,
    AdvocateEnrolled,
    AdvocateInvited,
    AdvocateLeft,
    AdvocateMove,
    AdvocateResumed,
    AdvocateState,
    PreferencesChanged,
    Provenance,
)
from portal.advocates.portal_access import grant_access, revoke_access
from portal.advocates.profile import ContactDetails, Preferences
from portal.errors import Conflict
from portal.lifecycle import move, move_many
from tenants.clock import utc_now
from tenants.email_addresses import normalize_email
from tenants.models import Membership

MAX_INVITATIONS = 2  # ever, per address: no consent exists yet
INVITATION_INTERVAL = timedelta(days=7)


@dataclass(frozen=True)
class Nomination:
    contact: ContactDetails
    why: str


def add(session: Session, contact: ContactDetails, provenance: Provenance) -> Advocate:
    if queries.by_address(session, contact.email) is not None:
        raise Conflict("%(email)s is already in the directory. Search for the address.", email=contact.email)
    advocate = Advocate(
        email=contact.email.strip(), email_norm=normalize_email(contact.email), provenance=provenance
    )
    contact.apply_to(advocate)
    account = accounts.by_name(session, contact.company)
    advocate.account_id = account.id if account else None
    session.add(advocate)
    history.record(session, advocate, AdvocateAction.ADDED, provenance=provenance.value)
    return advocate


def invite(session: Session, advocate: Advocate, *, by: Membership) -> None:
    """Invite somebody to enroll: at most twice ever, a week apart."""
    check_can_invite(advocate)
    advocate.invitation_count += 1
    move(session, advocate, AdvocateMove.INVITE, by=by, number=advocate.invitation_count)
    outbox.publish(session, AdvocateInvited(advocate.id))


def check_can_invite(advocate: Advocate) -> None:
    LIFECYCLE.after(AdvocateMove.INVITE, advocate.state)
    if refusal := invitation_refusal(advocate):
        raise refusal


def invitation_refusal(advocate: Advocate) -> Conflict | None:
    if advocate.invitation_count >= MAX_INVITATIONS:
        return Conflict(
            "%(name)s has already been invited twice. We never invite anyone a third time.",
            name=advocate.name,
        )
    if advocate.invited_at and advocate.invited_at > utc_now() - INVITATION_INTERVAL:
        return Conflict(
            "%(name)s was invited within the last week. Please give them some time.", name=advocate.name
        )
    return None


def nominate(session: Session, nomination: Nomination, *, by: Membership) -> None:
    """Suggest somebody. Whoever is past waiting stays as they are, and the rep gets the same answer."""
    known = queries.by_address(session, nomination.contact.email)
    advocate = known or add(session, nomination.contact, Provenance.NOMINATED)
    if advocate.state is AdvocateState.CANDIDATE:
        move(session, advocate, AdvocateMove.AWAIT_APPROVAL, columns={"nominated_by_id": by.id})
    about = nomination.contact
    typed = {"name": about.name, "title": about.title, "company": about.company}
    history.record(session, advocate, AdvocateAction.NOMINATED, by=by, why=nomination.why, **typed)


def approve(session: Session, advocate: Advocate, *, by: Membership) -> None:
    """Approve somebody who waits: enroll them if they confirmed their consents, else invite them."""
    if advocate.state is not AdvocateState.PENDING:
        LIFECYCLE.after(AdvocateMove.AWAIT_APPROVAL, advocate.state)
    if advocate.account_id is None and advocate.company:
        advocate.account_id = find_or_create_account(session, advocate.company, by=by).id
    history.record(session, advocate, AdvocateAction.APPROVED, by=by)
    if queries.has_confirmed(session, advocate):
        enroll(session, advocate, by=by)
    else:
        invite(session, advocate, by=by)


def enroll(session: Session, advocate: Advocate, *, by: Membership | None = None) -> None:
    move(session, advocate, AdvocateMove.ENROLL, by=by)
    grant_access(session, advocate)
    outbox.publish(session, AdvocateEnrolled(advocate.id))


def pause(
    session: Session,
    advocate: Advocate,
    until: date | None,
    *,
    reason: str = "",
    by: Membership | None = None,
) -> None:
    """Pause until a day, or without one until the person resumes."""
    move(
        session,
        advocate,
        AdvocateMove.PAUSE,
        by=by,
        columns={"paused_until": until},
        until=until.isoformat() if until else "",
        reason=reason,
    )


def resume(session: Session, advocate: Advocate, *, by: Membership | None = None) -> None:
    move(session, advocate, AdvocateMove.RESUME, by=by)
    outbox.publish(session, AdvocateResumed(advocate.id))


def resume_due(session: Session, today: date) -> int:
    rested = (Advocate.state == AdvocateState.PAUSED, Advocate.paused_until <= today)
    locked = select(Advocate.id).where(*rested).order_by(Advocate.id)
    ids = session.scalars(locked.with_for_update(skip_locked=True)).all()
    back = move_many(session, Advocate, AdvocateMove.RESUME, Advocate.id.in_(ids))
    for advocate in back:
        outbox.publish(session, AdvocateResumed(advocate.id))
    return len(back)


def refuse(session: Session, advocate: Advocate, *, reason: str = "", by: Membership | None = None) -> None:
    move(session, advocate, AdvocateMove.REFUSE, by=by, reason=reason)
    outbox.publish(session, AdvocateLeft(advocate.id))


def depart(
    session: Session,
    advocate: Advocate,
    *,
    reason: str = "",
    reason_code: DepartureReason | None = None,
    by: Membership | None = None,
) -> None:
    why = {"reason_code": reason_code} if reason_code else {"reason": reason}
    move(session, advocate, AdvocateMove.DEPART, by=by, **why)
    advocate.link_version += 1
    revoke_access(session, advocate)
    outbox.publish(session, AdvocateLeft(advocate.id))


def change_preferences(
    session: Session, advocate: Advocate, preferences: Preferences, *, by: Membership | None = None
) -> None:
    before = Preferences.of(advocate)
    if preferences == before:
        return
    preferences.apply_to(advocate)
    changed = [
        name
        for name in Preferences.__dataclass_fields__
        if getattr(preferences, name) != getattr(before, name)
    ]
    history.record(session, advocate, AdvocateAction.PREFERENCES_CHANGED, by=by, changed=changed)
    outbox.publish(session, PreferencesChanged(advocate.id))


def check_version(advocate: Advocate, seen_version: str) -> None:
    if str(advocate.version) != seen_version:
        raise Conflict(
            "Someone else changed %(name)s while you had this page open. Your change wasn’t saved.",
            name=advocate.name,
        )
