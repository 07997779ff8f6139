"""The kinds of help that letters speak of."""

from portal.outreach.templates.fields import Known
from portal.regions import shown

KINDS = {
    "call": shown("reference call"),
    "site_visit": shown("site visit"),
    "written": shown("written reference"),
    "quote": shown("quote or logo"),
    "speaking": shown("event speaker"),
    "rfp": shown("answer for a tender"),
}
PARTS = {
    "call": shown("a reference call"),
    "site_visit": shown("a site visit"),
    "written": shown("a written reference"),
    "quote": shown("a quote or your logo"),
    "speaking": shown("speaking at an event"),
    "rfp": shown("an answer for a tender"),
}
KIND = shown("What is asked for, such as: reference call")


def kind_of(known: Known) -> str:
    return known.say(KINDS[known["kind"]])


def heading(known: Known) -> str:
    """Where it begins a line."""
    words = kind_of(known)
    return words[:1].upper() + words[1:]
