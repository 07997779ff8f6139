"""Fields of the emails about a call both sides agreed to."""

from datetime import timedelta
from enum import StrEnum

from portal import calendar_links
from portal.declarations.content_blocks import FactTable
from portal.declarations.field_makers import link_field, quotation_field, text_field
from portal.declarations.merge_fields import MergeContext, MergeField, MergeFieldType
from portal.i18n import mark
from portal.outreach.sequences.timing import TimeAhead
from portal.references.email_fields import MINUTES, QUESTIONS
from portal.references.models import Side


class CancellationReason(StrEnum):
    """Why a call is off, as its reader is told; kept in emails."""

    BY_US = "by_us"
    MOVING = "moving"  # the other side needs another time
    YOU_MOVED = "you_moved"  # as the reader asked
    TIMES_SENT = "times_sent"  # … with times of the reader's
    YOU_CANNOT = "you_cannot"
    THEY_CANNOT = "they_cannot"


CALENDAR_CLEARED = mark("The attached file removes it from your calendar.")
CANCELLED_WITHOUT_TIME = mark("Your call with %(who)s is canceled, so you no longer need to pick a time.")
CANCELLATION_REASONS = {  # the code that its writer gave, where a time was set
    CancellationReason.BY_US: mark(
        "Your call with %(who)s on %(moment)s is canceled. If another time is needed, you’ll hear from us."
    ),
    CancellationReason.MOVING: mark(
        "%(who)s needs another time, so the call on %(moment)s is canceled. We’ll email you other times."
    ),
    CancellationReason.YOU_MOVED: mark(
        "As you asked, your call with %(who)s on %(moment)s is canceled. We’ve asked them for other times "
        "and will email you as soon as we have some."
    ),
    CancellationReason.TIMES_SENT: mark(
        "As you asked, your call with %(who)s on %(moment)s is canceled. They have your new times; you’ll "
        "get a calendar file as soon as they pick one."
    ),
    CancellationReason.YOU_CANNOT: mark(
        "Thank you for telling us. Your call with %(who)s on %(moment)s is canceled, and they know."
    ),
    CancellationReason.THEY_CANNOT: mark(
        "%(who)s can’t make it after all, so your call on %(moment)s is canceled."
    ),
}
CANCELLED_BEFORE_TIME = {  # after `they_cannot`, by the reader's side
    Side.PROSPECT: mark(
        "%(who)s can’t make it after all, so the call is canceled and you no longer need to pick a time."
    ),
    Side.ADVOCATE: mark("%(who)s can’t make it after all, so the call is canceled."),
}
CANCELLATION_NEXT = {  # after `they_cannot`, by the reader's side
    Side.PROSPECT: mark("%(rep)s is looking for someone else for you."),
    Side.ADVOCATE: mark("You no longer need to keep those times free. Thank you for saying yes."),
}


def ahead(context: MergeContext) -> TimeAhead:
    return TimeAhead(context.get("ahead") or TimeAhead.DAY)


def how_soon(context: MergeContext) -> str:
    in_an_hour, some_day = mark("It starts in an hour."), mark("Just a reminder.")
    return context.translate(in_an_hour if ahead(context) is TimeAhead.HOUR else some_day)


def cancellation_text(context: MergeContext) -> str:
    was_set = bool(context["starts_at"])
    off = CancellationReason(context.get("off") or CancellationReason.BY_US)
    reader = context.get("side") if off is CancellationReason.THEY_CANNOT else ""
    side = Side(reader) if reader else None
    said = [meeting_sentence(context, CANCELLATION_REASONS[off] if was_set else _before_time(side))]
    if side is not None:
        said.append(context.translate(CANCELLATION_NEXT[side], rep=context.get("rep") or context.workspace))
    return " ".join([*said, context.translate(CALENDAR_CLEARED)] if was_set else said)


def _before_time(side: Side | None) -> str:
    return CANCELLED_BEFORE_TIME[side] if side else CANCELLED_WITHOUT_TIME


def calendar_entry(context: MergeContext) -> calendar_links.WebCalendarEntry:
    title, starts_at = f"{context['with_whom']} · {context.workspace}", context["starts_at"]
    ends_at = starts_at + timedelta(minutes=context["minutes"])
    return calendar_links.WebCalendarEntry(title, starts_at, ends_at, context.get("dial_in"))


def google_calendar_link(context: MergeContext) -> str:
    return calendar_links.google(calendar_entry(context)) if context.get("starts_at") else ""


def outlook_calendar_link(context: MergeContext) -> str:
    return calendar_links.outlook(calendar_entry(context)) if context.get("starts_at") else ""


def facts(context: MergeContext) -> FactTable:
    return FactTable(
        (
            (context.translate(mark("When")), context.moment(context["starts_at"])),
            (
                context.translate(mark("How long")),
                context.translate(mark("%(minutes)s minutes"), minutes=context["minutes"]),
            ),
            (context.translate(mark("With")), context["with_whom"]),
            (context.translate(mark("Where")), context.get("dial_in")),
        )
    )


def meeting_sentence(context: MergeContext, sentence: str) -> str:
    at = context["starts_at"]
    return context.translate(
        sentence, who=context["with_whom"], moment=context.moment(at), clock=context.clock(at)
    )


WITH_WHOM = text_field("with_whom", mark("Who the recipient talks to: name and company"))
STARTS_AT = MergeField(
    "starts_at",
    mark("When it starts: Tue 24 Nov, 15:00 CET"),
    lambda context: context.moment(context["starts_at"]),
    optional=True,
)
FACTS = MergeField("facts", mark("When, how long, with whom and where"), facts, MergeFieldType.BLOCK)
CALENDAR = link_field("calendar", mark("The calendar file again"), optional=True)
GOOGLE = MergeField(
    "google_link",
    mark("The call for Google Calendar"),
    google_calendar_link,
    MergeFieldType.LINK,
    optional=True,
)
OUTLOOK = MergeField(
    "outlook_link",
    mark("The call for Outlook on the web"),
    outlook_calendar_link,
    MergeFieldType.LINK,
    optional=True,
)
CALL = link_field(
    "call", mark("The recipient’s page for the call, where they can move or cancel it"), optional=True
)
REP = text_field("rep", mark("The rep, who gets the reply to this email"), optional=True)
AGREED = (WITH_WHOM, STARTS_AT, MINUTES, FACTS, QUESTIONS, CALENDAR, GOOGLE, OUTLOOK, CALL, REP)

REMINDER = (
    MergeField("how_soon", mark("It starts in an hour. (or a word about a later day)"), how_soon),
    *AGREED,
)
CANCELLED = (
    MergeField("what_is_off", mark("Which call is canceled, why, and what happens next"), cancellation_text),
    WITH_WHOM,
    STARTS_AT,
    quotation_field("reason", mark("Why, in someone’s own words")),
)
AFTER_CALL = (
    WITH_WHOM,
    MergeField(
        "on_day", mark("The day of the call: Tue 24 Nov"), lambda context: context.day(context["starts_at"])
    ),
    link_field("after_call", mark("Where the recipient says how it went")),
)
