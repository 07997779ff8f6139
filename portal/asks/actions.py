"""Asking, answering and what follows; every program comes through here."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal import history, outbox
from portal.accounts.models import Account
from portal.advocates.models import Advocate
from portal.asks import advocate_activity, budgets, calendar_days, queries
from portal.asks.answer_codes import DeclineReason, NoteCode
from portal.asks.conflicts import company_conflict
from portal.asks.history_actions import AskAction
from portal.asks.models import (
    LIFECYCLE,
    Ask,
    AskAccepted,
    AskCompleted,
    AskDeclined,
    AskExpired,
    AskKind,
    AskMove,
    AskNotHeld,
    AskReleased,
    AskSent,
    AskState,
    AskWithdrawn,
    BudgetReleased,
)
from portal.asks.new_ask import new_ask
from portal.asks.policies import ask_rules
from portal.asks.refusals import already_asked, budget_full, due_day_too_late, not_eligible
from portal.declarations import program_switches
from portal.declarations.withdrawal_reasons import WithdrawalReason
from portal.errors import Conflict, DomainError
from portal.lifecycle import NO_COLUMNS, Columns, move
from portal.outreach.sequences.actions import stop_for_subject
from portal.outreach.sequences.models import StopReason
from portal.outreach.suppressions.queries import has_opted_out_of
from tenants.base import TenantOwned
from tenants.clock import utc_now
from tenants.models import Membership


def propose(
    session: Session,
    kind: AskKind,
    advocate: Advocate,
    subject: TenantOwned,
    due_on: date,
    minutes: int | None = None,
    *,
    attention_minutes: int | None = None,
    helps_name: str = "",
    why: str = "",
) -> Ask:
    """Write an ask without sending it.

    `helps_name`: by default the record's prospect. `minutes`, of the favor, and `attention_minutes` are those of
    its kind by default. Whoever proposes the same at once sees this ask: the person is locked, the index insists.
    """
    if refusal := due_day_too_late(due_on, calendar_days.today(session)):
        raise refusal
    program_switches.require_on(session, subject.__tablename__)
    queries.lock_person_and_company(session, advocate)
    if queries.has_open_ask(session, advocate.id, subject.__tablename__, subject.id):
        raise already_asked(advocate)
    ask = new_ask(session, kind, subject, minutes, attention_minutes, helps_name=helps_name, why=why)
    ask.advocate_id, ask.account_id, ask.due_on = advocate.id, advocate.account_id, due_on
    session.add(ask)
    session.flush()
    return ask


def send(session: Session, ask: Ask, by: Membership | None, override_reason: str = "") -> None:
    """Lock the company, then the person, and send: of any number of senders exactly one finds room in the budget."""
    program_switches.require_on(session, ask.subject_type)
    account, advocate = queries.lock_ask(session, ask)
    _ensure_eligible(session, ask, advocate, account)
    _ensure_within_budget(session, ask, advocate, by, override_reason.strip())
    sent_at = move(session, ask, AskMove.SEND, by=by, columns={"sent_by_id": by.id if by else None})
    advocate_activity.record_ask_sent(session, ask.advocate_id, sent_at)
    outbox.publish(session, AskSent(ask.id))


def _ensure_eligible(session: Session, ask: Ask, advocate: Advocate, account: Account | None) -> None:
    opted_out = has_opted_out_of(session, advocate.email, ask.kind.purpose)
    tied = company_conflict(session, account, ask.helps_name_norm) if account else None
    if refusal := not_eligible(ask, advocate, account, ask_rules(session), tied, has_opted_out=opted_out):
        raise refusal


def _ensure_within_budget(
    session: Session, ask: Ask, advocate: Advocate, by: Membership | None, override: str
) -> None:
    mine = budgets.budget_status(session, [advocate], ask.kind, ask.minutes, ask.attention_minutes)
    room = mine[advocate.id]
    if room.is_free:
        return
    if room.too_large_reason is not None or room.own_windows or not override or by is None:
        raise budget_full(advocate, room)
    ask.override_reason, ask.override_by_id = override, by.id
    windows = {window.value: day.isoformat() for window, day in room.full_windows.items()}
    history.record(session, ask, AskAction.BUDGET_OVERRIDDEN, by=by, reason=override, windows=windows)


def accept(session: Session, ask: Ask, note: str = "") -> None:
    """Accept, whatever the budgets say. A guest may say yes after a no, or late, until the record closes."""
    queries.lock_ask(session, ask)
    step = _step_from(ask, AskMove.ACCEPT, AskMove.CHANGE_TO_YES)
    LIFECYCLE.after(step, ask.state)
    if step is AskMove.CHANGE_TO_YES:
        _ensure_only_open(session, ask)
    _answer(session, ask, step, note)
    advocate_activity.refresh_available_from(session, [ask.advocate_id])
    outbox.publish(session, AskAccepted(ask.id))


def _ensure_only_open(session: Session, ask: Ask) -> None:
    if queries.has_open_ask(session, ask.advocate_id, ask.subject_type, ask.subject_id):
        raise Conflict("There’s a newer ask for this. Please answer that one; nothing was changed.")


def decline(
    session: Session, ask: Ask, reason: DeclineReason, note: str = "", *, colleague: str = ""
) -> None:
    """Only program managers are told why, and whom the person suggests. A guest may cancel after a yes."""
    queries.lock_ask(session, ask)
    step = _step_from(ask, AskMove.DECLINE, AskMove.CHANGE_TO_NO)
    _answer(session, ask, step, note, {"decline_reason": reason}, reason=reason)
    if colleague:
        ask.note_code, ask.note_params = NoteCode.SUGGESTS_COLLEAGUE, {"colleague": colleague}
    outbox.publish(session, AskDeclined(ask.id))


def _step_from(ask: Ask, answer: AskMove, change: AskMove) -> AskMove:
    """Only guests change their answer."""
    return change if ask.kind.is_guest and change in ask.moves else answer


def _answer(
    session: Session, ask: Ask, step: AskMove, note: str, columns: Columns = NO_COLUMNS, **detail: Any
) -> datetime:
    at = move(session, ask, step, columns=columns, **detail)
    ask.note, ask.note_code, ask.note_params = note, None, {}
    stop_for_subject(session, (ask.__tablename__, ask.id), StopReason.ANSWERED)
    return at


def complete(session: Session, ask: Ask) -> None:
    queries.lock_ask(session, ask)
    _record_completion(session, ask, move(session, ask, AskMove.COMPLETE))


def complete_at_once(session: Session, ask: Ask, note: str = "") -> None:
    queries.lock_ask(session, ask)
    _record_completion(session, ask, _answer(session, ask, AskMove.COMPLETE_AT_ONCE, note))
    advocate_activity.refresh_available_from(session, [ask.advocate_id])


def _record_completion(session: Session, ask: Ask, at: datetime) -> None:
    session.flush()
    if ask.kind.row.is_act:
        advocate_activity.record_act(session, ask.advocate_id, at)
    outbox.publish(session, AskCompleted(ask.id))


def mark_not_held(session: Session, ask: Ask) -> None:
    """End an accepted ask that did not happen; its time is free again."""
    queries.lock_ask(session, ask)
    _end(session, ask, AskMove.MARK_NOT_HELD)
    session.flush()
    advocate_activity.refresh_available_from(session, [ask.advocate_id])
    outbox.publish(session, AskNotHeld(ask.id))


def release(session: Session, ask: Ask) -> None:
    """End an ask whose outcome nobody can know; it counts in budgets and in nothing else."""
    queries.lock_ask(session, ask)
    _end(session, ask, AskMove.RELEASE)
    outbox.publish(session, AskReleased(ask.id))


def withdraw(
    session: Session, ask: Ask, reason: WithdrawalReason, text: str = "", *, by: Membership | None = None
) -> None:
    """Withdraw an ask; without an answer it no longer counts in any budget. `text`: why, in words of their own."""
    queries.lock_ask(session, ask)
    why = {"withdrawal_reason": reason.name, "reason_text": text}
    _end(session, ask, AskMove.WITHDRAW, by, why, reason=reason.name, text=text)
    ask.link_version += 1
    if ask.emailed_at is not None and ask.emailed_at > utc_now():
        ask.emailed_at = None  # it was on hold until then, and leaves no more
    session.flush()
    advocate_activity.refresh_available_from(session, [ask.advocate_id])
    outbox.publish(session, AskWithdrawn(ask.id))
    outbox.publish(session, BudgetReleased(ask.id))


def _end(
    session: Session,
    ask: Ask,
    step: AskMove,
    by: Membership | None = None,
    columns: Columns = NO_COLUMNS,
    **detail: Any,
) -> None:
    move(session, ask, step, by=by, columns=columns, **detail)
    stop_for_subject(session, (ask.__tablename__, ask.id), StopReason.WITHDRAWN)


def overdue_asks(session: Session, most: int = 500) -> Sequence[UUID]:
    late = queries.overdue_asks(session, calendar_days.latest_today(), most)
    return [ask.id for ask in late if ask.due_on < calendar_days.today_of(session, ask.advocate)]


def expire(session: Session, ask_id: UUID) -> None:
    ask = queries.get_and_lock_ask(session, ask_id)
    if ask.state is AskState.SENT and ask.due_on < calendar_days.today_of(session, ask.advocate):
        _end(session, ask, AskMove.EXPIRE)
        outbox.publish(session, AskExpired(ask.id))


def log_off_platform(
    session: Session,
    kind: AskKind,
    advocate: Advocate,
    subject: TenantOwned,
    happened_at: datetime,
    **more: Any,
) -> Ask:
    if happened_at > utc_now():
        raise DomainError(
            "You can only log a favor that has already happened. Please choose a day in the past."
        )
    ask = propose(
        session,
        kind,
        advocate,
        subject,
        calendar_days.day_of(happened_at, calendar_days.workspace_zone(session)),
        **more,
    )
    move(session, ask, AskMove.LOG_OFF_PLATFORM, at=happened_at)
    advocate_activity.record_ask_sent(session, ask.advocate_id, happened_at)
    _record_completion(session, ask, happened_at)
    return ask
