"""Fields of the emails that follow an answer: the receipt, a word when help is not needed, the thanks."""

from portal.declarations.field_makers import link_field, quotation_field, times_field
from portal.declarations.merge_fields import MergeContext, MergeField
from portal.i18n import mark
from portal.references.email_fields import KIND, PROSPECT, kind_name
from portal.references.models import DealOutcome

PROSPECT_PICKS = mark(
    "That helps a lot. %(prospect)s will now pick one of your times, and you’ll get a calendar file as "
    "soon as they do."
)
WE_TAKE_OVER = mark("That helps a lot. We’ll take it from here and let you know how it goes.")
DECLINED = mark(
    "Thank you for telling us. Nobody at %(prospect)s will know, and we won’t ask again for a while."
)
THANKS = {
    DealOutcome.WON: mark(
        "%(prospect)s chose %(workspace)s, and your %(kind)s was part of the reason. Thank you."
    ),
    DealOutcome.LOST: mark(
        "In the end, %(prospect)s chose another vendor. Your %(kind)s still helped them decide. Thank you."
    ),
    DealOutcome.OPEN: mark(
        "%(prospect)s is still deciding, and your %(kind)s is helping them do it. Thank you."
    ),
}


def next_step(context: MergeContext) -> str:
    return context.translate(
        mark("What happens next.") if context["accepted"] else mark("Nothing more to do.")
    )


def what_follows(context: MergeContext) -> str:
    if not context["accepted"]:
        return context.translate(DECLINED, prospect=context["prospect"])
    return context.translate(
        PROSPECT_PICKS if context.get("slots") else WE_TAKE_OVER, prospect=context["prospect"]
    )


def does_not_count(context: MergeContext) -> str:
    return "" if context.get("answered") else context.translate(mark("It doesn’t count toward your limits."))


def thanks(context: MergeContext) -> str:
    sentence = THANKS[DealOutcome(context["outcome"] or DealOutcome.OPEN)]
    return context.translate(
        sentence, prospect=context["prospect"], kind=kind_name(context), workspace=context.workspace
    )


RECEIPT = (
    MergeField("in_short", mark("What happens next. (or: Nothing more to do.)"), next_step),
    MergeField("what_follows", mark("What happens now, by the answer"), what_follows),
    times_field("slots", mark("The times the recipient offered, as a list"), optional=True),
    PROSPECT,
    KIND,
    link_field("answer", mark("The page with the recipient’s answer"), optional=True),
)
WITHDRAWN = (
    PROSPECT,
    KIND,
    quotation_field("reason", mark("Why, in the manager’s own words")),
    MergeField(
        "does_not_count",
        mark("It doesn’t count toward your limits. (empty if the recipient had answered)"),
        does_not_count,
        optional=True,
    ),
)
THANKS_OUTCOME = (
    MergeField("thanks", mark("The outcome, and thank you"), thanks),
    PROSPECT,
    KIND,
    quotation_field("note", mark("A message from the rep")),
    link_field("impact", mark("The page with everything the recipient made possible"), optional=True),
)
