"""Withdraws the asks of many people that nobody has answered, in one transaction of a handful of statements."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import case
from sqlalchemy.orm import Session

from portal import outbox
from portal.asks.locked_people import lock_asks
from portal.asks.models import Ask, AskMove, AskState, AsksWithdrawn
from portal.declarations.withdrawal_reasons import WithdrawalReason
from portal.id_arrays import is_one_of
from portal.lifecycle import move_many
from portal.outreach.sequences.actions import stop_for_subjects
from portal.outreach.sequences.models import StopReason
from tenants.clock import utc_now
from tenants.models import Membership


def withdraw_many(
    session: Session, ask_ids: Collection[UUID], reason: WithdrawalReason, *, by: Membership | None = None
) -> Collection[UUID]:
    """As `withdraw` of actions.py does, of those that wait for an answer; return which. The message does the rest."""
    lock_asks(session, ask_ids)
    columns = {
        "withdrawal_reason": reason.name,
        "reason_text": "",
        "link_version": Ask.link_version + 1,
        "emailed_at": case(
            (Ask.emailed_at <= utc_now(), Ask.emailed_at)
        ),  # on hold until then, it leaves no more
    }
    these = (Ask.id == is_one_of(ask_ids), Ask.state == AskState.SENT)
    why: dict[str, Any] = {"reason": reason.name, "text": ""}
    moved = move_many(session, Ask, AskMove.WITHDRAW, *these, by=by, columns=columns, **why)
    ids = tuple(row.id for row in moved)
    if ids:
        stop_for_subjects(session, Ask.__tablename__, ids, StopReason.WITHDRAWN)
        outbox.publish(session, AsksWithdrawn(ids))
    return ids
