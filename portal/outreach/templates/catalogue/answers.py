"""Fields of the letters that follow an answer: the receipt, a word when help is not needed, the thanks."""

from portal.outreach.templates.catalogue.common import PROSPECT, link, moments, said
from portal.outreach.templates.catalogue.help import KIND, kind_of
from portal.outreach.templates.fields import Field, Known
from portal.regions import shown

YES, NO = shown("Thank you for saying yes to %(prospect)s"), shown("Noted: not this time for %(prospect)s")
PICKS = shown(
    "That helps a lot. %(prospect)s now picks one of your times, and you get a calendar file the moment they do."
)
TAKES_IT = shown("That helps a lot. We take it from here and tell you what it leads to.")
IN_PEACE = shown(
    "Thank you for telling us. Nobody at %(prospect)s hears of it, and we leave you in peace for a while."
)
WON, CAME_OF_IT = (
    shown("You helped: %(prospect)s chose %(workspace)s"),
    shown("What came of your help for %(prospect)s"),
)
THANKS = {
    "won": shown("%(prospect)s decided for %(workspace)s, and your %(kind)s was part of why. Thank you."),
    "lost": shown(
        "%(prospect)s went another way in the end. That had nothing to do with your %(kind)s, which they were "
        "glad of. Thank you."
    ),
}
STILL_OPEN = shown("%(prospect)s is still deciding, and your %(kind)s is part of what they weigh. Thank you.")


def receipt(known: Known) -> str:
    return known.say(YES if known["accepted"] else NO, prospect=known["prospect"])


def in_short(known: Known) -> str:
    return known.say(shown("What happens next.") if known["accepted"] else shown("Nothing more to do."))


def what_follows(known: Known) -> str:
    if not known["accepted"]:
        return known.say(IN_PEACE, prospect=known["prospect"])
    return known.say(PICKS if known.get("slots") else TAKES_IT, prospect=known["prospect"])


def does_not_count(known: Known) -> str:
    return "" if known.get("answered") else known.say(shown("It does not count towards your limits."))


def headline(known: Known) -> str:
    sentence = WON if known["outcome"] == "won" else CAME_OF_IT
    return known.say(sentence, prospect=known["prospect"], workspace=known.workspace)


def thanks(known: Known) -> str:
    sentence = THANKS.get(known["outcome"], STILL_OPEN)
    return known.say(sentence, prospect=known["prospect"], kind=kind_of(known), workspace=known.workspace)


RECEIPT = (
    Field(
        "receipt", shown("Thank you for saying yes to Initech, or: Noted: not this time for Initech"), receipt
    ),
    Field("in_short", shown("What happens next. (or: Nothing more to do.)"), in_short),
    Field("what_follows", shown("What happens now, by the answer"), what_follows),
    moments("slots", shown("The times the reader offered, as a list"), optional=True),
    PROSPECT,
    Field("kind", KIND, kind_of),
    link("answer", shown("The page with the reader’s answer"), optional=True),
)
WITHDRAWN = (
    PROSPECT,
    Field("kind", KIND, kind_of),
    said("reason", shown("Why, in the manager’s own words")),
    Field(
        "does_not_count",
        shown("It does not count towards your limits. (empty once the reader had answered)"),
        does_not_count,
        optional=True,
    ),
)
THANKS_OUTCOME = (
    Field("headline", shown("You helped: Initech chose Ledgerworks (by the outcome)"), headline),
    Field("thanks", shown("What came of it, and thank you"), thanks),
    PROSPECT,
    Field("kind", KIND, kind_of),
    said("note", shown("A line of the rep’s own")),
    link("impact", shown("The page with all the reader made possible"), optional=True),
)
