"""Fields of the emails around joining the program."""

from portal.declarations.content_blocks import BulletList, FactTable
from portal.declarations.field_makers import colleague_field, link_field, quotation_field
from portal.declarations.merge_fields import MergeContext, MergeField, MergeFieldType
from portal.i18n import mark

TERMS = (
    (mark("It takes"), mark("Two minutes to join, then only what you agree to")),
    (mark("You get"), mark("Contact with peers in your field, and a say in what comes next")),
    (mark("You decide"), mark("What we may ask, how often, and when to stop")),
)


def terms(context: MergeContext) -> FactTable:
    return FactTable(tuple((context.translate(label), context.translate(words)) for label, words in TERMS))


def purposes(context: MergeContext) -> BulletList:
    return BulletList(tuple(context.get("purposes", ())), context.translate(mark("You agreed to:")))


def hidden_field(name: str, about: str, instead: str = "") -> MergeField:
    return MergeField(
        name, about, lambda context: context.translate(instead) if instead else "", optional=not instead
    )


PURPOSES = MergeField(
    "purposes",
    mark("What the recipient agreed to, as a list with an introduction"),
    purposes,
    MergeFieldType.BLOCK,
    optional=True,
)
INVITATION_FIELDS = (
    quotation_field("note", mark("The inviter’s own words")),
    MergeField("facts", mark("What it costs, what it brings, and who decides"), terms, MergeFieldType.BLOCK),
    link_field("invite", mark("Where the recipient accepts or declines")),
)
CONFIRMATION_FIELDS = (
    PURPOSES,
    link_field("join", mark("Where the recipient confirms the address and joins")),
)
ENTERED_BY = colleague_field("by", mark("The colleague who entered the address"))
ADDRESS_CONFIRMATION = (
    ENTERED_BY,
    link_field("address", mark("Where the recipient confirms the new address")),
)
ADDRESS_CHANGED = (ENTERED_BY,)
WELCOME = (PURPOSES, link_field("home", mark("The recipient’s own page")))
PENDING_REVIEW = (
    hidden_field("person", mark("Someone (the page shows the name)"), mark("Someone")),
    hidden_field("title", mark("Empty: the page shows the title")),
    hidden_field("company", mark("An unknown company (the page shows its name)"), mark("an unknown company")),
    hidden_field("email", mark("Their address (the page shows it)"), mark("their address")),
    MergeField(
        "facts",
        mark("Empty: the page shows them"),
        lambda context: FactTable(()),
        MergeFieldType.BLOCK,
        optional=True,
    ),
    link_field("person", mark("The page where a manager decides")),
)
