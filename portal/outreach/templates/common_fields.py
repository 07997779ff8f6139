"""Fields that every email knows, and all that an email of one kind may ask for."""

from collections.abc import Mapping
from functools import cache

from portal.declarations.content_blocks import SignatureBlock
from portal.declarations.email_kinds import EmailKind
from portal.declarations.field_makers import SIGN_OFF, link_field
from portal.declarations.merge_fields import MergeContext, MergeField, MergeFieldType
from portal.i18n import mark

GREETING, GREETING_NAME = mark("Hello,"), mark("Hello %(name)s,")


def greeting(context: MergeContext) -> str:
    first = first_name(context)
    return context.translate(GREETING_NAME, name=first) if first else context.translate(GREETING)


def first_name(context: MergeContext) -> str:
    return context.recipient_name.partition(" ")[0]


def sign_off(context: MergeContext) -> SignatureBlock:
    return SignatureBlock(context.person_name("from_name") or context.workspace, context.get("from_title"))


COMMON_FIELDS = (
    MergeField("greeting", mark("Hello Ada, (or just Hello, if the name is unknown)"), greeting),
    MergeField("first_name", mark("The recipient’s first name"), first_name, optional=True),
    MergeField(
        "full_name",
        mark("The recipient’s full name"),
        lambda context: context.recipient_name,
        optional=True,
    ),
    MergeField("workspace", mark("The name of this workspace"), lambda context: context.workspace),
    MergeField(
        "sender_name",
        mark("Who signs the email"),
        lambda context: context.person_name("from_name") or context.workspace,
    ),
    MergeField("sign_off", SIGN_OFF, sign_off, MergeFieldType.BLOCK),
    link_field("preferences", mark("Where advocates choose what you may ask"), optional=True),
)


@cache
def merge_fields_of(kind: EmailKind) -> Mapping[str, MergeField]:
    own = {field.name: field for field in kind.fields}
    return own | {field.name: field for field in COMMON_FIELDS if field.name not in own}
