"""What can happen to a reference request, as its rep reads it."""

from dataclasses import dataclass
from enum import StrEnum

from portal.declarations.content_blocks import FactTable
from portal.declarations.merge_fields import MergeContext
from portal.i18n import mark

ANSWER, RECORD, OPEN = mark("Answer"), mark("Record the outcome"), mark("Open the request")
STILL_LOOKING = mark("No luck yet: we’re still looking for %(prospect)s")
OTHER_TIME_NEEDED = mark("%(prospect)s needs another time")
CALL_CANCELLED = mark("The call with %(prospect)s is canceled")
HOW_DID_IT_GO = mark("How did the call with %(prospect)s go?")
A_CUSTOMER = mark("A customer")
ARRANGED = mark("%(who)s arranged a reference for %(prospect)s")


class RequestUpdate(StrEnum):
    """Kept in emails and their keys, so the values never change."""

    MESSAGE = "message"
    QUESTION = "question"
    ASKED = "asked"
    ACCEPTED = "accepted"
    TIMES_OFFERED = "times_offered"
    NO_TIMES_YET = "no_times_yet"
    DECLINED = "declined"
    EXPIRED = "expired"
    SCHEDULED = "scheduled"
    NO_TIME_FITS = "no_time_fits"
    ADVOCATE_MOVES = "advocate_moves"
    PROSPECT_MOVES = "prospect_moves"
    ADVOCATE_CANNOT_COME = "advocate_cannot_come"
    PROSPECT_CANNOT_COME = "prospect_cannot_come"
    MOVED = "moved"
    CONTRADICTED = "contradicted"
    SILENT = "silent"
    NOT_HELD = "not_held"
    DELIVERED = "delivered"
    UNFULFILLED = "unfulfilled"
    WITHDRAWN = "withdrawn"
    DUPLICATE = "duplicate"
    CONTENT = "content"
    LOGGED = "logged"
    LOGGED_NEW = "logged_new"


@dataclass(frozen=True)
class RequestUpdateText:
    """`names_customer`: it is about one customer, so a table says which, and when."""

    subject: str
    text: str
    button: str = OPEN
    names_customer: bool = False


