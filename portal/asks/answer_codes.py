"""Why an ask was declined, and what an answer says beside the person's own words: codes, in its row."""

from enum import StrEnum


class DeclineReason(StrEnum):
    """Why somebody says “not now”; read by program managers alone."""

    TOO_BUSY = "too_busy"
    NOT_ME = "not_me"
    NOT_THEM = "not_them"  # would rather not help this company
    NOT_ALLOWED = "not_allowed"  # the employer forbids it: this kind is asked no more
    TOO_OFTEN = "too_often"  # a pause follows
    NOT_NOW = "not_now"  # no reason given
    OTHER = "other"
    NO = "no"  # to a question that has a yes and a no: will you come?
    EARLIER = "earlier"  # in words, from before there were codes


class NoteCode(StrEnum):
    SUGGESTS_COLLEAGUE = "suggests_colleague"
    WOULD_STILL_HELP = "would_still_help"  # said after the last day
