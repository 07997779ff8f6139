"""What an event does to an email: states only move forward, so neither repeats nor disorder change the result.

Any event proves that the provider took the email, so it never leaves a second time. A dropped email is one
that failed and had an event; one that failed here had none, and any event corrects it.
"""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from portal.lifecycle import move
from portal.outreach.delivery_events.models import DeliveryEventType
from portal.outreach.delivery_events.parsing import ParsedEvent
from portal.outreach.lifecycles import REPORTS, REPORTS_AFTER_DROP
from portal.outreach.models import LIFECYCLE, Email, EmailMove, EmailState
from portal.outreach.status_codes import EmailStatus, StatusCode

REPORT_OF_EVENT = {
    DeliveryEventType.DROPPED: EmailMove.REPORT_DROPPED,
    DeliveryEventType.DELIVERED: EmailMove.REPORT_DELIVERED,
    DeliveryEventType.BOUNCED: EmailMove.REPORT_BOUNCED,
    DeliveryEventType.BLOCKED: EmailMove.REPORT_BOUNCED,
    DeliveryEventType.COMPLAINED: EmailMove.REPORT_COMPLAINED,
}  # the others say no more than that the provider has it
STATUS_OF_EVENT = {
    DeliveryEventType.DROPPED: StatusCode.DROPPED,
    DeliveryEventType.BOUNCED: StatusCode.NO_SUCH_MAILBOX,
    DeliveryEventType.BLOCKED: StatusCode.TURNED_AWAY,
    DeliveryEventType.COMPLAINED: StatusCode.MARKED_AS_SPAM,
}
WITHOUT_REASON = frozenset({StatusCode.NONE, StatusCode.MARKED_AS_SPAM})


def is_first_proof_of_acceptance(email: Email) -> bool:
    """Tell whether no event has proved yet that the provider took it. Call this before `advance`."""
    return EmailMove.REPORT_ACCEPTED in _possible_reports(email)


def advance(session: Session, email: Email, events: Sequence[ParsedEvent]) -> None:
    possible, highest = _possible_reports(email), max(events, key=_rank)
    email.first_event_at = email.first_event_at or min(event.received_at for event in events)
    if (step := _report(highest)) in possible:
        left_at = email.sent_at or min(min(event.at, event.received_at) for event in events)
        move(session, email, step, columns={"sent_at": left_at, **_status(highest).columns})


def _possible_reports(email: Email) -> list[EmailMove]:
    dropped = email.state is EmailState.FAILED and email.first_event_at is not None
    news = REPORTS_AFTER_DROP if dropped else REPORTS
    return [step for step in LIFECYCLE.moves_from(email.state) if step in news]


def _report(event: ParsedEvent) -> EmailMove:
    return REPORT_OF_EVENT.get(event.event_type, EmailMove.REPORT_ACCEPTED)


def _rank(event: ParsedEvent) -> int:
    return REPORTS.index(_report(event))


def _status(event: ParsedEvent) -> EmailStatus:
    code = STATUS_OF_EVENT.get(event.event_type, StatusCode.NONE)
    return EmailStatus(code, {} if code in WITHOUT_REASON else {"reason": event.provider_reason})
