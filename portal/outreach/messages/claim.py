"""Claims emails under a lease, then marks them by what the gateway said.

The claim is committed before the gateway is called. What the gateway accepted is true whatever happened
since.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ARRAY,
    DateTime,
    Text,
    Uuid,
    any_,
    bindparam,
    cast,
    func,
    literal,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from portal.declarations.email_kinds import EmailClass
from portal.lifecycle import move_many
from portal.outreach import ask_emails
from portal.outreach.governance.daily_stats import add_to_daily_stats, workspace_day
from portal.outreach.governance.queries import sending_context
from portal.outreach.governance.sending_rules import SendingContext, SendingDecision, decide
from portal.outreach.models import Email, EmailMove, HoldReason
from tenants.clock import utc_now
from tenants.database import tenant_of

EMAILS = Email.__table__.c  # columns, not attributes: a thousand rows at a time need no objects
CLAIM_COLUMNS = tuple(
    EMAILS[name]
    for name in (
        "id",
        "tenant_id",
        "kind",
        "email_class",
        "purpose",
        "bulk",
        "occasion",
        "recipient",
        "recipient_norm",
        "recipient_name",
        "reply_to",
        "locale",
        "time_zone",
        "advocate_id",
        "subject_id",
        "template_id",
        "sequence_id",
        "window_from",
        "window_until",
        "fields",
        "links",
        "calendar",
        "tries",
        "obsolete_at",
        "valid_until",
    )
)
IS_WAITING = text("emails.state IN ('queued', 'held')")  # in so many words: a partial index stands on them
DUE_EMAILS = (  # made once: a claim asks it a hundred times a minute
    select(*CLAIM_COLUMNS)
    .where(EMAILS.queue == bindparam("its_queue"), IS_WAITING, EMAILS.bulk == bindparam("its_bulk"))
    .where(EMAILS.due_at <= bindparam("now"))
    .order_by(EMAILS.due_at, EMAILS.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)


@dataclass(frozen=True)
class ClaimedEmails:
    """Emails that are this worker's own until the lease lapses. `checked` counts those that were held as well."""

    emails: Sequence[Any]  # rows with CLAIM_COLUMNS
    lease_until: datetime
    checked: int


def claim(
    session: Session, queue: str, *, lease: timedelta, limit: int, gateway: str, account: str = ""
) -> ClaimedEmails:
    """Take emails that are due and may leave.

    Commit before sending: others skip them while the lease holds. `account`: which one of the gateway's,
    where it has several.
    """
    _lock_queue(session, queue)
    due = _due(session, queue, limit)
    lease_until = utc_now() + lease
    context = sending_context(session, due)
    free, held = _split_by_decision(due, context)
    _hold(session, held)
    _mark_sending(session, free, context, lease_until=lease_until, gateway=gateway, account=account)
    return ClaimedEmails(free, lease_until, len(due))


def _lock_queue(session: Session, queue: str) -> None:
    """Let workers of one queue count one after the other: caps are counted before emails leave."""
    key = f"claim {tenant_of(session)} {queue}"
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))


def _due(session: Session, queue: str, most: int) -> list[Any]:
    """Take emails written singly before those written to many."""
    due: list[Any] = []
    for bulk in (False, True):
        if len(due) < most:
            params = {"its_queue": queue, "its_bulk": bulk, "now": utc_now(), "most": most - len(due)}
            due += session.connection().execute(DUE_EMAILS, params).all()
    return due


def _split_by_decision(
    due: Sequence[Any], context: SendingContext
) -> tuple[list[Any], list[tuple[Any, SendingDecision]]]:
    """Count emails at once as they are let go, so that the next one to the same person sees them."""
    free, held = [], []
    for email in due:
        decision = decide(email, context)
        if decision.hold_reason is HoldReason.NONE:
            context.record_send(email)
            free.append(email)
        else:
            held.append((email, decision))
    return free, held


def _hold(session: Session, held: Sequence[tuple[Any, SendingDecision]]) -> None:
    if not held:
        return
    decisions = (
        func.unnest(
            literal([email.id for email, _ in held], ARRAY(Uuid)),
            literal([decision.hold_reason.value for _, decision in held], ARRAY(Text)),
            literal([decision.code.value for _, decision in held], ARRAY(Text)),
            literal([json.dumps(dict(decision.params)) for _, decision in held], ARRAY(Text)),
            literal([decision.recheck_at for _, decision in held], ARRAY(DateTime(timezone=True))),
        )
        .table_valued("email_id", "hold_reason", "code", "params", "recheck_at")
        .render_derived()
    )
    columns = {
        "hold_reason": decisions.c.hold_reason,
        "status_code": decisions.c.code,
        "status_params": cast(decisions.c.params, JSONB),
        "due_at": decisions.c.recheck_at,
    }
    move_many(session, Email, EmailMove.HOLD, Email.id == decisions.c.email_id, columns=columns)
    ask_emails.tell_schedule(session, (email for email, decision in held if decision.recheck_at))


def _mark_sending(
    session: Session, free: Sequence[Any], context: SendingContext, *, lease_until: datetime, **by: str
) -> None:
    """`by`: the gateway, and the account there."""
    if not free:
        return
    claimed = Email.id == any_(literal([email.id for email in free], ARRAY(Uuid)))
    leased = {"lease_until": lease_until, "due_at": lease_until, "tries": Email.tries + 1}
    move_many(session, Email, EmailMove.CLAIM, claimed, at=context.now, columns=leased | by)
    if counted := sum(email.email_class != EmailClass.TRANSACTIONAL for email in free):
        add_to_daily_stats(session, workspace_day(session, context.now), claimed=counted)
