"""Fields of the letters that let people in."""

from portal.outreach.templates.blocks import Code, Facts
from portal.outreach.templates.catalogue.common import colleague, link, raw
from portal.outreach.templates.fields import Field, Known, Shape
from portal.regions import shown


def code(known: Known) -> Code:
    return Code(known.code("sign_in"))


def roles(known: Known) -> str:
    return ", ".join(known["roles"])


def facts(known: Known) -> Facts:
    return Facts(
        ((known.say(shown("Workspace")), known.workspace), (known.say(shown("Your role")), roles(known)))
    )


SIGN_IN = (
    Field("code", shown("What the reader types on another device"), code, Shape.BLOCK),
    link("sign_in", shown("Signs the reader in, once")),
)
INVITATION = (
    colleague("invited_by", shown("Who invites")),
    Field("roles", shown("What the reader will be, such as: Sales rep, Programme manager"), roles),
    Field("facts", shown("The workspace and the reader’s role"), facts, Shape.BLOCK),
    link("member", shown("Where the reader accepts")),
)
NEW_LINK = (
    raw("what", shown("What the link leads to, such as: your call with Initech")),
    link("page", shown("The same place as the old link")),
)
