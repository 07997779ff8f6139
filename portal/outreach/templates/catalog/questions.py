"""Fields of the email that brings an advocate's question to whoever asked."""

from portal.i18n import mark
from portal.outreach.templates.catalog.common import external_quotation_field, link_field, text_field
from portal.outreach.templates.merge_fields import MergeContext, MergeField


def advocate(context: MergeContext) -> str:
    return context.person_name("advocate") or context.translate(mark("An advocate"))


ASK_QUESTION = (
    MergeField("advocate", mark("Who has a question"), advocate),
    text_field("asked", mark("What they were asked, such as: Could you talk to Initech for 20 minutes?")),
    external_quotation_field("question", mark("The question in their own words")),
    link_field("person", mark("The person’s page")),
)
