"""Small makers of merge fields, for the `emails.py` of every feature."""

from portal.declarations.content_blocks import BulletList, Quotation
from portal.declarations.merge_fields import MergeContext, MergeField, MergeFieldType
from portal.i18n import mark
from portal.safe_text import without_links

SIGN_OFF = mark("Who signs the email, and their title under it")


def text_field(name: str, about: str, *, optional: bool = False) -> MergeField:
    if optional:
        return MergeField(name, about, lambda context: str(context.get(name)), optional=True)
    return MergeField(name, about, lambda context: str(context[name]))


def colleague_field(name: str, about: str) -> MergeField:
    """Make a field for a colleague; where their name may not stand in an email, it says the workspace's."""
    return MergeField(name, about, lambda context: context.person_name(name) or context.workspace)


def date_field(name: str, about: str) -> MergeField:
    return MergeField(name, about, lambda context: context.day(context[name]))


def times_field(name: str, about: str, *, optional: bool = False) -> MergeField:
    def of(context: MergeContext) -> BulletList:
        times = context.get(name, ()) if optional else context[name]
        return BulletList(tuple(context.moment(at) for at in times))

    return MergeField(name, about, of, MergeFieldType.BLOCK, optional)


def quotation_field(name: str, about: str) -> MergeField:
    return MergeField(
        name, about, lambda context: Quotation(context.get(name)), MergeFieldType.BLOCK, optional=True
    )


def external_quotation_field(name: str, about: str) -> MergeField:
    return MergeField(
        name,
        about,
        lambda context: Quotation(without_links(context.get(name))),
        MergeFieldType.BLOCK,
        optional=True,
    )


def link_field(name: str, about: str, *, optional: bool = False) -> MergeField:
    """Make the field <name>_link for a link that the writer calls `name`."""
    if optional:
        return MergeField(
            f"{name}_link", about, lambda context: context.link(name), MergeFieldType.LINK, optional=True
        )
    return MergeField(f"{name}_link", about, lambda context: context.required_link(name), MergeFieldType.LINK)
