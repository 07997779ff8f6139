"""Fields of the emails that let people in."""

from portal.i18n import mark
from portal.outreach.templates.blocks import FactTable, VerificationCode
from portal.outreach.templates.catalog.common import colleague_field, link_field, text_field
from portal.outreach.templates.merge_fields import MergeContext, MergeField, MergeFieldType


def code(context: MergeContext) -> VerificationCode:
    return VerificationCode(context.link_code("sign_in"))


def roles(context: MergeContext) -> str:
    return ", ".join(context["roles"])


def facts(context: MergeContext) -> FactTable:
    return FactTable(
        (
            (context.translate(mark("Workspace")), context.workspace),
            (context.translate(mark("Your role")), roles(context)),
        )
    )


SIGN_IN = (
    MergeField("code", mark("The code to enter on another device"), code, MergeFieldType.BLOCK),
    link_field("sign_in", mark("Signs the recipient in, once")),
)
INVITATION = (
    colleague_field("invited_by", mark("Who invites")),
    MergeField("roles", mark("The recipient’s role, such as: Sales rep, Program manager"), roles),
    MergeField("facts", mark("The workspace and the recipient’s role"), facts, MergeFieldType.BLOCK),
    link_field("member", mark("Where the recipient accepts")),
)
NEW_LINK = (
    text_field("what", mark("What the link leads to, such as: your call with Initech")),
    link_field("page", mark("The same place as the old link")),
)
