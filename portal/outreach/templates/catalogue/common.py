"""Fields that every letter knows, and small makers for the others."""

from portal.outreach.templates.blocks import SignOff
from portal.outreach.templates.fields import Field, Known, Shape
from portal.regions import shown

HELLO, HELLO_NAME = shown("Hello,"), shown("Hello %(name)s,")


def greeting(known: Known) -> str:
    first = first_name(known)
    return known.say(HELLO_NAME, name=first) if first else known.say(HELLO)


def first_name(known: Known) -> str:
    return str(known.letter.recipient_name).partition(" ")[0]


def sign_off(known: Known) -> SignOff:
    return SignOff(known.get("from_name") or known.workspace, known.get("from_title"))


def raw(name: str, about: str, *, optional: bool = False) -> Field:
    """What the writer gave, as it is."""
    if optional:
        return Field(name, about, lambda known: str(known.get(name)), optional=True)
    return Field(name, about, lambda known: str(known[name]))


def link(name: str, about: str, *, optional: bool = False) -> Field:
    """`name` as the writer calls the link; the field is called <name>_link."""
    if optional:
        return Field(f"{name}_link", about, lambda known: known.link(name), Shape.LINK, optional=True)
    return Field(f"{name}_link", about, lambda known: known.must_link(name), Shape.LINK)


COMMON = (
    Field("greeting", shown("Hello Ada, (or Hello, where no name is known)"), greeting),
    Field("first_name", shown("The reader's first name"), first_name, optional=True),
    Field(
        "full_name",
        shown("The reader's whole name"),
        lambda known: known.letter.recipient_name,
        optional=True,
    ),
    Field("workspace", shown("The name of this workspace"), lambda known: known.workspace),
    Field(
        "sender_name",
        shown("Who signs the letter"),
        lambda known: str(known.get("from_name") or known.workspace),
    ),
    Field("sign_off", shown("Who signs the letter, and their title under it"), sign_off, Shape.BLOCK),
    link("preferences", shown("Where advocates choose what you may ask"), optional=True),
)
NEW_LINK = (
    raw("what", shown("What the link leads to, such as: your call with Initech")),
    link("page", shown("The same place as the old link")),
)
OWN_LETTER = (raw("company", shown("The reader’s company"), optional=True),)