REQUEST_UPDATES = {
    RequestUpdate.MESSAGE: RequestUpdateText(
        mark("%(who)s wrote about %(prospect)s"), mark("%(who)s wrote on request R-%(number)s:"), ANSWER
    ),
    RequestUpdate.QUESTION: RequestUpdateText(
        mark("%(who)s has a question about %(prospect)s"),
        mark("The clock is paused until you answer %(who)s:"),
        ANSWER,
    ),
    RequestUpdate.ASKED: RequestUpdateText(
        mark("A customer has been asked for %(prospect)s"),
        mark("We’ve asked a customer who fits. You’ll hear from us as soon as they answer."),
    ),
    RequestUpdate.ACCEPTED: RequestUpdateText(
        mark("A customer agreed to speak with %(prospect)s"),
        mark("Good news: a customer who fits said yes. See your request for what’s next."),
        names_customer=True,
    ),
    RequestUpdate.TIMES_OFFERED: RequestUpdateText(
        mark("Other times for %(prospect)s"),
        mark("The customer offered other times. You’ll get an email as soon as %(prospect)s picks one."),
        names_customer=True,
    ),
    RequestUpdate.NO_TIMES_YET: RequestUpdateText(
        mark("The call with %(prospect)s still isn’t scheduled"),
        mark(
            "We asked the customer for other times days ago and sent a reminder, but haven’t received any. "
            "The program team can call them, or withdraw the ask on the request page and ask someone else."
        ),
    ),
    RequestUpdate.DECLINED: RequestUpdateText(
        STILL_LOOKING,
        mark(
            "The customer we asked can’t help this time. We’re already looking for another one, so there’s "
            "nothing you need to do."
        ),
    ),
    RequestUpdate.EXPIRED: RequestUpdateText(
        STILL_LOOKING,
        mark(
            "The customer we asked didn’t answer in time. We’re already looking for another one, so "
            "there’s nothing you need to do."
        ),
    ),
    RequestUpdate.SCHEDULED: RequestUpdateText(
        mark("%(prospect)s: call on %(moment)s"),
        mark("The time is set, and it’s in both calendars."),
        names_customer=True,
    ),
    RequestUpdate.NO_TIME_FITS: RequestUpdateText(
        OTHER_TIME_NEEDED,
        mark("None of the offered times works for %(prospect)s. We’ve asked the customer for others."),
    ),
    RequestUpdate.ADVOCATE_MOVES: RequestUpdateText(
        mark("The call with %(prospect)s is moving"),
        mark(
            "The customer needs another time for the call. We’ve told %(prospect)s and will arrange it "
            "with both sides; you’ll get an email as soon as a new time is set."
        ),
    ),
    RequestUpdate.PROSPECT_MOVES: RequestUpdateText(
        OTHER_TIME_NEEDED,
        mark(
            "%(prospect)s needs another time for the call. We’ve asked the customer for others; you’ll get "
            "an email as soon as a new time is set."
        ),
    ),
    RequestUpdate.ADVOCATE_CANNOT_COME: RequestUpdateText(
        CALL_CANCELLED,
        mark(
            "The customer can’t make it after all. We’ve told %(prospect)s. The request is back with the "
            "program team, who are looking for someone else."
        ),
    ),
    RequestUpdate.PROSPECT_CANNOT_COME: RequestUpdateText(
        CALL_CANCELLED,
        mark(
            "%(prospect)s can’t make it, and we’ve told the customer. Do they still want a call? Tell us "
            "on the request page, or withdraw the request there. The clock is paused until then."
        ),
        ANSWER,
    ),
    RequestUpdate.MOVED: RequestUpdateText(
        OTHER_TIME_NEEDED, mark("The call needs another time. We’ve asked the customer for some.")
    ),
    RequestUpdate.CONTRADICTED: RequestUpdateText(
        HOW_DID_IT_GO,
        mark(
            "The two sides told us different things about this call. A program manager will record how it "
            "went on the request page."
        ),
        names_customer=True,
    ),
    RequestUpdate.SILENT: RequestUpdateText(
        HOW_DID_IT_GO,
        mark(
            "Neither side has told us how this call went. A program manager will record how it went on the "
            "request page."
        ),
        names_customer=True,
    ),
    RequestUpdate.NOT_HELD: RequestUpdateText(
        mark("The call with %(prospect)s didn’t happen"),
        mark(
            "The call didn’t take place. The request is back with the program team, who will find the next "
            "step."
        ),
        names_customer=True,
    ),
    RequestUpdate.DELIVERED: RequestUpdateText(
        mark("Delivered: the reference for %(prospect)s"),
        mark(
            "%(prospect)s has its reference. One thing would help in return: tell us how the deal turns "
            "out, so the customer learns what it led to."
        ),
        RECORD,
        names_customer=True,
    ),
    RequestUpdate.UNFULFILLED: RequestUpdateText(
        mark("We couldn’t find anyone for %(prospect)s"),
        mark(
            "We didn’t find a customer who fits in time. The request page says why, and what you can offer "
            "%(prospect)s instead."
        ),
    ),
    RequestUpdate.WITHDRAWN: RequestUpdateText(
        mark("Withdrawn: the request for %(prospect)s"),
        mark("%(who)s withdrew request R-%(number)s. Everyone who was asked has been told."),
    ),
    RequestUpdate.DUPLICATE: RequestUpdateText(
        mark("There’s already a request for %(prospect)s"),
        mark(
            "Your request for %(prospect)s is already being worked on as R-%(of)s. You’ll find everything "
            "there."
        ),
    ),
    RequestUpdate.CONTENT: RequestUpdateText(
        mark("Closed with content: the request for %(prospect)s"),
        mark(
            "Instead of a call, %(prospect)s got something to read or listen to, and the request is closed:"
        ),
    ),
    RequestUpdate.LOGGED: RequestUpdateText(
        ARRANGED,
        mark(
            "%(helper)s already helped, and %(who)s logged it. It counts like any other reference, so that "
            "no one is asked too often."
        ),
    ),
    RequestUpdate.LOGGED_NEW: RequestUpdateText(
        ARRANGED,
        mark(
            "%(helper)s already helped, and %(who)s logged it. The address was new, so we added this "
            "person as a candidate."
        ),
    ),
}
COLLEAGUE_NOTES = frozenset(  # who typed the note
    {
        RequestUpdate.MESSAGE,
        RequestUpdate.QUESTION,
        RequestUpdate.WITHDRAWN,
        RequestUpdate.UNFULFILLED,
        RequestUpdate.CONTENT,
    }
)
UNKNOWN_UPDATE = RequestUpdateText(  # in an email of another release
    mark("Update on the request for %(prospect)s"), mark("Something changed on this request.")
)


@dataclass(frozen=True)
class _UpdateParams:
    """What a sentence may name. Only what it does name is looked up, and lacking when it is not there."""

    context: MergeContext

    def __getitem__(self, name: str) -> object:
        if name == "moment":
            return self.context.moment(self.context["starts_at"])
        if name == "who":
            return self.context.person_name("who") or self.context.workspace
        if name == "helper":
            return self.context.person_name("helper") or self.context.translate(A_CUSTOMER)
        return self.context[name]


def subject(context: MergeContext) -> str:
    return context.translate(_update_of(context).subject) % _UpdateParams(context)


def text(context: MergeContext) -> str:
    return context.translate(_update_of(context).text) % _UpdateParams(context)


def button(context: MergeContext) -> str:
    return context.translate(_update_of(context).button)


def facts(context: MergeContext) -> FactTable:
    if not _update_of(context).names_customer:
        return FactTable(())
    return FactTable(
        (
            (context.translate(mark("Prospect")), context["prospect"]),
            (context.translate(mark("Customer")), context.person_name("who")),
            (context.translate(mark("When")), context.moment(context.get("starts_at", None))),
        )
    )


def _update_of(context: MergeContext) -> RequestUpdateText:
    if context["news"] not in REQUEST_UPDATES:
        return UNKNOWN_UPDATE
    return REQUEST_UPDATES[context["news"]]
