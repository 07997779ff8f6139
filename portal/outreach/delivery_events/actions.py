"""Applies provider events: each once, in any order, however often it came."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Boolean,
    DateTime,
    Text,
    Uuid,
    any_,
    delete,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from portal.advocates.models import Advocate
from portal.inbox import ReceivedEvent
from portal.outreach import ask_emails
from portal.outreach.delivery_events import queries
from portal.outreach.delivery_events.bot_detection import bot_event_ids
from portal.outreach.delivery_events.models import OPENS_AND_CLICKS, DeliveryEvent, DeliveryEventType
from portal.outreach.delivery_events.parsing import ParsedEvent, parse
from portal.outreach.delivery_events.state_order import advance, is_first_proof_of_acceptance
from portal.outreach.governance.daily_stats import add_to_daily_stats, workspace_day
from portal.outreach.models import Email
from portal.outreach.suppressions.actions import suppress
from portal.outreach.suppressions.models import SuppressionReason
from portal.outreach.suppressions.unsubscribe_actions import unsubscribe, unsubscribed_purpose
from tenants.clock import utc_now
from tenants.database import WITHOUT_SYNC, tenant_of

BATCH = 500
RETENTION = timedelta(
    days=30
)  # events as the provider wrote them; what they say about an email stays with it
COUNTED = {
    DeliveryEventType.DELIVERED: "delivered",
    DeliveryEventType.BOUNCED: "bounced",
    DeliveryEventType.BLOCKED: "bounced",
    DeliveryEventType.COMPLAINED: "complained",
}
SUPPRESSED_AFTER = {
    DeliveryEventType.BOUNCED: SuppressionReason.BOUNCED,
    DeliveryEventType.COMPLAINED: SuppressionReason.COMPLAINED,
    DeliveryEventType.UNSUBSCRIBED: SuppressionReason.UNSUBSCRIBED,
}


def process_events(session: Session, *, limit: int = BATCH, event_id: UUID | None = None) -> int:
    """Process a batch and return how many events it had; others skip them meanwhile."""
    waits = queries.unhandled_events(limit)
    if event_id is not None:
        waits = waits.where(ReceivedEvent.id == event_id)
    received = session.scalars(waits.with_for_update(skip_locked=True)).all()
    if received:
        _process(session, [event for each in received if (event := parse(each)) is not None])
        mark_handled(session, [each.id for each in received])
    return len(received)


def mark_handled(session: Session, ids: Sequence[UUID]) -> None:
    these = ReceivedEvent.id == any_(literal(list(ids), ARRAY(Uuid)))
    session.execute(
        update(ReceivedEvent).where(these).values(handled_at=utc_now()), execution_options=WITHOUT_SYNC
    )


def delete_old_events(session: Session) -> None:
    before = utc_now() - RETENTION
    oldest_kept = UUID(int=int(before.timestamp() * 1000) << 80)
    old = delete(ReceivedEvent).where(ReceivedEvent.id < oldest_kept, ReceivedEvent.handled_at < before)
    session.execute(old, execution_options=WITHOUT_SYNC)


def _process(session: Session, events: Sequence[ParsedEvent]) -> None:
    """Lock people before emails, emails in one order, the day's statistics last: as everywhere else."""
    known = queries.known_event_ids(session, [each.external_id for each in events])
    events_by_email: dict[UUID, list[ParsedEvent]] = defaultdict(list)
    for each in events:
        if each.external_id not in known:
            events_by_email[each.email_id].append(each)
    if not events_by_email:
        return
    _unsubscribe(session, events_by_email)
    locked = (
        queries.emails_by_id(events_by_email)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    emails = {email.id: email for email in session.scalars(locked)}
    _apply(
        session, emails, {email_id: each for email_id, each in events_by_email.items() if email_id in emails}
    )


def _apply(
    session: Session, emails: Mapping[UUID, Email], events_by_email: Mapping[UUID, Sequence[ParsedEvent]]
) -> None:
    reached = queries.event_types_by_email(session, events_by_email)
    counted: Counter[str] = Counter()
    proved = [email for email in emails.values() if is_first_proof_of_acceptance(email)]
    ask_emails.tell_schedule(session, proved)
    counted["accepted"] = len(proved)
    for email_id, events in events_by_email.items():
        advance(session, emails[email_id], events)
        counted.update(_stat_names(event.event_type for event in events) - _stat_names(reached[email_id]))
        _suppress(session, emails[email_id], events)
    _insert_events(session, events_by_email.values())
    _recount_bots(session, emails, events_by_email)
    if moved := {name: number for name, number in counted.items() if number}:
        add_to_daily_stats(session, workspace_day(session, utc_now()), **moved)


def _stat_names(happened: Iterable[DeliveryEventType]) -> set[str]:
    """Count each email once, however often an event is repeated."""
    return {COUNTED[each] for each in happened if each in COUNTED}


def _insert_events(session: Session, groups: Iterable[Sequence[ParsedEvent]]) -> None:
    """Insert all events in one statement."""
    lines = [event for events in groups for event in events]
    columns: tuple[tuple[str, Any, list[Any]], ...] = (
        ("id", Uuid, [uuid7() for _ in lines]),
        ("email_id", Uuid, [event.email_id for event in lines]),
        ("event_type", Text, [event.event_type.value for event in lines]),
        ("at", DateTime(timezone=True), [event.at for event in lines]),
        ("external_id", Text, [event.external_id for event in lines]),
        ("is_bot", Boolean, [event.is_bot for event in lines]),
        ("provider_reason", Text, [event.provider_reason for event in lines]),
        ("url", Text, [event.url for event in lines]),
    )
    names = [name for name, _, _ in columns]
    given = func.unnest(*(literal(values, ARRAY(kind)) for _, kind, values in columns))
    table = given.table_valued(*names).render_derived()
    same = select(literal(tenant_of(session), Uuid), literal(utc_now()), *(table.c[name] for name in names))
    session.execute(insert(DeliveryEvent).from_select(["tenant_id", "created_at", *names], same))


def _unsubscribe(session: Session, events_by_email: Mapping[UUID, Sequence[ParsedEvent]]) -> None:
    """Treat an unsubscribe by the provider's own means like one by ours."""
    left = [
        email_id
        for email_id, events in events_by_email.items()
        if any(event.event_type is DeliveryEventType.UNSUBSCRIBED for event in events)
    ]
    if left:
        for email in session.scalars(queries.emails_by_id(left)).all():
            unsubscribe(session, email)


def _suppress(session: Session, email: Email, events: Sequence[ParsedEvent]) -> None:
    """Suppress an address that is on a list of the provider's.

    What its reader agreed to is kept: the list may be older.
    """
    if "@" not in email.recipient:
        return  # its reader was erased
    for event in events:
        if reason := SUPPRESSED_AFTER.get(event.underlying_type):
            purpose = unsubscribed_purpose(email) if reason is SuppressionReason.UNSUBSCRIBED else ""
            for address in _addresses(session, email, reason):
                suppress(
                    session, address, reason, purpose=purpose, email_id=email.id, note=event.provider_reason
                )


def _addresses(session: Session, email: Email, reason: SuppressionReason) -> set[str]:
    """Return the person's current address as well, except for a bounce, which is about the mailbox."""
    now = session.get(Advocate, (email.tenant_id, email.advocate_id)) if email.advocate_id else None
    moved = (
        now is not None and now.email_norm != email.recipient_norm and reason is not SuppressionReason.BOUNCED
    )
    return {email.recipient, now.email} if now is not None and moved else {email.recipient}


def _recount_bots(
    session: Session, emails: Mapping[UUID, Email], events_by_email: Mapping[UUID, Sequence[ParsedEvent]]
) -> None:
    """Tell people from machines again for emails with opens; a late delivery event may change the result."""
    touched = [
        email_id
        for email_id, events in events_by_email.items()
        if any(event.event_type in OPENS_AND_CLICKS for event in events)
        or _has_opens_or_clicks(emails[email_id])
    ]
    if not touched:
        return
    stories: dict[UUID, list[DeliveryEvent]] = defaultdict(list)
    for event in queries.events_of_emails(session, touched, *OPENS_AND_CLICKS, DeliveryEventType.DELIVERED):
        stories[event.email_id].append(event)
    for email_id, story in stories.items():
        _recount(emails[email_id], story)


def _has_opens_or_clicks(email: Email) -> bool:
    return bool(email.opens or email.clicks or email.machine_opens or email.machine_clicks)


def _recount(email: Email, story: Sequence[DeliveryEvent]) -> None:
    found = bot_event_ids(story)
    for event in story:
        event.is_bot = event.external_id in found
    seen = Counter((event.event_type, event.is_bot) for event in story)
    email.opens, email.machine_opens = (
        seen[DeliveryEventType.OPENED, False],
        seen[DeliveryEventType.OPENED, True],
    )
    email.clicks, email.machine_clicks = (
        seen[DeliveryEventType.CLICKED, False],
        seen[DeliveryEventType.CLICKED, True],
    )
