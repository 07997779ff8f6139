"""Fields of the emails about times for a call: pick one of these, offer others."""

from portal.declarations.content_blocks import SignatureBlock
from portal.declarations.field_makers import (
    SIGN_OFF,
    colleague_field,
    external_quotation_field,
    link_field,
    text_field,
    times_field,
)
from portal.declarations.merge_fields import MergeContext, MergeField, MergeFieldType
from portal.i18n import mark, mark_plural
from portal.references.email_fields import MINUTES, PROSPECT

TO_CHOOSE = mark_plural(
    "%(num)d time to choose from, %(minutes)s minutes.", "%(num)d times to choose from, %(minutes)s minutes."
)
FOUND_WHO = mark(
    "%(rep)s told us that you’d like to hear from someone who has been through it. %(who)s can talk at "
    "these times."
)
FOUND = mark(
    "%(rep)s told us that you’d like to hear from someone who has been through it. We found someone who "
    "can talk at these times."
)
OTHER_TIMES = mark("%(who)s can also talk at these times.")
TIME_MOVED = mark(
    "%(who)s can’t make %(moment)s after all and suggests other times. The attached file removes the old "
    "time from your calendar."
)
NONE_WORKED = mark("The times you offered %(prospect)s don’t work after all. Could you offer a few others?")
MOVE_ADVOCATE = mark(
    "Your call with %(prospect)s on %(moment)s needs another time. Could you offer a few? If it hasn’t "
    "passed yet, the attached file removes the old time from your calendar."
)

STILL_NONE = mark(
    "A few days ago we asked you for other times for your call with %(prospect)s. They’d still like to "
    "talk to you: could you offer a few?"
)


def times_to_choose(context: MergeContext) -> str:
    return context.translate_plural(*TO_CHOOSE, len(context["slots"]), minutes=context["minutes"])


def advocate_found(context: MergeContext) -> str:
    who, moved_from = context.get("who"), context.get("moved_from", None)
    if moved_from:
        return context.translate(TIME_MOVED, who=who or context.workspace, moment=context.moment(moved_from))
    if context.get("are_others"):
        return context.translate(OTHER_TIMES, who=who or context.workspace)
    return context.translate(
        FOUND_WHO if who else FOUND, rep=context.person_name("rep") or context.workspace, who=who
    )


def other_times_reason(context: MergeContext) -> str:
    moved_from = context.get("moved_from", None)
    sentence = STILL_NONE if context.get("again") else MOVE_ADVOCATE if moved_from else NONE_WORKED
    return context.translate(sentence, prospect=context["prospect"], moment=context.moment(moved_from))


def sign_off(context: MergeContext) -> SignatureBlock:
    name = context.person_name("from_name") or context.person_name("rep") or context.workspace
    return SignatureBlock(name, context.get("from_title") or context.workspace)


SLOTS = (
    colleague_field("rep", mark("Who arranged the call")),
    text_field("who", mark("The person we found: name, title and company"), optional=True),
    PROSPECT,
    MINUTES,
    MergeField("to_choose", mark("3 times to choose from, 20 minutes."), times_to_choose),
    MergeField("whom_we_found", mark("Who told us about the recipient, and who we found"), advocate_found),
    times_field("slots", mark("The times to choose from, as a list")),
    link_field("slot", mark("Where the recipient picks a time")),
    MergeField("sender_name", mark("Who signs the email"), lambda context: sign_off(context).name),
    MergeField("sign_off", SIGN_OFF, sign_off, MergeFieldType.BLOCK),
)
NEW_TIMES = (
    PROSPECT,
    MergeField(
        "why_others",
        mark("Why other times are needed: none worked, or the call has to move"),
        other_times_reason,
    ),
    external_quotation_field("note", mark("What the other side wrote")),
    link_field("times", mark("Where the recipient offers other times")),
)
