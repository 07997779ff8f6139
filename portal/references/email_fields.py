"""What several emails of the desk say: the kind of help, the prospect, its questions."""

from portal.advocates.ask_kinds import AskKind
from portal.declarations.content_blocks import BulletList
from portal.declarations.field_makers import text_field
from portal.declarations.merge_fields import MergeContext, MergeField, MergeFieldType
from portal.i18n import mark
from portal.references.models import Side


def kind_name(context: MergeContext) -> str:
    return context.translate(AskKind(context["kind"]).row.name)


def capitalized_kind(context: MergeContext) -> str:
    words = kind_name(context)
    return words[:1].upper() + words[1:]


def questions(context: MergeContext) -> BulletList:
    theirs, own = mark("What they’d like to know:"), mark("What you’d like to ask (we’ve passed it on):")
    is_prospect = context.get("side") == Side.PROSPECT
    return BulletList(tuple(context.get("questions", ())), context.translate(own if is_prospect else theirs))


PROSPECT = text_field("prospect", mark("The company that would like to hear from a customer"))
MINUTES = text_field("minutes", mark("How many minutes it takes"))
KIND = MergeField("kind", mark("What is asked for, such as: reference call"), kind_name)
QUESTIONS = MergeField(
    "questions",
    mark("What the prospect would like to know, as a list with an introduction"),
    questions,
    MergeFieldType.BLOCK,
    optional=True,
)
