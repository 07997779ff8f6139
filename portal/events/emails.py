"""The invitation to an event, and reminders to whoever is silent; what guests are told later is `guests/emails.py`."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from portal.asks.ask_many import ProposedAsk
from portal.asks.emails import recipient_of_many, sent_key
from portal.asks.models import Ask, AskKind, AskState
from portal.declarations.email_content import SignedLink
from portal.declarations.email_kinds import EmailClass, EmailGroup, EmailKind
from portal.declarations.link_phrases import LinkPhrase
from portal.declarations.reminders import ReminderSequence
from portal.declarations.sending import OutgoingEmail, send_many
from portal.events import email_fields as fields
from portal.events.models import Event
from portal.i18n import mark
from portal.links import LinkPurpose
from portal.outreach.sequences.default_sequences import ensure_default_sequence
from portal.outreach.sequences.start_many import NewRun, start_runs
from portal.outreach.sequences.timing import DAY
from portal.safe_markdown import plain_words
from tenants.clock import utc_now
from tenants.models import Membership

EVENTS = EmailGroup(mark("Events"), 35)
COME_TO_EVENT = LinkPhrase("come_to_event", mark("would you come to our event?"))
SILENT_REMINDERS = ReminderSequence(
    program="events",
    label=mark("Reminders of invitations"),
    description=mark("If an invitation goes unanswered, gentle reminders are sent. Any answer stops them."),
    delay_text=mark("%(time)s after the invitation"),
    minutes=(5 * DAY, 12 * DAY),
    max_emails=3,
    min_distance=DAY,
    max_distance=30 * DAY,
)


ALIKE: dict[str, Any] = {
    "group": EVENTS,
    "fields": fields.INVITATION,
    "required_links": ("answer_link",),
    "sample": fields.SAMPLE_INVITATION,
    "email_class": EmailClass.PROGRAM,
    "needs_open_ask": True,
    "is_time_sensitive": True,
}
INVITATION = EmailKind(
    name="event_invitation",
    label=mark("Invitation"),
    sent_when=mark("Sent when it’s someone’s turn to be invited to an event."),
    subject="{{title}}",
    asks_somebody=True,
    **ALIKE,
)
INVITATION_REMINDER = EmailKind(
    name="event_invitation_reminder",
    label=mark("Reminder of an invitation"),
    sent_when=mark("Sent when an invitation has gone unanswered for some days."),
    subject=mark("Just a reminder: {{title}}"),
    reminders=SILENT_REMINDERS,
    **ALIKE,
)
KINDS = (INVITATION, INVITATION_REMINDER)


def send_invitations(
    session: Session,
    event: Event,
    asked: Sequence[tuple[ProposedAsk, SignedLink]],
    by: Membership | None,
) -> None:
    """Each with the link of the guest's own page."""
    send_many(session, INVITATION, [_invitation(event, ask, page, by) for ask, page in asked])


def send_reminders_now(
    session: Session, event: Event, asked: Sequence[tuple[Ask, SignedLink]], by: Membership
) -> None:
    """By hand, once a day at most; those of the sequence go on by themselves."""
    today = f"{utc_now():%Y-%m-%d}"
    emails = [_invitation(event, ask, page, by) for ask, page in asked]
    send_many(
        session, INVITATION_REMINDER, [replace(one, key=f"{one.key}:reminded:{today}") for one in emails]
    )


def start_invitation_reminders(
    session: Session, event: Event, asked: Sequence[tuple[Ask, SignedLink]]
) -> None:
    """To whoever has not answered by then."""
    runs = [
        NewRun(_invitation(event, ask, page, ask.sent_by), ask.emailed_at or ask.sent_at or utc_now())
        for ask, page in asked
        if ask.state is AskState.SENT
    ]
    start_runs(session, ensure_default_sequence(session, SILENT_REMINDERS), runs)


def _invitation(
    event: Event, ask: ProposedAsk | Ask, page: SignedLink, by: Membership | None
) -> OutgoingEmail:
    own = {"due_on": ask.due_on, "summary": summary_of(event)}
    return OutgoingEmail(
        to=recipient_of_many(ask.advocate, by),
        key=sent_key(ask.id),
        about=(Ask.__tablename__, ask.id),
        fields=fields.of_event(event, by.name if by else "") | own,
        links={"answer": SignedLink(LinkPurpose.ANSWER, ask.id), "event": page},
        purpose=AskKind.EVENT.purpose.value,
    )


def summary_of(event: Event) -> str:
    """The first lines of what the page says, as plain text."""
    return " ".join(plain_words(event.description).split())[:200]
