"""Fields of the letters around an ask."""

from portal.outreach.templates.blocks import Bullets, Facts
from portal.outreach.templates.catalogue.common import link, raw
from portal.outreach.templates.fields import Field, Known, Shape
from portal.regions import shown

QUESTIONS = {
    "call": shown("Could you talk to %(prospect)s for %(minutes)s minutes?"),
    "site_visit": shown("Could %(prospect)s see how you do it?"),
    "written": shown("Could you write a few lines for %(prospect)s?"),
    "quote": shown("May %(prospect)s read a line of yours?"),
    "speaking": shown("Would you speak to %(prospect)s about what you did?"),
    "rfp": shown("Could you answer a few questions for %(prospect)s?"),
}
KINDS = {
    "call": shown("reference call"),
    "site_visit": shown("site visit"),
    "written": shown("written reference"),
    "quote": shown("quote or logo"),
    "speaking": shown("event speaker"),
    "rfp": shown("answer for a tender"),
}
PARTS = {
    "call": shown("a reference call"),
    "site_visit": shown("a site visit"),
    "written": shown("a written reference"),
    "quote": shown("a quote or your logo"),
    "speaking": shown("speaking at an event"),
    "rfp": shown("an answer for a tender"),
}
WHY_YOU = shown(
    "%(prospect)s is choosing, and would like to hear from somebody who has done it. Your story is the one that "
    "would help."
)


def question(known: Known) -> str:
    return known.say(QUESTIONS[known["kind"]], prospect=known["prospect"], minutes=known.get("minutes"))


def kind_of(known: Known) -> str:
    return known.say(KINDS[known["kind"]])


def how_long(known: Known) -> str:
    if known["kind"] == "call":
        return known.say(shown("%(minutes)s minutes by video"), minutes=known["minutes"])
    return known.say(shown("About %(minutes)s minutes"), minutes=known["minutes"])


def when(known: Known) -> str:
    first, last = known.get("earliest", None), known.get("latest", None)
    if not (first and last):
        return ""
    return known.say(shown("%(first)s to %(last)s, you pick"), first=known.day(first), last=known.day(last))


def questions(known: Known) -> Bullets:
    return Bullets(tuple(known.get("questions", ())), known.say(shown("What they would like to know:")))


def name_rule(known: Known) -> str:
    return str(known.get("name_rule")) or known.say(shown("Hidden until you say yes"))


def facts(known: Known) -> Facts:
    return Facts(
        (
            (known.say(shown("What")), _capital(kind_of(known))),
            (known.say(shown("When")), when(known)),
            (known.say(shown("How long")), how_long(known)),
            (known.say(shown("Answer by")), known.day(known["due_on"])),
            (known.say(shown("Your name")), name_rule(known)),
        )
    )


def agreed(known: Known) -> str:
    part, on = known.say(PARTS[known["kind"]]), known.get("agreed_on", None)
    if on:
        return known.say(
            shown("You get this because you agreed to %(part)s on %(day)s."),
            part=part,
            day=known.day_year(on),
        )
    return known.say(shown("You get this because you agreed to %(part)s."), part=part)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


PROSPECT = raw("prospect", shown("The company that would like to hear from the reader"))
KIND = Field("kind", shown("What is asked, such as: reference call"), kind_of)
ASK = (
    Field("question", shown("Could you talk to Initech for 20 minutes? (by the kind of ask)"), question),
    PROSPECT,
    KIND,
    raw("minutes", shown("How many minutes it takes")),
    Field("how_long", shown("20 minutes by video, or: About 60 minutes"), how_long),
    Field("due_on", shown("The day an answer is wanted by"), lambda known: known.day(known["due_on"])),
    Field(
        "why_you",
        shown("Why this reader: what the manager wrote, else a general sentence"),
        lambda known: str(known.get("why_you")) or known.say(WHY_YOU, prospect=known["prospect"]),
    ),
    Field(
        "questions",
        shown("What the prospect would like to know, as a list under its own line; left out when empty"),
        questions,
        Shape.BLOCK,
        optional=True,
    ),
    Field("facts", shown("What, when, how long, answer by, and who sees the name"), facts, Shape.BLOCK),
    Field("agreed", shown("You get this because you agreed to a reference call on 14 Feb 2025."), agreed),
    link("answer", shown("Where the reader answers")),
)
