"""The kinds of help that emails speak of."""

from portal.i18n import mark
from portal.outreach.templates.merge_fields import MergeContext

KIND_NAMES = {
    "call": mark("reference call"),
    "site_visit": mark("site visit"),
    "written": mark("written reference"),
    "quote": mark("quote or logo"),
    "speaking": mark("event speaker"),
    "rfp": mark("RFP answer"),
}
KIND_PHRASES = {
    "call": mark("reference calls"),
    "site_visit": mark("site visits"),
    "written": mark("written references"),
    "quote": mark("quotes or your logo"),
    "speaking": mark("talks at events"),
    "rfp": mark("answers for RFPs"),
}
KIND_DESCRIPTION = mark("What is asked for, such as: reference call")


def kind_name(context: MergeContext) -> str:
    return context.translate(KIND_NAMES[context["kind"]])


def capitalized_kind(context: MergeContext) -> str:
    """Where it begins a line."""
    words = kind_name(context)
    return words[:1].upper() + words[1:]
