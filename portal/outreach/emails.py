"""Emails of no feature: a link once more, and those that a workspace writes itself."""

from portal.declarations.email_kinds import EmailClass, EmailKind
from portal.declarations.field_makers import link_field
from portal.declarations.link_phrases import LINK_PHRASES
from portal.declarations.merge_fields import MergeContext, MergeField
from portal.declarations.sample_emails import SENDER, SampleEmail, sample_link
from portal.i18n import mark
from portal.links import LinkPurpose
from portal.safe_text import safe_company
from portal.signin.emails import SIGNING_IN


def company(context: MergeContext) -> str:
    return safe_company(str(context.get("company")))


def destination(context: MergeContext) -> str:
    """Emails from before there were phrases hold the words themselves."""
    if not (name := context.get("phrase")):
        return str(context["what"])
    return context.translate(LINK_PHRASES.get(name).text, whom=context.get("whom"))


NEW_LINK = EmailKind(
    name="new_link",
    label=mark("New link"),
    sent_when=mark("Sent when someone opens an expired link and asks for a new one."),
    subject=mark("Your new link: {{what}}"),
    group=SIGNING_IN,
    fields=(
        MergeField("what", mark("What the link leads to, such as: your call with Initech"), destination),
        link_field("page", mark("The same place as the old link")),
    ),
    required_links=("page_link",),
    sample=SampleEmail({"what": "your call with Initech"}, sample_link("page", LinkPurpose.ANSWER)),
)
OWN_EMAIL = EmailKind(
    name="own",
    label=mark("Custom email"),
    sent_when=mark("Sent when a step of one of your sequences is due."),
    subject=mark("News from {{workspace}}"),
    group=None,
    fields=(MergeField("company", mark("The recipient’s company"), company, optional=True),),
    sample=SampleEmail({"company": "Nordbank", "from_name": SENDER}, {}),
    email_class=EmailClass.PROGRAM,
)
KINDS = (NEW_LINK, OWN_EMAIL)
