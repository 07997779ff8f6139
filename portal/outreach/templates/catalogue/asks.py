"""Fields of the letters that ask for help: the ask, and the reminder of it."""

from portal.outreach.templates.blocks import Bullets, Facts
from portal.outreach.templates.catalogue.common import MINUTES, PROSPECT, day, link
from portal.outreach.templates.catalogue.help import KIND, PARTS, heading, kind_of
from portal.outreach.templates.fields import Field, Known, Shape
from portal.regions import shown

SUBJECTS = {
    "call": shown("Could you talk to %(prospect)s for %(minutes)s minutes?"),
    "site_visit": shown("Could %(prospect)s see how you do it?"),
    "written": shown("Could you write a few lines for %(prospect)s?"),
    "quote": shown("May %(prospect)s read a line of yours?"),
    "speaking": shown("Would you speak to %(prospect)s about what you did?"),
    "rfp": shown("Could you answer a few questions for %(prospect)s?"),
}
WHY_YOU = shown(
    "%(prospect)s is choosing, and would like to hear from somebody who has done it. Your story is the one that "
    "would help."
)


def question(known: Known) -> str:
    return known.say(SUBJECTS[known["kind"]], prospect=known["prospect"], minutes=known.get("minutes"))


def how_long(known: Known) -> str:
    by_video, about = shown("%(minutes)s minutes by video"), shown("About %(minutes)s minutes")
    return known.say(by_video if known["kind"] == "call" else about, minutes=known["minutes"])


def why_you(known: Known) -> str:
    return str(known.get("why_you")) or known.say(WHY_YOU, prospect=known["prospect"])


def questions(known: Known) -> Bullets:
    """A prospect reads its own questions as its own."""
    theirs, own = shown("What they would like to know:"), shown("What you want to ask (we passed it on):")
    is_prospect = known.get("side") == "prospect"
    return Bullets(tuple(known.get("questions", ())), known.say(own if is_prospect else theirs))


def facts(known: Known) -> Facts:
    return Facts(
        (
            (known.say(shown("What")), heading(known)),
            (known.say(shown("When")), _when(known)),
            (known.say(shown("How long")), how_long(known)),
            (known.say(shown("Answer by")), known.day(known["due_on"])),
            (known.say(shown("Your name")), _name_rule(known)),
        )
    )


def agreed(known: Known) -> str:
    part, on = known.say(PARTS[known["kind"]]), known.get("agreed_on", None)
    if not on:
        return known.say(shown("You get this because you agreed to %(part)s."), part=part)
    sentence = shown("You get this because you agreed to %(part)s on %(day)s.")
    return known.say(sentence, part=part, day=known.day_year(on))


def _when(known: Known) -> str:
    first, last = known.get("earliest", None), known.get("latest", None)
    if not (first and last):
        return ""
    return known.say(shown("%(first)s to %(last)s, you pick"), first=known.day(first), last=known.day(last))


def _name_rule(known: Known) -> str:
    return str(known.get("name_rule")) or known.say(shown("Hidden until you say yes"))


QUESTIONS = Field(
    "questions",
    shown("What the prospect would like to know, as a list under its own line"),
    questions,
    Shape.BLOCK,
    optional=True,
)
ASK = (
    Field("question", shown("Could you talk to Initech for 20 minutes? (by the kind of ask)"), question),
    PROSPECT,
    Field("kind", KIND, kind_of),
    MINUTES,
    Field("how_long", shown("20 minutes by video, or: About 60 minutes"), how_long),
    day("due_on", shown("The day an answer is wanted by")),
    Field("why_you", shown("Why this reader: what the manager wrote, else a general sentence"), why_you),
    QUESTIONS,
    Field("facts", shown("What, when, how long, answer by, and who sees the name"), facts, Shape.BLOCK),
    Field("agreed", shown("You get this because you agreed to a reference call on 14 Feb 2025."), agreed),
    link("answer", shown("Where the reader answers")),
)
