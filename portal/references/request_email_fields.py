"""Fields of the emails about a reference request: to the desk when it comes in, to its rep when it moves."""

from portal.declarations.content_blocks import FactTable, Quotation
from portal.declarations.field_makers import colleague_field, date_field, link_field, text_field
from portal.declarations.merge_fields import MergeContext, MergeField, MergeFieldType
from portal.i18n import mark
from portal.references import request_updates
from portal.references.email_fields import KIND, PROSPECT, capitalized_kind
from portal.safe_text import without_links


def facts(context: MergeContext) -> FactTable:
    return FactTable(
        (
            (context.translate(mark("What")), capitalized_kind(context)),
            (context.translate(mark("Needed by")), context.day(context["needed_by"])),
            (context.translate(mark("Product")), context["product"]),
            (context.translate(mark("Industry")), context["industry"]),
            (context.translate(mark("Region")), context["region"]),
            (context.translate(mark("Deal")), context.get("deal")),
        )
    )


def note(context: MergeContext) -> Quotation:
    """Quote a colleague's words as they are, those of anybody else without links."""
    words = context.get("note")
    return Quotation(words if context["news"] in request_updates.COLLEAGUE_NOTES else without_links(words))


REQUEST = link_field("request", mark("The page of the request"))
SUBMITTED = (
    colleague_field("rep", mark("Who asks for a reference")),
    PROSPECT,
    KIND,
    date_field("needed_by", mark("The day it’s needed by")),
    MergeField(
        "facts", mark("What, needed by, product, industry, region and deal"), facts, MergeFieldType.BLOCK
    ),
    REQUEST,
)
UPDATE = (
    MergeField(
        "news_subject",
        mark("What happened, in one line: A customer agreed to speak with Initech"),
        request_updates.subject,
    ),
    MergeField("news", mark("What happened, and what comes next"), request_updates.text),
    MergeField(
        "note",
        mark("A person’s own words: the message, the question, the reason"),
        note,
        MergeFieldType.BLOCK,
        optional=True,
    ),
    MergeField(
        "news_facts",
        mark("Prospect, customer and time; empty if the update isn’t about one customer"),
        request_updates.facts,
        MergeFieldType.BLOCK,
        optional=True,
    ),
    MergeField(
        "news_button",
        mark("The button text: Open the request, or: Answer"),
        request_updates.button,
    ),
    PROSPECT,
    text_field("number", mark("The number of the request"), optional=True),
    REQUEST,
)
