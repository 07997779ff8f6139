"""Merge fields of the emails that guests of an event get."""

from datetime import timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from portal.calendar_links import WebCalendarEntry, google, outlook
from portal.declarations.content_blocks import FactTable
from portal.declarations.field_makers import (
    link_field,
    quotation_field,
    text_field,
)
from portal.declarations.merge_fields import MergeContext, MergeField, MergeFieldType
from portal.events.seats.offer_times import offer_ends
from portal.i18n import mark
from portal.outreach.sequences.timing import TimeAhead
from portal.safe_text import safe_name
from tenants.clock import utc_now


class Noted(StrEnum):
    """What a receipt says; kept in emails."""

    MAYBE = "maybe"
    REQUESTED = "requested"
    REFUSED = "refused"
    LAPSED = "lapsed"


class OffReason(StrEnum):
    """Why somebody doesn't come after all, as they read it; kept in emails."""

    YOU_CANNOT = "you_cannot"
    EVENT_OFF = "event_off"
    REMOVED = "removed"
    GIVEN_AWAY = "given_away"
    SEAT_TAKEN_BACK = "seat_taken_back"


NOTED_HEADLINES = {
    Noted.MAYBE: mark("Noted: maybe for %(event)s"),
    Noted.REQUESTED: mark("We got your registration: %(event)s"),
    Noted.REFUSED: mark("No seat for you this time: %(event)s"),
    Noted.LAPSED: mark("The seat went to someone else: %(event)s"),
}
NOTED_TEXTS = {
    Noted.MAYBE: mark(
        "You said maybe. No seat is kept for you, and you can say yes as long as there are seats."
    ),
    Noted.REQUESTED: mark("Somebody looks at it, and you’ll hear from us by email."),
    Noted.REFUSED: mark("Thank you for your interest. We can’t offer you a seat at this event."),
    Noted.LAPSED: mark(
        "The time to take the seat ran out, so it went to the next person. You can still say yes until the start."
    ),
}
OFF_HEADLINES = {
    OffReason.YOU_CANNOT: mark("Noted: you can’t come to %(event)s"),
    OffReason.EVENT_OFF: mark("Canceled: %(event)s"),
    OffReason.REMOVED: mark("You’re no longer on the list: %(event)s"),
    OffReason.GIVEN_AWAY: mark("You gave your seat away: %(event)s"),
    OffReason.SEAT_TAKEN_BACK: mark("You’re on the wait list now: %(event)s"),
}
OFF_TEXTS = {
    OffReason.YOU_CANNOT: mark("Thank you for telling us. Your seat goes to somebody who waits for one."),
    OffReason.EVENT_OFF: mark("%(event)s on %(moment)s doesn’t take place. We’re sorry."),
    OffReason.REMOVED: mark(
        "You’re no longer on the guest list of %(event)s. Questions? Reply to this email."
    ),
    OffReason.GIVEN_AWAY: mark("%(colleague)s comes to %(event)s in your place and has been told."),
    OffReason.SEAT_TAKEN_BACK: mark(
        "There are fewer seats than planned, and yours is gone. You’re first on the wait list; as soon as a seat "
        "is free, it’s offered to you."
    ),
}
CALENDAR_CLEARED = mark("The attached file removes it from your calendar.")
REMINDERS = {
    TimeAhead.HOUR: mark("Starts soon: %(event)s"),
    TimeAhead.TODAY: mark("Today, %(clock)s: %(event)s"),
    TimeAhead.DAY: mark("Tomorrow, %(clock)s: %(event)s"),
    TimeAhead.LATER: mark("%(moment)s: %(event)s"),
}
MOVED, ANSWERS_STAY = mark("New: %(event)s is on %(moment)s now"), mark("Your answer stays as it is.")
ANSWER_AGAIN = mark("Please tell us once more whether you can come.")
BROUGHT = mark("%(host)s brings you along.")
A_GUEST = mark("A guest")


def noted_headline(context: MergeContext) -> str:
    return context.translate(NOTED_HEADLINES[_noted(context)], event=context["event"])


def noted_text(context: MergeContext) -> str:
    return context.translate(NOTED_TEXTS[_noted(context)])


def _noted(context: MergeContext) -> Noted:
    return Noted(context.get("noted") or Noted.MAYBE)


def off_headline(context: MergeContext) -> str:
    return context.translate(OFF_HEADLINES[_off(context)], event=context["event"])


def off_text(context: MergeContext) -> str:
    colleague = safe_name(str(context.get("colleague"))) or context.translate(mark("A colleague"))
    said = context.translate(
        OFF_TEXTS[_off(context)],
        event=context["event"],
        moment=context.moment(context["starts_at"]),
        colleague=colleague,
    )
    return f"{said} {context.translate(CALENDAR_CLEARED)}" if context.get("clears_calendar") else said


def _off(context: MergeContext) -> OffReason:
    return OffReason(context.get("off") or OffReason.EVENT_OFF)


