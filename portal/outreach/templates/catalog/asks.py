"""Fields of the emails that ask for help: the ask, and the reminder of it."""

from portal.outreach.templates.blocks import BulletList, FactTable
from portal.outreach.templates.catalog.ask_kinds import (
    KIND_DESCRIPTION,
    KIND_PHRASES,
    capitalized_kind,
    kind_name,
)
from portal.outreach.templates.catalog.common import MINUTES, PROSPECT, date_field, link_field
from portal.outreach.templates.merge_fields import MergeContext, MergeField, MergeFieldType
from portal.regions import mark

SUBJECTS = {
    "call": mark("Could you talk to %(prospect)s for %(minutes)s minutes?"),
    "site_visit": mark("Could %(prospect)s see how you do it?"),
    "written": mark("Could you write a few lines for %(prospect)s?"),
    "quote": mark("May %(prospect)s read a line of yours?"),
    "speaking": mark("Would you speak to %(prospect)s about what you did?"),
    "rfp": mark("Could you answer a few questions for %(prospect)s?"),
}
WHY_YOU = mark(
    "%(prospect)s is choosing, and would like to hear from somebody who has done it. Your story is the one that "
    "would help."
)


def question(known: MergeContext) -> str:
    return known.translate(SUBJECTS[known["kind"]], prospect=known["prospect"], minutes=known.get("minutes"))


def how_long(known: MergeContext) -> str:
    by_video, about = mark("%(minutes)s minutes by video"), mark("About %(minutes)s minutes")
    return known.translate(by_video if known["kind"] == "call" else about, minutes=known["minutes"])


def why_you(known: MergeContext) -> str:
    return str(known.get("why_you")) or known.translate(WHY_YOU, prospect=known["prospect"])


def questions(known: MergeContext) -> BulletList:
    """A prospect reads its own questions as its own."""
    theirs, own = mark("What they would like to know:"), mark("What you want to ask (we passed it on):")
    is_prospect = known.get("side") == "prospect"
    return BulletList(tuple(known.get("questions", ())), known.translate(own if is_prospect else theirs))


def facts(known: MergeContext) -> FactTable:
    return FactTable(
        (
            (known.translate(mark("What")), capitalized_kind(known)),
            (known.translate(mark("When")), _when(known)),
            (known.translate(mark("How long")), how_long(known)),
            (known.translate(mark("Answer by")), known.day(known["due_on"])),
            (known.translate(mark("Your name")), _name_rule(known)),
        )
    )


def agreed(known: MergeContext) -> str:
    part, on = known.translate(KIND_PHRASES[known["kind"]]), known.get("agreed_on", None)
    if not on:
        return known.translate(mark("You get this because you agreed to %(part)s."), part=part)
    sentence = mark("You get this because you agreed to %(part)s on %(day)s.")
    return known.translate(sentence, part=part, day=known.day_year(on))


def _when(known: MergeContext) -> str:
    first, last = known.get("earliest", None), known.get("latest", None)
    if not (first and last):
        return ""
    return known.translate(
        mark("%(first)s to %(last)s, you pick"), first=known.day(first), last=known.day(last)
    )


def _name_rule(known: MergeContext) -> str:
    return str(known.get("name_rule")) or known.translate(mark("Hidden until you say yes"))


QUESTIONS = MergeField(
    "questions",
    mark("What the prospect would like to know, as a list under its own line"),
    questions,
    MergeFieldType.BLOCK,
    optional=True,
)
ASK = (
    MergeField("question", mark("Could you talk to Initech for 20 minutes? (by the kind of ask)"), question),
    PROSPECT,
    MergeField("kind", KIND_DESCRIPTION, kind_name),
    MINUTES,
    MergeField("how_long", mark("20 minutes by video, or: About 60 minutes"), how_long),
    date_field("due_on", mark("The day an answer is wanted by")),
    MergeField("why_you", mark("Why this reader: what the manager wrote, else a general sentence"), why_you),
    QUESTIONS,
    MergeField(
        "facts", mark("What, when, how long, answer by, and who sees the name"), facts, MergeFieldType.BLOCK
    ),
    MergeField("agreed", mark("You get this because you agreed to a reference call on 14 Feb 2025."), agreed),
    link_field("answer", mark("Where the reader answers")),
)
