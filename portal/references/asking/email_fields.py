"""Fields of the emails that ask for help: the ask, and the reminder of it."""

from portal.advocates.ask_kinds import AskKind
from portal.declarations.content_blocks import FactTable
from portal.declarations.field_makers import date_field, link_field
from portal.declarations.merge_fields import MergeContext, MergeField, MergeFieldType
from portal.i18n import mark
from portal.references.email_fields import (
    KIND,
    MINUTES,
    PROSPECT,
    QUESTIONS,
    capitalized_kind,
)

WHY_YOU = mark(
    "%(prospect)s is making a decision and would like to hear from someone who has been through it. Your "
    "story would help."
)


def how_long(context: MergeContext) -> str:
    by_video, about = mark("%(minutes)s minutes by video"), mark("About %(minutes)s minutes")
    return context.translate(
        by_video if context["kind"] == AskKind.CALL else about, minutes=context["minutes"]
    )


def why_you(context: MergeContext) -> str:
    return str(context.get("why_you")) or context.translate(WHY_YOU, prospect=context["prospect"])


def facts(context: MergeContext) -> FactTable:
    return FactTable(
        (
            (context.translate(mark("What")), capitalized_kind(context)),
            (context.translate(mark("When")), _when(context)),
            (context.translate(mark("How long")), how_long(context)),
            (context.translate(mark("Answer by")), context.day(context["due_on"])),
            (context.translate(mark("Your name")), _name_rule(context)),
        )
    )


def agreed(context: MergeContext) -> str:
    part, on = context.translate(AskKind(context["kind"]).row.phrase), context.get("agreed_on", None)
    if not on:
        return context.translate(
            mark("You get this because you told us that we may ask you for %(part)s."), part=part
        )
    sentence = mark("You get this because you told us on %(day)s that we may ask you for %(part)s.")
    return context.translate(sentence, part=part, day=context.day_year(on))


def _when(context: MergeContext) -> str:
    first, last = context.get("earliest", None), context.get("latest", None)
    if not (first and last):
        return ""
    return context.translate(
        mark("%(first)s to %(last)s, you pick"), first=context.day(first), last=context.day(last)
    )


def _name_rule(context: MergeContext) -> str:
    return str(context.get("name_rule")) or context.translate(mark("Hidden until you say yes"))


ASK = (
    PROSPECT,
    KIND,
    MINUTES,
    MergeField("how_long", mark("20 minutes by video, or: About 60 minutes"), how_long),
    date_field("due_on", mark("The day to answer by")),
    MergeField(
        "why_you", mark("Why this recipient: the manager’s own words, or a general sentence"), why_you
    ),
    QUESTIONS,
    MergeField(
        "facts", mark("What, when, how long, answer by, and who sees the name"), facts, MergeFieldType.BLOCK
    ),
    MergeField(
        "agreed",
        mark("You get this because you told us on 14 Feb 2025 that we may ask you for reference calls."),
        agreed,
    ),
    link_field("answer", mark("Where the recipient answers")),
)
