"""Fields that every email knows, and small makers for the others."""

from portal.i18n import mark
from portal.outreach.templates.blocks import BulletList, Quotation, SignatureBlock
from portal.outreach.templates.merge_fields import MergeContext, MergeField, MergeFieldType
from portal.safe_text import safe_company, without_links

GREETING, GREETING_NAME = mark("Hello,"), mark("Hello %(name)s,")
SIGN_OFF = mark("Who signs the email, and their title under it")


def greeting(context: MergeContext) -> str:
    first = first_name(context)
    return context.translate(GREETING_NAME, name=first) if first else context.translate(GREETING)


def first_name(context: MergeContext) -> str:
    return context.recipient_name.partition(" ")[0]


def sign_off(context: MergeContext) -> SignatureBlock:
    return SignatureBlock(context.person_name("from_name") or context.workspace, context.get("from_title"))


def text_field(name: str, about: str, *, optional: bool = False) -> MergeField:
    """What the writer gave, as it is."""
    if optional:
        return MergeField(name, about, lambda context: str(context.get(name)), optional=True)
    return MergeField(name, about, lambda context: str(context[name]))


def colleague_field(name: str, about: str) -> MergeField:
    """Somebody of the workspace; where their name may not stand in an email, the workspace itself."""
    return MergeField(name, about, lambda context: context.person_name(name) or context.workspace)


def date_field(name: str, about: str) -> MergeField:
    return MergeField(name, about, lambda context: context.day(context[name]))


def times_field(name: str, about: str, *, optional: bool = False) -> MergeField:
    """A list of times, in the reader's zone."""

    def of(context: MergeContext) -> BulletList:
        times = context.get(name, ()) if optional else context[name]
        return BulletList(tuple(context.moment(at) for at in times))

    return MergeField(name, about, of, MergeFieldType.BLOCK, optional)


def quotation_field(name: str, about: str) -> MergeField:
    """A colleague's own words; nothing where nobody said any."""
    return MergeField(
        name, about, lambda context: Quotation(context.get(name)), MergeFieldType.BLOCK, optional=True
    )


def external_quotation_field(name: str, about: str) -> MergeField:
    """The own words of somebody outside, without links."""
    return MergeField(
        name,
        about,
        lambda context: Quotation(without_links(context.get(name))),
        MergeFieldType.BLOCK,
        optional=True,
    )


def link_field(name: str, about: str, *, optional: bool = False) -> MergeField:
    """`name` as the writer calls the link; the field is called <name>_link."""
    if optional:
        return MergeField(
            f"{name}_link", about, lambda context: context.link(name), MergeFieldType.LINK, optional=True
        )
    return MergeField(f"{name}_link", about, lambda context: context.required_link(name), MergeFieldType.LINK)


PROSPECT = text_field("prospect", mark("The company that would like to hear from a customer"))
MINUTES = text_field("minutes", mark("How many minutes it takes"))
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
OWN_EMAIL_FIELDS = (
    MergeField(
        "company",
        mark("The recipient’s company"),
        lambda context: safe_company(str(context.get("company"))),
        optional=True,
    ),
)
