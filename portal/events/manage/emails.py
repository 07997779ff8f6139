"""What hosts write to their guests in their own words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from portal.declarations.content_blocks import Quotation
from portal.declarations.email_content import Recipient, SignedLink
from portal.declarations.email_kinds import EmailKind
from portal.declarations.field_makers import text_field
from portal.declarations.merge_fields import MergeField, MergeFieldType
from portal.declarations.sample_emails import SampleEmail
from portal.declarations.sending import OutgoingEmail, send_many
from portal.events import email_fields as fields
from portal.events.emails import EVENTS
from portal.events.guest_models import EventGuest
from portal.events.link_purposes import EventLinkPurpose
from portal.events.models import Event
from portal.i18n import mark
from tenants.models import Membership

SAMPLE = SampleEmail(
    fields.SAMPLE_EVENT
    | {
        "subject_line": "Where to find us on Tuesday",
        "words": "The entrance is on the river side. See you soon.",
    },
    fields.SAMPLE_LINKS,
)
MESSAGE = EmailKind(
    name="event_message",
    subject="{{subject_line}}",
    label=mark("Message to guests"),
    sent_when=mark("Sent when a manager writes to guests of an event."),
    group=EVENTS,
    fields=(
        text_field("subject_line", mark("What the manager wrote as the subject")),
        MergeField(
            "words",
            mark("What the manager wrote"),
            lambda context: Quotation(str(context["words"])),
            MergeFieldType.BLOCK,
        ),
        *fields.COMMON,
    ),
    sample=SAMPLE,
    is_time_sensitive=True,
)
KINDS = (MESSAGE,)


@dataclass(frozen=True)
class HostMessage:
    """`id`: of this one, so that sent twice it reaches nobody twice."""

    id: UUID
    subject_line: str
    words: str


def message_key(message: HostMessage, guest: EventGuest) -> str:
    return f"event_guest:{guest.id}:message:{message.id}"


def send_message(
    session: Session, event: Event, guests: Sequence[EventGuest], message: HostMessage, by: Membership
) -> None:
    """To guests who were read with their people."""
    emails = list(_emails(event, guests, message, by))
    if emails:
        send_many(session, MESSAGE, emails)


def _emails(
    event: Event, guests: Sequence[EventGuest], message: HostMessage, by: Membership
) -> Iterator[OutgoingEmail]:
    own = fields.of_event(event, by.name) | {"subject_line": message.subject_line, "words": message.words}
    for guest in guests:
        if guest.address:
            yield OutgoingEmail(
                to=recipient(guest, by),
                key=message_key(message, guest),
                about=(EventGuest.__tablename__, guest.id),
                fields=own,
                links={"event": SignedLink(EventLinkPurpose.GUEST, guest.id, guest.link_version)},
            )


def recipient(guest: EventGuest, by: Membership | None) -> Recipient:
    name = " ".join(guest.full_name.split())
    return Recipient(
        guest.address,
        "" if "@" in name else name,
        advocate_id=guest.advocate_id,
        time_zone=guest.time_zone,
        reply_to=by.email if by else "",
    )
