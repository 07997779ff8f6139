"""What can happen to a reference request, as its rep reads it."""

from dataclasses import dataclass

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


@dataclass(frozen=True)
class RequestUpdateText:
    """`names_customer`: it is about one customer, so a table says which, and when."""

    subject: str
    text: str
    button: str = OPEN
    names_customer: bool = False


REQUEST_UPDATES = {
    "message": RequestUpdateText(
        mark("%(who)s wrote about %(prospect)s"), mark("%(who)s wrote on request R-%(number)s:"), ANSWER
    ),
    "question": RequestUpdateText(
        mark("%(who)s has a question about %(prospect)s"),
        mark("The clock is paused until you answer %(who)s:"),
        ANSWER,
    ),
    "asked": RequestUpdateText(
        mark("A customer has been asked for %(prospect)s"),
        mark("We’ve asked a customer who fits. You’ll hear from us as soon as they answer."),
    ),
    "accepted": RequestUpdateText(
        mark("A customer agreed to speak with %(prospect)s"),
        mark("Good news: a customer who fits said yes. See your request for what’s next."),
        names_customer=True,
    ),
    "times_offered": RequestUpdateText(
        mark("Other times for %(prospect)s"),
        mark("The customer offered other times. You’ll get an email as soon as %(prospect)s picks one."),
        names_customer=True,
    ),
    "no_times_yet": RequestUpdateText(
        mark("The call with %(prospect)s still isn’t scheduled"),
        mark(
            "We asked the customer for other times days ago and sent a reminder, but haven’t received any. "
            "The program team can call them, or withdraw the ask on the request page and ask someone else."
        ),
    ),
    "declined": RequestUpdateText(
        STILL_LOOKING,
        mark(
            "The customer we asked can’t help this time. We’re already looking for another one, so there’s "
            "nothing you need to do."
        ),
    ),
    "expired": RequestUpdateText(
        STILL_LOOKING,
        mark(
            "The customer we asked didn’t answer in time. We’re already looking for another one, so "
            "there’s nothing you need to do."
        ),
    ),
    "scheduled": RequestUpdateText(
        mark("%(prospect)s: call on %(moment)s"),
        mark("The time is set, and it’s in both calendars."),
        names_customer=True,
    ),
    "no_time_fits": RequestUpdateText(
        OTHER_TIME_NEEDED,
        mark("None of the offered times works for %(prospect)s. We’ve asked the customer for others."),
    ),
    "advocate_moves": RequestUpdateText(
        mark("The call with %(prospect)s is moving"),
        mark(
            "The customer needs another time for the call. We’ve told %(prospect)s and will arrange it "
            "with both sides; you’ll get an email as soon as a new time is set."
        ),
    ),
    "prospect_moves": RequestUpdateText(
        OTHER_TIME_NEEDED,
        mark(
            "%(prospect)s needs another time for the call. We’ve asked the customer for others; you’ll get "
            "an email as soon as a new time is set."
        ),
    ),
    "advocate_cannot_come": RequestUpdateText(
        CALL_CANCELLED,
        mark(
            "The customer can’t make it after all. We’ve told %(prospect)s. The request is back with the "
            "program team, who are looking for someone else."
        ),
    ),
    "prospect_cannot_come": RequestUpdateText(
        CALL_CANCELLED,
        mark(
            "%(prospect)s can’t make it, and we’ve told the customer. Do they still want a call? Tell us "
            "on the request page, or withdraw the request there. The clock is paused until then."
        ),
        ANSWER,
    ),
    "moved": RequestUpdateText(
        OTHER_TIME_NEEDED, mark("The call needs another time. We’ve asked the customer for some.")
    ),
    "contradicted": RequestUpdateText(
        HOW_DID_IT_GO,
        mark(
            "The two sides told us different things about this call. A program manager will record how it "
            "went on the request page."
        ),
        names_customer=True,
    ),
    "silent": RequestUpdateText(
        HOW_DID_IT_GO,
        mark(
            "Neither side has told us how this call went. A program manager will record how it went on the "
            "request page."
        ),
        names_customer=True,
    ),
    "not_held": RequestUpdateText(
        mark("The call with %(prospect)s didn’t happen"),
        mark(
            "The call didn’t take place. The request is back with the program team, who will find the next "
            "step."
        ),
        names_customer=True,
    ),
    "delivered": RequestUpdateText(
        mark("Delivered: the reference for %(prospect)s"),
        mark(
            "%(prospect)s has its reference. One thing would help in return: tell us how the deal turns "
            "out, so the customer learns what it led to."
        ),
        RECORD,
        names_customer=True,
    ),
    "unfulfilled": RequestUpdateText(
        mark("We couldn’t find anyone for %(prospect)s"),
        mark(
            "We didn’t find a customer who fits in time. The request page says why, and what you can offer "
            "%(prospect)s instead."
        ),
    ),
    "withdrawn": RequestUpdateText(
        mark("Withdrawn: the request for %(prospect)s"),
        mark("%(who)s withdrew request R-%(number)s. Everyone who was asked has been told."),
    ),
    "duplicate": RequestUpdateText(
        mark("There’s already a request for %(prospect)s"),
        mark(
            "Your request for %(prospect)s is already being worked on as R-%(of)s. You’ll find everything "
            "there."
        ),
    ),
    "content": RequestUpdateText(
        mark("Closed with content: the request for %(prospect)s"),
        mark(
            "Instead of a call, %(prospect)s got something to read or listen to, and the request is closed:"
        ),
    ),
    "logged": RequestUpdateText(
        ARRANGED,
        mark(
            "%(helper)s already helped, and %(who)s logged it. It counts like any other reference, so that "
            "no one is asked too often."
        ),
    ),
    "logged_new": RequestUpdateText(
        ARRANGED,
        mark(
            "%(helper)s already helped, and %(who)s logged it. The address was new, so we added this "
            "person as a candidate."
        ),
    ),
}
COLLEAGUE_NOTES = frozenset(
    {"message", "question", "withdrawn", "unfulfilled", "content"}
)  # who typed the note
UNKNOWN_UPDATE = RequestUpdateText(
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
    return REQUEST_UPDATES.get(context["news"], UNKNOWN_UPDATE)
