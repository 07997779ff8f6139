"""What the invitation to an event may say: when, where, and where to answer."""

from datetime import date, timedelta
from typing import Any

from portal.declarations.content_blocks import FactTable
from portal.declarations.field_makers import date_field, link_field, text_field
from portal.declarations.merge_fields import MergeContext, MergeField, MergeFieldType
from portal.declarations.sample_emails import TUESDAY, SampleEmail, sample_link
from portal.events.link_purposes import EventLinkPurpose
from portal.events.models import Event
from portal.i18n import mark
from portal.links import LinkPurpose


def when(context: MergeContext) -> str:
    return context.moment(context["starts_at"])


def facts(context: MergeContext) -> FactTable:
    return FactTable(
        (
            (context.translate(mark("When")), context.moment(context["starts_at"])),
            (context.translate(mark("Until")), context.moment(context.get("ends_at", None))),
            (context.translate(mark("Where")), context.get("place")),
        )
    )


def answered(answer: str) -> Any:
    """The guest's page with an answer picked; it counts when it is sent there."""

    def link(context: MergeContext) -> str:
        page = context.link("event")
        return f"{page}?answer={answer}" if page else ""

    return link


TITLE = text_field("title", mark("The title of the event"))
WHEN = MergeField("when", mark("When it starts, on the reader’s clock"), when)
FACTS = MergeField("facts", mark("When, until when and where"), facts, MergeFieldType.BLOCK)
EVENT_LINK = link_field("event", mark("The guest’s own page: answer, change it, or cancel"))
ANSWER_LINK = link_field("answer", mark("Where the recipient answers"))
YES_LINK = MergeField(
    "yes_link", mark("The guest’s page with “yes” picked"), answered("yes"), MergeFieldType.LINK
)
MAYBE_LINK = MergeField(
    "maybe_link", mark("The guest’s page with “maybe” picked"), answered("maybe"), MergeFieldType.LINK
)
NO_LINK = MergeField(
    "no_link", mark("The guest’s page with “no” picked"), answered("no"), MergeFieldType.LINK
)
COMMON = (TITLE, WHEN, FACTS, EVENT_LINK)
INVITATION = (
    *COMMON,
    text_field("summary", mark("What the event is about"), optional=True),
    date_field("due_on", mark("The last day to answer")),
    ANSWER_LINK,
    *(YES_LINK, MAYBE_LINK, NO_LINK),
)

SAMPLE_EVENT: dict[str, Any] = {
    "title": "Roundtable: closing in three days",
    "starts_at": TUESDAY,
    "ends_at": TUESDAY + timedelta(hours=3),
    "place": "Haus am Ufer, Berlin",
    "from_name": "Dana Okafor",
}
SAMPLE_LINKS = sample_link("event", EventLinkPurpose.GUEST)


SAMPLE_INVITATION = SampleEmail(
    SAMPLE_EVENT
    | {
        "summary": "Three finance teams show how they got there from nine days.",
        "due_on": date(2026, 11, 20),
    },
    SAMPLE_LINKS | sample_link("answer", LinkPurpose.ANSWER),
)


def of_event(event: Event, by_name: str = "") -> dict[str, Any]:
    """What every email about it knows."""
    return {
        "title": event.title,
        "starts_at": event.starts_at,
        "ends_at": event.ends_at,
        "place": place_of(event),
        "from_name": by_name,
    }


def place_of(event: Event) -> str:
    return ", ".join(part for part in (event.venue, event.address) if part)
