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
    said_outside,
    several,
)
from portal.outreach.templates.fields import Field, Known, Shape
from portal.regions import shown

TO_CHOOSE = several(
    "%(num)d time to choose from, %(minutes)s minutes.", "%(num)d times to choose from, %(minutes)s minutes."
)
FOUND_WHO = shown(
    "%(rep)s told us that you would like to hear from somebody who has done it. %(who)s can talk at these times."
)
FOUND = shown(
    "%(rep)s told us that you would like to hear from somebody who has done it. We found one, who can talk at these "
    "times."
)
OTHERS = shown("%(who)s offers you these other times.")
MOVED = shown(
    "%(who)s can’t make %(moment)s after all and offers you other times. The file with this email takes the first one "
    "out of your calendar."
)
NONE_WORKED = shown("The times you offered %(prospect)s don’t work after all. Could you offer a few others?")
MOVE_YOURS = shown(
    "Your call with %(prospect)s on %(moment)s has to move. Could you offer a few other times? If it was still ahead, "
    "the file with this email takes it out of your calendar."
)

STILL_NONE = shown(
    "A few days ago we asked you for other times for your call with %(prospect)s. They would still like to talk to "
    "you: could you offer a few?"
)


def to_choose(known: Known) -> str:
    return known.count(*TO_CHOOSE, len(known["slots"]), minutes=known["minutes"])


def whom_we_found(known: Known) -> str:
    who, moved_from = known.get("who"), known.get("moved_from", None)
    if moved_from:
        return known.say(MOVED, who=who or known.workspace, moment=known.moment(moved_from))
    if known.get("are_others"):
        return known.say(OTHERS, who=who or known.workspace)
    return known.say(FOUND_WHO if who else FOUND, rep=known.name("rep") or known.workspace, who=who)


def why_others(known: Known) -> str:
    moved_from = known.get("moved_from", None)
    sentence = STILL_NONE if known.get("again") else MOVE_YOURS if moved_from else NONE_WORKED
    return known.say(sentence, prospect=known["prospect"], moment=known.moment(moved_from))


def sign_off(known: Known) -> SignOff:
    """The prospect knows the rep."""
    name = known.name("from_name") or known.name("rep") or known.workspace
    return SignOff(name, known.get("from_title") or known.workspace)


SLOTS = (
    colleague("rep", shown("Who arranged the call")),
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
    Field(
        "why_others", shown("Why other times are wanted: none worked, or the call has to move"), why_others
    ),
    said_outside("note", shown("What the other side wrote")),
    link("times", shown("Where the reader offers other times")),
)
