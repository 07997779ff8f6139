"""Fields of the letters around joining the programme."""

from portal.outreach.templates.blocks import Bullets, Facts
from portal.outreach.templates.catalogue.common import link, raw, said
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


def person(known: Known) -> Facts:
    return Facts(
        (
            (known.say(shown("Name")), known["person"]),
            (known.say(shown("Title")), known.get("title")),
            (known.say(shown("Company")), known["company"]),
            (known.say(shown("Address")), known["email"]),
        )
    )


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
WHO_ENTERED_IT = raw("by", shown("The colleague who entered the address"))
ADDRESS_CONFIRMATION = (
    raw("former", shown("The address that was used so far")),
    WHO_ENTERED_IT,
    link("address", shown("Where the reader confirms the new address")),
)
ADDRESS_CHANGED = (raw("new", shown("The address that is used from now on")), WHO_ENTERED_IT)
WELCOME = (PURPOSES, link("home", shown("The reader’s own page")))
PENDING_REVIEW = (
    raw("person", shown("Who would like to join")),
    raw("title", shown("Their title"), optional=True),
    raw("company", shown("Their company")),
    raw("email", shown("Their address")),
    Field("facts", shown("Name, title, company and address"), person, Shape.BLOCK),
    link("person", shown("The page where a manager decides")),
)
