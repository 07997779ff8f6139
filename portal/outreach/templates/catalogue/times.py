"""Fields of the letters about times for a call: pick one of these, offer others."""

from portal.outreach.templates.blocks import SignOff
from portal.outreach.templates.catalogue.common import (
    MINUTES,
    PROSPECT,
    SIGN_OFF,
    colleague,
    link,
    moments,
    raw,
    said,
    several,
)
from portal.outreach.templates.fields import Field, Known, Shape
from portal.regions import shown

TO_CHOOSE = several(
    "%(num)d time to choose from, %(minutes)s minutes.", "%(num)d times to choose from, %(minutes)s minutes."
)
FOUND_WHO = shown(
    "%(rep)s told us that you would like to hear from somebody who has done it. We found one: %(who)s. Here is "
    "when they have time for you."
)
FOUND = shown(
    "%(rep)s told us that you would like to hear from somebody who has done it. We found one, and here is when "
    "they have time for you."
)


def to_choose(known: Known) -> str:
    return known.count(*TO_CHOOSE, len(known["slots"]), minutes=known["minutes"])


def whom_we_found(known: Known) -> str:
    who = known.get("who")
    return known.say(FOUND_WHO if who else FOUND, rep=known.name("rep") or known.workspace, who=who)


def sign_off(known: Known) -> SignOff:
    """The prospect knows the rep."""
    name = known.name("from_name") or known.name("rep") or known.workspace
    return SignOff(name, known.get("from_title") or known.workspace)


SLOTS = (
    colleague("rep", shown("Who arranged the talk")),
    raw("who", shown("Whom we found: a name, a title and a company"), optional=True),
    PROSPECT,
    MINUTES,
    Field("to_choose", shown("3 times to choose from, 20 minutes."), to_choose),
    Field("whom_we_found", shown("Who told us of the reader, and whom we found"), whom_we_found),
    moments("slots", shown("The times to choose from, as a list")),
    link("slot", shown("Where the reader picks a time")),
    Field("sender_name", shown("Who signs the letter"), lambda known: sign_off(known).name),
    Field("sign_off", SIGN_OFF, sign_off, Shape.BLOCK),
)
NEW_TIMES = (
    PROSPECT,
    said("note", shown("What the other side wrote")),
    link("times", shown("Where the reader offers other times")),
)
