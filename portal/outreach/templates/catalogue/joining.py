"""Fields of the letters around joining the programme."""

from portal.outreach.templates.blocks import Bullets, Facts
from portal.outreach.templates.catalogue.common import colleague, link, said
from portal.outreach.templates.fields import Field, Known, Shape
from portal.regions import shown

BARGAIN = (
    (shown("It costs"), shown("Two minutes to join, then only what you say yes to")),
    (shown("It brings"), shown("Peers in your field, and a say in what comes next")),
    (shown("You decide"), shown("What we may ask, how often, and when to stop")),
)


def bargain(known: Known) -> Facts:
    return Facts(tuple((known.say(label), known.say(words)) for label, words in BARGAIN))


def purposes(known: Known) -> Bullets:
    return Bullets(tuple(known.get("purposes", ())), known.say(shown("You agreed to:")))


def unseen(name: str, about: str, instead: str = "") -> Field:
    """What a stranger typed stands in no email before somebody of the workspace has approved them."""
    return Field(name, about, lambda known: known.say(instead) if instead else "", optional=not instead)


PURPOSES = Field(
    "purposes",
    shown("What the reader agreed to, as a list under its own line"),
    purposes,
    Shape.BLOCK,
    optional=True,
)
INVITATION = (
    said("note", shown("The inviter’s own words")),
    Field("facts", shown("What it costs, what it brings, and who decides"), bargain, Shape.BLOCK),
    link("invite", shown("Where the reader says yes or no")),
)
CONFIRMATION = (PURPOSES, link("join", shown("Where the reader confirms the address and joins")))
WHO_ENTERED_IT = colleague("by", shown("The colleague who entered the address"))
ADDRESS_CONFIRMATION = (
    WHO_ENTERED_IT,
    link("address", shown("Where the reader confirms the new address")),
)
ADDRESS_CHANGED = (WHO_ENTERED_IT,)
WELCOME = (PURPOSES, link("home", shown("The reader’s own page")))
PENDING_REVIEW = (
    unseen("person", shown("Somebody (the page has the name)"), shown("Somebody")),
    unseen("title", shown("Empty: the page has the title")),
    unseen("company", shown("An unknown company (the page has its name)"), shown("an unknown company")),
    unseen("email", shown("Their address (the page has it)"), shown("their address")),
    Field("facts", shown("Empty: the page has them"), lambda known: Facts(()), Shape.BLOCK, optional=True),
    link("person", shown("The page where a manager decides")),
)
