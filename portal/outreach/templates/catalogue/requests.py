"""Fields of the letters about a reference request: to the desk when it comes in, to its rep when it moves."""

from portal.outreach.templates.blocks import Facts, Said
from portal.outreach.templates.catalogue import news
from portal.outreach.templates.catalogue.common import PROSPECT, colleague, day, link, raw
from portal.outreach.templates.catalogue.help import KIND, heading, kind_of
from portal.outreach.templates.fields import Field, Known, Shape
from portal.regions import shown
from portal.safe_text import without_links


def facts(known: Known) -> Facts:
    return Facts(
        (
            (known.say(shown("What")), heading(known)),
            (known.say(shown("Needed by")), known.day(known["needed_by"])),
            (known.say(shown("Product")), known["product"]),
            (known.say(shown("Industry")), known["industry"]),
            (known.say(shown("Region")), known["region"]),
            (known.say(shown("Deal")), known.get("deal")),
        )
    )


def note(known: Known) -> Said:
    """A colleague's words as they are; those of anybody else, such as a side of the call, without links."""
    words = known.get("note")
    return Said(words if known["news"] in news.BY_A_COLLEAGUE else without_links(words))


REQUEST = link("request", shown("The page of the request"))
SUBMITTED = (
    colleague("rep", shown("Who asks for a reference")),
    PROSPECT,
    Field("kind", KIND, kind_of),
    day("needed_by", shown("The day it is needed by")),
    Field("facts", shown("What, needed by, product, industry, region and deal"), facts, Shape.BLOCK),
    REQUEST,
)
UPDATE = (
    Field("news_subject", shown("What happened, in a line: A customer said yes to Initech"), news.subject),
    Field("news", shown("What happened, and what comes next"), news.words),
    Field(
        "note",
        shown("Somebody’s own words: the message, the question, the reason"),
        note,
        Shape.BLOCK,
        optional=True,
    ),
    Field(
        "news_facts",
        shown("Prospect, customer and when; empty where the news is not about one customer"),
        news.facts,
        Shape.BLOCK,
        optional=True,
    ),
    Field(
        "news_button", shown("What the reader does on the page: Open the request, or: Answer"), news.button
    ),
    PROSPECT,
    raw("number", shown("The number of the request"), optional=True),
    REQUEST,
)
