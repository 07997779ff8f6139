"""The kinds of help that emails speak of."""

from portal.i18n import mark
from portal.outreach.templates.merge_fields import MergeContext

KIND_NAMES = {
    "call": mark("reference call"),
    "site_visit": mark("site visit"),
    "written": mark("written reference"),
    "quote": mark("quote or logo"),
    "speaking": mark("event speaker"),
    "rfp": mark("answer for a tender"),
}
KIND_PHRASES = {
    "call": mark("a reference call"),
    "site_visit": mark("a site visit"),
    "written": mark("a written reference"),
    "quote": mark("a quote or your logo"),
    "speaking": mark("speaking at an event"),
    "rfp": mark("an answer for a tender"),
}
KIND_DESCRIPTION = mark("What is asked for, such as: reference call")


def kind_name(context: MergeContext) -> str:
    return context.translate(KIND_NAMES[context["kind"]])


def capitalized_kind(context: MergeContext) -> str:
    """Where it begins a line."""
    words = kind_name(context)
    return words[:1].upper() + words[1:]