def reminder_headline(context: MergeContext) -> str:
    sentence = REMINDERS[TimeAhead(context.get("ahead") or TimeAhead.DAY)]
    at = context["starts_at"]
    return context.translate(
        sentence, event=context["event"], moment=context.moment(at), clock=context.clock(at)
    )


def moved_headline(context: MergeContext) -> str:
    return context.translate(MOVED, event=context["event"], moment=context.moment(context["starts_at"]))


def what_now(context: MergeContext) -> str:
    return context.translate(ANSWER_AGAIN if context.get("asks_again") else ANSWERS_STAY)


def offer_end(context: MergeContext) -> str:
    """The time begins when a provider takes the email, so it is reckoned when it leaves."""
    zone = ZoneInfo(str(context.get("own_zone") or "UTC"))
    return context.moment(offer_ends(utc_now(), context["starts_at"], zone))


def facts(context: MergeContext) -> FactTable:
    return FactTable(
        (
            (context.translate(mark("When")), _times(context)),
            (context.translate(mark("Where")), context.get("place")),
        )
    )


def _times(context: MergeContext) -> str:
    starts_at, ends_at = context["starts_at"], context["ends_at"]
    begins = context.moment(starts_at)
    if ends_at - starts_at >= timedelta(days=1):
        return context.translate(mark("%(start)s to %(end)s"), start=begins, end=context.moment(ends_at))
    return context.translate(mark("%(start)s, until %(end)s"), start=begins, end=context.clock(ends_at))


def entry(context: MergeContext) -> WebCalendarEntry:
    where = context.link("join") if context.get("is_online") else context.get("place")
    title, starts_at, ends_at = context["event"], context["starts_at"], context["ends_at"]
    return WebCalendarEntry(title, starts_at, ends_at, where, context.link("page"))


def brought_by(context: MergeContext) -> str:
    host = context.get("brought_by")
    name = safe_name(str(host)) or context.translate(A_GUEST)
    return context.translate(BROUGHT, host=name) if host else ""


EVENT = text_field("event", mark("The title of the event"))
FACTS = MergeField("facts", mark("When it begins and ends, and where"), facts, MergeFieldType.BLOCK)
STARTS_AT = MergeField(
    "starts_at",
    mark("When it starts: Thu 21 Jan, 13:00 CET"),
    lambda context: context.moment(context["starts_at"]),
)
PAGE = link_field("page", mark("The guest’s own page, where they change their answer or cancel"))
JOIN = link_field("join", mark("Where the guest joins an event online"), optional=True)
TICKET = link_field("ticket", mark("The guest’s ticket"), optional=True)
CALENDAR = link_field("calendar", mark("The calendar file again"), optional=True)
GOOGLE = MergeField(
    "google_link",
    mark("The event for Google Calendar"),
    lambda context: google(entry(context)),
    MergeFieldType.LINK,
)
OUTLOOK = MergeField(
    "outlook_link",
    mark("The event for Outlook on the web"),
    lambda context: outlook(entry(context)),
    MergeFieldType.LINK,
)
COMMON = (EVENT, STARTS_AT, FACTS, PAGE)
CONFIRMED = (
    *COMMON,
    MergeField("brought_by", mark("Ada Lindqvist brings you along."), brought_by, optional=True),
    CALENDAR,
    GOOGLE,
    OUTLOOK,
    JOIN,
    TICKET,
)
REGISTRATION = (
    EVENT,
    STARTS_AT,
    FACTS,
    link_field("registration", mark("Where they confirm that the address is theirs")),
)
NOTED = (
    *COMMON,
    MergeField("headline", mark("Noted: maybe for our user day"), noted_headline),
    MergeField("what_next", mark("What their answer means, and what is next"), noted_text),
)
WAITLISTED = (*COMMON, text_field("number", mark("Their number on the wait list")))
OFFER = (*COMMON, MergeField("until", mark("Until when the seat is kept: Fri 22 Jan, 09:00 CET"), offer_end))
PLACE_OFFER = (*OFFER, text_field("session", mark("The session in which a place is free")))
CANCELLED = (
    EVENT,
    STARTS_AT,
    MergeField("headline", mark("Canceled: our user day"), off_headline),
    MergeField("what_is_off", mark("Why they don’t come, and what happens with their seat"), off_text),
    quotation_field("reason", mark("Why, in the words of the hosts")),
)
MOVED_FIELDS = (
    *CONFIRMED,
    MergeField("headline", mark("New: our user day is on Thu 21 Jan, 13:00 CET now"), moved_headline),
    MergeField("what_now", mark("Whether their answer stays, or they’re asked again"), what_now),
)
REMINDER = (
    *COMMON,
    MergeField("headline", mark("Tomorrow, 13:00: our user day"), reminder_headline),
    JOIN,
    TICKET,
)
AFTER = (
    *COMMON,
    link_field("feedback", mark("Where they say how it was"), optional=True),
)
