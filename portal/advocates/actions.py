"""What happens to a person in the programme, from the first invitation to the last good-bye."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import history, outbox
from portal.accounts import queries as accounts
from portal.accounts.actions import found_account
from portal.advocates import queries
from portal.advocates.answers import About, Wishes
from portal.advocates.doors import close_door, open_door
from portal.advocates.models import (
    LIFECYCLE,
    Advocate,
    AdvocateBack,
    AdvocateEnrolled,
    AdvocateInvited,
    AdvocateLeft,
    Move,
    Provenance,
    State,
    WishesChanged,
)
from portal.errors import Conflict
from tenants.addresses import normal_email
from tenants.clock import utc_now
from tenants.models import Membership

MOST_INVITATIONS = 2  # ever, per address: no consent exists yet
BETWEEN_INVITATIONS = timedelta(days=7)


@dataclass(frozen=True)
class Nomination:
    about: About
    why: str


def add(session: Session, about: About, provenance: Provenance) -> Advocate:
    """Somebody new, known by nothing but what was typed. A second person with this address: Conflict."""
    if queries.by_address(session, about.email) is not None:
        raise Conflict("%(email)s is known here already. Search for the address.", email=about.email)
    advocate = Advocate(
        email=about.email.strip(), email_norm=normal_email(about.email), provenance=provenance
    )
    about.put_on(advocate)
    advocate.state = State.CANDIDATE
    account = accounts.by_name(session, about.company)
    advocate.account_id = account.id if account else None
    session.add(advocate)
    history.record(session, advocate, "added", provenance=provenance.value)
    return advocate


def invite(session: Session, advocate: Advocate, *, by: Membership) -> None:
    """Ask somebody to enroll: at most twice ever, a week apart."""
    refuse_invitation(advocate)
    advocate.state = LIFECYCLE.after(Move.INVITE, advocate.state)
    advocate.invited_at = utc_now()
    advocate.invitations += 1
    history.record(session, advocate, "invited", by=by, number=advocate.invitations)
    outbox.put(session, AdvocateInvited(advocate.id))


def refuse_invitation(advocate: Advocate) -> None:
    """Say why this person may not be invited (again), as a Conflict."""
    LIFECYCLE.after(Move.INVITE, advocate.state)
    if advocate.invitations >= MOST_INVITATIONS:
        raise Conflict(
            "%(name)s was invited twice already. Nobody is invited a third time.", name=advocate.name
        )
    if advocate.invited_at and advocate.invited_at > utc_now() - BETWEEN_INVITATIONS:
        raise Conflict(
            "%(name)s was invited within the last week. Please give them time.", name=advocate.name
        )


def nominate(session: Session, nomination: Nomination, *, by: Membership) -> None:
    """A colleague suggests somebody. Whoever is past waiting stays as they are; the answer is the same."""
    known = queries.by_address(session, nomination.about.email)
    advocate = known or add(session, nomination.about, Provenance.NOMINATED)
    if advocate.state is State.CANDIDATE:
        advocate.state = LIFECYCLE.after(Move.HOLD, advocate.state)
        advocate.nominated_by_id = by.id
    about = nomination.about
    typed = {"name": about.name, "title": about.title, "company": about.company}
    history.record(session, advocate, "nominated", by=by, why=nomination.why, **typed)


def approve(session: Session, advocate: Advocate, *, by: Membership) -> None:
    """A manager lets a waiting person in: enrolled if they said what they wish, else invited."""
    if advocate.state is not State.PENDING:
        LIFECYCLE.after(Move.HOLD, advocate.state)
    if advocate.account_id is None and advocate.company:
        advocate.account_id = found_account(session, advocate.company, by=by).id
    history.record(session, advocate, "approved", by=by)
    if queries.has_confirmed(session, advocate):
        enroll(session, advocate, by=by)
    else:
        invite(session, advocate, by=by)


def enroll(session: Session, advocate: Advocate, *, by: Membership | None = None) -> None:
    """In: from here on this person may be asked, within consents, willingness and limits."""
    advocate.state = LIFECYCLE.after(Move.ENROLL, advocate.state)
    advocate.enrolled_at = utc_now()
    advocate.left_at = None
    open_door(session, advocate)
    history.record(session, advocate, "enrolled", by=by)
    outbox.put(session, AdvocateEnrolled(advocate.id))


def pause(
    session: Session,
    advocate: Advocate,
    until: date | None,
    *,
    reason: str = "",
    by: Membership | None = None,
) -> None:
    """Nothing new is asked before that day, on which they are back; without one, until they say so."""
    advocate.state = LIFECYCLE.after(Move.PAUSE, advocate.state)
    advocate.paused_at, advocate.paused_until = utc_now(), until
    history.record(
        session, advocate, "paused", by=by, until=until.isoformat() if until else "", reason=reason
    )


def resume(session: Session, advocate: Advocate, *, by: Membership | None = None) -> None:
    advocate.state = LIFECYCLE.after(Move.RESUME, advocate.state)
    advocate.paused_at = advocate.paused_until = None
    history.record(session, advocate, "resumed", by=by)
    outbox.put(session, AdvocateBack(advocate.id))


def resume_rested(session: Session, today: date) -> int:
    """Whoever paused until a day that has come is back."""
    rested = select(Advocate).where(Advocate.state == State.PAUSED, Advocate.paused_until <= today)
    back = session.scalars(rested.with_for_update(skip_locked=True)).all()
    for advocate in back:
        resume(session, advocate)
    return len(back)


def refuse(session: Session, advocate: Advocate, *, reason: str = "", by: Membership | None = None) -> None:
    """No: said by the person, or by the manager they waited for."""
    advocate.state = LIFECYCLE.after(Move.REFUSE, advocate.state)
    _leave(session, advocate, "refused", reason, by)


def depart(session: Session, advocate: Advocate, *, reason: str = "", by: Membership | None = None) -> None:
    """Gone: left the programme or the company. What is open with them ends."""
    advocate.state = LIFECYCLE.after(Move.DEPART, advocate.state)
    advocate.paused_at = advocate.paused_until = None
    advocate.link_version += 1
    close_door(session, advocate)
    _leave(session, advocate, "departed", reason, by)


def change_wishes(
    session: Session, advocate: Advocate, wishes: Wishes, *, by: Membership | None = None
) -> None:
    before = Wishes.of(advocate)
    if wishes == before:
        return
    wishes.put_on(advocate)
    changed = [name for name in Wishes.__dataclass_fields__ if getattr(wishes, name) != getattr(before, name)]
    history.record(session, advocate, "wishes changed", by=by, changed=changed)
    outbox.put(session, WishesChanged(advocate.id))


def insist_on_version(advocate: Advocate, seen: str) -> None:
    """Two managers at once: the page must show the person as they are now."""
    if str(advocate.version) != seen:
        raise Conflict(
            "Somebody else changed %(name)s while your page was open. Nothing of yours was saved.",
            name=advocate.name,
        )


def _leave(session: Session, advocate: Advocate, what: str, reason: str, by: Membership | None) -> None:
    advocate.left_at = utc_now()
    history.record(session, advocate, what, by=by, reason=reason)
    outbox.put(session, AdvocateLeft(advocate.id))
