"""Fields of the letters about a call both sides agreed to."""

from portal.outreach.templates.blocks import Facts
from portal.outreach.templates.catalogue.asks import QUESTIONS
from portal.outreach.templates.catalogue.common import MINUTES, link, raw, said
from portal.outreach.templates.fields import Field, Known, Shape
from portal.regions import shown

SET = shown("It is set: %(moment)s with %(who)s")
MOVED = shown("New time: %(moment)s with %(who)s")
AHEAD = {
    "hour": shown("In an hour: your talk with %(who)s"),
    "today": shown("Today, %(clock)s: your talk with %(who)s"),
    "later": shown("%(moment)s: your talk with %(who)s"),
}
TOMORROW = shown("Tomorrow, %(clock)s: your talk with %(who)s")
OFF_AT, OFF = shown("Cancelled: %(moment)s with %(who)s"), shown("Cancelled: your talk with %(who)s")
NOT_AT = shown(
    "Your talk with %(who)s on %(moment)s does not take place. The file with this letter takes it out of your "
    "calendar."
)
NOT_AT_ALL = shown("Your talk with %(who)s does not take place, so there is no time to pick any more.")


def confirmed(known: Known) -> str:
    return _told(known, MOVED if known.get("moved") else SET)


def ahead(known: Known) -> str:
    return _told(known, AHEAD.get(known.get("ahead"), TOMORROW))


def how_soon(known: Known) -> str:
    in_an_hour, some_day = shown("It starts in an hour."), shown("A short word so that it does not slip by.")
    return known.say(in_an_hour if known.get("ahead") == "hour" else some_day)


def off(known: Known) -> str:
    return _told(known, OFF_AT if known["starts_at"] else OFF)


def what_is_off(known: Known) -> str:
    return _told(known, NOT_AT if known["starts_at"] else NOT_AT_ALL)


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
AGREED = (WITH_WHOM, STARTS_AT, MINUTES, FACTS, QUESTIONS, CALENDAR)

CONFIRMED = (
    Field("headline", shown("It is set: Tue 24 Nov, 15:00 CET with Tom Baker, Initech"), confirmed),
    *AGREED,
)
REMINDER = (
    Field("headline", shown("Tomorrow, 15:00 CET: your talk with Tom Baker, Initech"), ahead),
    Field("how_soon", shown("It starts in an hour. (or a word about a later day)"), how_soon),
    *AGREED,
)
CANCELLED = (
    Field("headline", shown("Cancelled: Tue 24 Nov, 15:00 CET with Tom Baker, Initech"), off),
    Field("what_is_off", shown("Which talk does not take place"), what_is_off),
    WITH_WHOM,
    STARTS_AT,
    said("reason", shown("Why, in somebody’s own words")),
)
AFTER_CALL = (
    WITH_WHOM,
    Field("on_day", shown("The day of the talk: Tue 24 Nov"), lambda known: known.day(known["starts_at"])),
    link("after_call", shown("Where the reader says how it was")),
)
