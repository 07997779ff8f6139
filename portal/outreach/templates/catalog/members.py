"""Fields of the emails that let people in."""

from portal.outreach.templates.blocks import FactTable, VerificationCode
from portal.outreach.templates.catalog.common import colleague_field, link_field, text_field
from portal.outreach.templates.merge_fields import MergeContext, MergeField, MergeFieldType
from portal.regions import mark


def code(known: MergeContext) -> VerificationCode:
    return VerificationCode(known.link_code("sign_in"))


def roles(known: MergeContext) -> str:
    return ", ".join(known["roles"])


def facts(known: MergeContext) -> FactTable:
    return FactTable(
        (
            (known.translate(mark("Workspace")), known.workspace),
            (known.translate(mark("Your role")), roles(known)),
        )
    )


SIGN_IN = (
    MergeField("code", mark("What the reader types on another device"), code, MergeFieldType.BLOCK),
    link_field("sign_in", mark("Signs the reader in, once")),
)
INVITATION = (
    colleague_field("invited_by", mark("Who invites")),
    MergeField("roles", mark("What the reader will be, such as: Sales rep, Program manager"), roles),
    MergeField("facts", mark("The workspace and the reader’s role"), facts, MergeFieldType.BLOCK),
    link_field("member", mark("Where the reader accepts")),
)
NEW_LINK = (
    text_field("what", mark("What the link leads to, such as: your call with Initech")),
    link_field("page", mark("The same place as the old link")),
)
