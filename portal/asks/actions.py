"""Asking, answering and what follows; every programme comes through here."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal import history, outbox
from portal.accounts.models import Account
from portal.accounts.names import normal_name
from portal.advocates.models import Advocate
from portal.asks import budgets, days, facts, queries, windows
from portal.asks.models import (
    LIFECYCLE,
    Ask,
    AskAccepted,
    AskCompleted,
    AskDeclined,
    AskExpired,
    AskNotHeld,
    AskSent,
    AskWithdrawn,
    Kind,
    Move,
    State,
)
from portal.asks.pauses import paused
from portal.asks.sentences import plain_day
from portal.asks.ties import tie
from portal.asks.windows import LONGEST_WAIT
from portal.errors import Conflict, DomainError
from portal.outreach.sequences.actions import stop_about
from portal.outreach.sequences.models import Stop
from portal.outreach.suppression.queries import opted_out_of
from tenants.base import TenantOwned
from tenants.clock import utc_now
from tenants.models import Membership

BUDGET_OVERRIDDEN = "budget overridden"


class Paused(Conflict):
    """This person is not asked this at the moment, whatever the budget says."""


class NoRoom(Conflict):
    """A window is full; a manager may override it with a reason."""


def propose(
    session: Session,
    kind: Kind,
    advocate: Advocate,
    served: TenantOwned,
    due_on: date,
    minutes: int | None = None,
    *,
    subject: str = "",
    why: str = "",
) -> Ask:
    """Write an ask down without sending it. `subject` is whom it helps, by default the record's prospect.

    The person is held, so whoever proposes the same at the same moment sees this ask; the index insists on it.
    """
    if due_on > days.today(session) + timedelta(days=LONGEST_WAIT - 2):
        raise DomainError("Please choose a day within the next three months for the answer.")
    queries.hold_person(session, advocate)
    if queries.is_being_asked(session, advocate, served):
        raise Conflict("%(name)s is being asked for this already. Nothing was sent.", name=advocate.name)
    ask = Ask(kind=kind, minutes=minutes or kind.minutes, due_on=due_on, why=why)
    ask.advocate_id, ask.account_id = advocate.id, advocate.account_id
    ask.served_kind, ask.served_id = served.__tablename__, served.id
    ask.subject = subject or str(getattr(served, "prospect", ""))
    ask.subject_norm = normal_name(ask.subject)
    session.add(ask)
    session.flush()
    return ask


def send(session: Session, ask: Ask, by: Membership | None, override_reason: str = "") -> None:
    """Under locks, the company first, then the person: of any number of senders exactly one finds the room."""
    account, advocate = queries.hold(session, ask)
    _insist_not_paused(session, ask, advocate, account)
    _insist_on_room(session, ask, advocate, by, override_reason.strip())
    ask.state = LIFECYCLE.after(Move.SEND, ask.state)
    ask.sent_at = utc_now()
    ask.sent_by_id = by.id if by else None
    session.flush()
    facts.asked(session, ask.advocate_id, ask.sent_at)
    history.record(session, ask, "sent", by=by)
    outbox.put(session, AskSent(ask.id))


def _insist_not_paused(session: Session, ask: Ask, advocate: Advocate, account: Account | None) -> None:
    if opted_out_of(session, advocate.email, ask.kind.purpose):
        raise Paused(
            "Nothing was sent: your CRM says that %(name)s has opted out of this.", name=advocate.name
        )
    tied = tie(session, account, ask.subject_norm) if account else None
    if reason := paused(ask, advocate, account, windows.rules(session), tied):
        raise Paused("Nothing was sent: %(name)s %(reason)s.", name=advocate.name, reason=str(reason))


def _insist_on_room(
    session: Session, ask: Ask, advocate: Advocate, by: Membership | None, override: str
) -> None:
    room = budgets.room(session, [advocate], ask.kind, ask.minutes)[advocate.id]
    if room.is_free:
        return
    if room.never is not None or room.own or not override or by is None:
        raise _no_room(advocate, room)
    ask.override_reason, ask.override_by_id = override, by.id
    full = [str(reason) for reason in room.reasons]
    history.record(session, ask, BUDGET_OVERRIDDEN, by=by, reason=override, full=full)


def _no_room(advocate: Advocate, room: budgets.Room) -> NoRoom:
    if room.never is not None or room.free_from is None:
        return NoRoom("Nothing was sent: %(name)s %(reason)s.", name=advocate.name, reason=str(room.never))
    return NoRoom(
        "Nothing was sent: %(name)s has been asked enough for now (%(reasons)s) and is free again on %(day)s.",
        name=advocate.name,
        reasons=", ".join(str(reason) for reason in room.reasons),
        day=plain_day(room.free_from),
    )


def accept(session: Session, ask: Ask, note: str = "") -> None:
    _answer(session, ask, Move.ACCEPT, note)
    session.flush()
    facts.refresh(session, [ask.advocate_id])
    history.record(session, ask, "accepted")
    outbox.put(session, AskAccepted(ask.id))


def decline(session: Session, ask: Ask, reason: str, note: str = "") -> None:
    """The words of `reason` are kept; nobody outside the desk is told."""
    if not reason.strip():
        raise DomainError("Please say in a word why not.")
    _answer(session, ask, Move.DECLINE, note, reason)
    history.record(session, ask, "declined", reason=reason)
    outbox.put(session, AskDeclined(ask.id))


def _answer(session: Session, ask: Ask, move: Move, note: str, reason: str = "") -> None:
    queries.hold(session, ask)
    ask.state = LIFECYCLE.after(move, ask.state)
    ask.answered_at = utc_now()
    ask.note, ask.reason = note, reason or ask.reason
    stop_about(session, (ask.__tablename__, ask.id), Stop.ANSWERED)


def complete(session: Session, ask: Ask) -> None:
    """The favour was done: an act of advocacy."""
    queries.hold(session, ask)
    ask.state = LIFECYCLE.after(Move.COMPLETE, ask.state)
    ask.completed_at = utc_now()
    _was_done(session, ask, ask.completed_at)
    history.record(session, ask, "completed")


def _was_done(session: Session, ask: Ask, at: datetime) -> None:
    session.flush()
    facts.acted(session, ask.advocate_id, at)
    outbox.put(session, AskCompleted(ask.id))


def miss(session: Session, ask: Ask) -> None:
    """Agreed to, but it did not happen."""
    _end(session, ask, Move.MISS)
    history.record(session, ask, "not held")
    outbox.put(session, AskNotHeld(ask.id))


def withdraw(session: Session, ask: Ask, reason: str, by: Membership | None = None) -> None:
    """Taken back by the workspace; before an answer it no longer counts in any budget."""
    _end(session, ask, Move.WITHDRAW)
    ask.reason = reason
    ask.link_version += 1
    session.flush()
    facts.refresh(session, [ask.advocate_id])
    history.record(session, ask, "withdrawn", by=by, reason=reason)
    outbox.put(session, AskWithdrawn(ask.id))


def _end(session: Session, ask: Ask, move: Move) -> None:
    queries.hold(session, ask)
    ask.state = LIFECYCLE.after(move, ask.state)
    ask.ended_at = utc_now()
    stop_about(session, (ask.__tablename__, ask.id), Stop.WITHDRAWN)


def overdue(session: Session, most: int = 500) -> Sequence[UUID]:
    """No answer by the end of the day it was due. The ticker comes again for the rest."""
    return queries.overdue(session, days.today(session), most)


def expire(session: Session, ask_id: UUID) -> None:
    """Once; whoever answered in the meantime has answered."""
    ask = queries.locked(session, ask_id)
    if ask.state is State.SENT:
        _end(session, ask, Move.EXPIRE)
        history.record(session, ask, "expired")
        outbox.put(session, AskExpired(ask.id))


def log_outside(
    session: Session, kind: Kind, advocate: Advocate, served: TenantOwned, happened_at: datetime, **more: Any
) -> Ask:
    """A favour a rep arranged: it is a fact, so it may overfill a window, and it counts from now on."""
    if happened_at > utc_now():
        raise DomainError("A favour that is logged has happened already. Please choose a day that is past.")
    ask = propose(session, kind, advocate, served, days.day_of(happened_at, days.zone_of(session)), **more)
    ask.state, ask.outside = State.COMPLETED, True
    ask.sent_at = ask.answered_at = ask.completed_at = happened_at
    session.flush()
    facts.asked(session, ask.advocate_id, happened_at)
    _was_done(session, ask, happened_at)
    history.record(session, ask, "logged")
    return ask
