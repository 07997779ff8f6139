"""Fields of the letters about a call both sides agreed to."""

from portal.outreach import calendar_links
from portal.outreach.templates.blocks import Facts
from portal.outreach.templates.catalogue.asks import QUESTIONS
from portal.outreach.templates.catalogue.common import MINUTES, link, raw, said
from portal.outreach.templates.fields import Field, Known, Shape
from portal.regions import shown

SET = shown("Confirmed: %(moment)s with %(who)s")
MOVED = shown("New time: %(moment)s with %(who)s")
AHEAD = {
    "hour": shown("In an hour: your call with %(who)s"),
    "today": shown("Today, %(clock)s: your call with %(who)s"),
    "later": shown("%(moment)s: your call with %(who)s"),
}
TOMORROW = shown("Tomorrow, %(clock)s: your call with %(who)s")
OFF_AT, OFF = shown("Cancelled: %(moment)s with %(who)s"), shown("Cancelled: your call with %(who)s")
CLEARED = shown("The file with this email takes it out of your calendar.")
NOT_AT = shown("Your call with %(who)s on %(moment)s is off. If another time is needed, you’ll hear from us.")
NOT_AT_ALL = shown("Your call with %(who)s is off, so there is no time to pick any more.")
WHY_OFF = {  # the code that its writer gave, where a time was set
    "moving": shown(
        "%(who)s needs another time, so the call on %(moment)s is off. Other times follow by email."
    ),
    "you_moved": shown(
        "As you asked, your call with %(who)s on %(moment)s is off. We have asked them for other times and email you "
        "as soon as there are some."
    ),
    "times_sent": shown(
        "As you asked, your call with %(who)s on %(moment)s is off. They have your new times and pick one; you get a "
        "calendar file the moment they do."
    ),
    "you_cannot": shown(
        "Thank you for telling us. Your call with %(who)s on %(moment)s is off, and they know."
    ),
    "they_cannot": shown("%(who)s can’t make it after all, so your call on %(moment)s is off."),
}
NEVER_SET = {  # after `they_cannot`, by the reader's side
    "prospect": shown(
        "%(who)s can’t make it after all, so the call is off and there is no time to pick any more."
    ),
    "advocate": shown("%(who)s can’t make it after all, so the call is off."),
}
WHAT_NEXT = {  # after `they_cannot`, by the reader's side
    "prospect": shown("%(rep)s is looking for somebody else for you."),
    "advocate": shown("The times you kept free are yours again. Thank you for saying yes."),
}


def confirmed(known: Known) -> str:
    return _told(known, MOVED if known.get("moved") else SET)


def ahead(known: Known) -> str:
    return _told(known, AHEAD.get(known.get("ahead"), TOMORROW))


def how_soon(known: Known) -> str:
    in_an_hour, some_day = shown("It starts in an hour."), shown("Just a reminder.")
    return known.say(in_an_hour if known.get("ahead") == "hour" else some_day)


def off(known: Known) -> str:
    return _told(known, OFF_AT if known["starts_at"] else OFF)


def what_is_off(known: Known) -> str:
    was_set = bool(known["starts_at"])
    off = known.get("off")
    side = known.get("side") if off == "they_cannot" else ""
    said = [_told(known, WHY_OFF.get(off, NOT_AT) if was_set else NEVER_SET.get(side, NOT_AT_ALL))]
    if side in WHAT_NEXT:
        said.append(known.say(WHAT_NEXT[side], rep=known.get("rep") or known.workspace))
    return " ".join([*said, known.say(CLEARED)] if was_set else said)


def entry(known: Known) -> calendar_links.Entry:
    """What the file says, for calendars on the web."""
    title = f"{known['with_whom']} · {known.workspace}"
    return calendar_links.Entry(title, known["starts_at"], known["minutes"], known.get("dial_in"))


def on_google(known: Known) -> str:
    return calendar_links.google(entry(known)) if known.get("starts_at") else ""


def on_outlook(known: Known) -> str:
    return calendar_links.outlook(entry(known)) if known.get("starts_at") else ""


def facts(known: Known) -> Facts:
    return Facts(
        (
            (known.say(shown("When")), known.moment(known["starts_at"])),
            (known.say(shown("How long")), known.say(shown("%(minutes)s minutes"), minutes=known["minutes"])),
            (known.say(shown("With")), known["with_whom"]),
            (known.say(shown("Where")), known.get("dial_in")),
        )
    )


def _told(known: Known, sentence: str) -> str:
    at = known["starts_at"]
    return known.say(sentence, who=known["with_whom"], moment=known.moment(at), clock=known.clock(at))


WITH_WHOM = raw("with_whom", shown("Whom the reader talks to: a name and a company"))
STARTS_AT = Field(
    "starts_at",
    shown("When it begins: Tue 24 Nov, 15:00 CET"),
    lambda known: known.moment(known["starts_at"]),
    optional=True,
)
FACTS = Field("facts", shown("When, how long, with whom and where"), facts, Shape.BLOCK)
CALENDAR = link("calendar", shown("The calendar file once more"), optional=True)
GOOGLE = Field("google_link", shown("The call for Google Calendar"), on_google, Shape.LINK, optional=True)
OUTLOOK = Field(
    "outlook_link", shown("The call for Outlook on the web"), on_outlook, Shape.LINK, optional=True
)
CALL = link(
    "call", shown("The reader’s page of the call, where it can be moved or called off"), optional=True
)
REP = raw("rep", shown("The rep, who gets the reply to this email"), optional=True)
AGREED = (WITH_WHOM, STARTS_AT, MINUTES, FACTS, QUESTIONS, CALENDAR, GOOGLE, OUTLOOK, CALL, REP)

CONFIRMED = (
    Field("headline", shown("Confirmed: Tue 24 Nov, 15:00 CET with Tom Baker, Initech"), confirmed),
    *AGREED,
)
REMINDER = (
    Field("headline", shown("Tomorrow, 15:00 CET: your call with Tom Baker, Initech"), ahead),
    Field("how_soon", shown("It starts in an hour. (or a word about a later day)"), how_soon),
    *AGREED,
)
CANCELLED = (
    Field("headline", shown("Cancelled: Tue 24 Nov, 15:00 CET with Tom Baker, Initech"), off),
    Field("what_is_off", shown("Which call is off, why, and what happens next"), what_is_off),
    WITH_WHOM,
    STARTS_AT,
    said("reason", shown("Why, in somebody’s own words")),
)
AFTER_CALL = (
    WITH_WHOM,
    Field("on_day", shown("The day of the call: Tue 24 Nov"), lambda known: known.day(known["starts_at"])),
    link("after_call", shown("Where the reader says how it was")),
)
