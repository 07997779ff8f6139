"""Fields that every letter knows, and small makers for the others."""

from portal.outreach.templates.blocks import Bullets, Said, SignOff
from portal.outreach.templates.fields import Field, Known, Shape
from portal.regions import shown
from portal.safe_text import safe_company, without_links

HELLO, HELLO_NAME = shown("Hello,"), shown("Hello %(name)s,")
SIGN_OFF = shown("Who signs the letter, and their title under it")


def several(one: str, many: str) -> tuple[str, str]:
    """Marks a sentence about a number of things for translators; `known.count` says it."""
    return one, many


def greeting(known: Known) -> str:
    first = first_name(known)
    return known.say(HELLO_NAME, name=first) if first else known.say(HELLO)


def first_name(known: Known) -> str:
    return known.reader.partition(" ")[0]


def sign_off(known: Known) -> SignOff:
    return SignOff(known.name("from_name") or known.workspace, known.get("from_title"))


def raw(name: str, about: str, *, optional: bool = False) -> Field:
    """What the writer gave, as it is."""
    if optional:
        return Field(name, about, lambda known: str(known.get(name)), optional=True)
    return Field(name, about, lambda known: str(known[name]))


def colleague(name: str, about: str) -> Field:
    """Somebody of the workspace; where their name may not stand in an email, the workspace itself."""
    return Field(name, about, lambda known: known.name(name) or known.workspace)


def day(name: str, about: str) -> Field:
    return Field(name, about, lambda known: known.day(known[name]))


def moments(name: str, about: str, *, optional: bool = False) -> Field:
    """A list of times, in the reader's zone."""

    def of(known: Known) -> Bullets:
        times = known.get(name, ()) if optional else known[name]
        return Bullets(tuple(known.moment(at) for at in times))

    return Field(name, about, of, Shape.BLOCK, optional)


def said(name: str, about: str) -> Field:
    """A colleague's own words; nothing where nobody said any."""
    return Field(name, about, lambda known: Said(known.get(name)), Shape.BLOCK, optional=True)


def said_outside(name: str, about: str) -> Field:
    """The own words of somebody outside, without links."""
    return Field(name, about, lambda known: Said(without_links(known.get(name))), Shape.BLOCK, optional=True)


def link(name: str, about: str, *, optional: bool = False) -> Field:
    """`name` as the writer calls the link; the field is called <name>_link."""
    if optional:
        return Field(f"{name}_link", about, lambda known: known.link(name), Shape.LINK, optional=True)
    return Field(f"{name}_link", about, lambda known: known.must_link(name), Shape.LINK)


PROSPECT = raw("prospect", shown("The company that would like to hear from a customer"))
MINUTES = raw("minutes", shown("How many minutes it takes"))
COMMON = (
    Field("greeting", shown("Hello Ada, (or Hello, where no name is known)"), greeting),
    Field("first_name", shown("The reader’s first name"), first_name, optional=True),
    Field(
        "full_name",
        shown("The reader’s whole name"),
        lambda known: known.reader,
        optional=True,
    ),
    Field("workspace", shown("The name of this workspace"), lambda known: known.workspace),
    Field(
        "sender_name",
        shown("Who signs the letter"),
        lambda known: known.name("from_name") or known.workspace,
    ),
    Field("sign_off", SIGN_OFF, sign_off, Shape.BLOCK),
    link("preferences", shown("Where advocates choose what you may ask"), optional=True),
)
OWN_LETTER = (
    Field(
        "company",
        shown("The reader’s company"),
        lambda known: safe_company(str(known.get("company"))),
        optional=True,
    ),
)
