"""What can happen to a reference request, as its rep reads it."""

from dataclasses import dataclass

from portal.i18n import mark
from portal.outreach.templates.blocks import FactTable
from portal.outreach.templates.merge_fields import MergeContext

ANSWER, RECORD, OPEN = mark("Answer"), mark("Record the outcome"), mark("Open the request")
STILL_LOOKING = mark("Not this one: we look further for %(prospect)s")
OTHER_TIME_NEEDED = mark("%(prospect)s needs another time")
CALL_CANCELLED = mark("The call with %(prospect)s is off")
HOW_DID_IT_GO = mark("How did the talk with %(prospect)s go?")
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
        mark("The clock stands still until you answer %(who)s:"),
        ANSWER,
    ),
    "asked": RequestUpdateText(
        mark("A customer has been asked for %(prospect)s"),
        mark("We have asked a customer who fits. You hear from us as soon as there is an answer."),
    ),
    "accepted": RequestUpdateText(
        mark("A customer said yes to %(prospect)s"),
        mark("Good news: a customer who fits said yes. What comes next is on the page of your request."),
        names_customer=True,
    ),
    "times_offered": RequestUpdateText(
        mark("Other times for %(prospect)s"),
        mark("The customer offered other times. You get an email as soon as %(prospect)s has picked one."),
        names_customer=True,
    ),
    "no_times_yet": RequestUpdateText(
        mark("The call with %(prospect)s still has no time"),
        mark(
            "We asked the customer for other times days ago, reminded them, and have none yet. The desk can call "
            "them, or take the ask back on the page of the request and ask somebody else."
        ),
    ),
    "declined": RequestUpdateText(
        STILL_LOOKING,
        mark(
            "The customer we asked cannot help this time. We are already looking for the next one; you need not "
            "do anything."
        ),
    ),
    "expired": RequestUpdateText(
        STILL_LOOKING,
        mark(
            "The customer we asked did not answer in time. We are already looking for the next one; you need not "
            "do anything."
        ),
    ),
    "scheduled": RequestUpdateText(
        mark("%(prospect)s: set for %(moment)s"),
        mark("The time is set, and both sides have it in their calendar."),
        names_customer=True,
    ),
    "no_time_fits": RequestUpdateText(
        OTHER_TIME_NEEDED,
        mark("None of the times offered fits %(prospect)s. We have asked the customer for others."),
    ),
    "advocate_moves": RequestUpdateText(
        mark("The call with %(prospect)s is moving"),
        mark(
            "The customer needs another time for the call. %(prospect)s knows, and both sides hear from us; you get "
            "an email as soon as a new time is set."
        ),
    ),
    "prospect_moves": RequestUpdateText(
        OTHER_TIME_NEEDED,
        mark(
            "%(prospect)s needs another time for the call. We have asked the customer for others; you get an email "
            "as soon as a new time is set."
        ),
    ),
    "advocate_cannot_come": RequestUpdateText(
        CALL_CANCELLED,
        mark(
            "The customer can’t make it after all. %(prospect)s has been told. The request is back with the desk, "
            "which is looking for somebody else."
        ),
    ),
    "prospect_cannot_come": RequestUpdateText(
        CALL_CANCELLED,
        mark(
            "%(prospect)s can’t make it, and the customer has been told. Do they still want a call? Tell us on the "
            "page of the request, or withdraw it there. The clock is paused until then."
        ),
        ANSWER,
    ),
    "moved": RequestUpdateText(
        OTHER_TIME_NEEDED, mark("The talk has to move. We have asked the customer for other times.")
    ),
    "contradicted": RequestUpdateText(
        HOW_DID_IT_GO,
        mark(
            "The two sides told us different things about this talk. The desk decides: on the page of the request "
            "a manager says how it went."
        ),
        names_customer=True,
    ),
    "silent": RequestUpdateText(
        HOW_DID_IT_GO,
        mark(
            "Neither side has told us how this talk went. The desk decides: on the page of the request a manager "
            "says how it went."
        ),
        names_customer=True,
    ),
    "not_held": RequestUpdateText(
        mark("The talk with %(prospect)s did not happen"),
        mark(
            "The talk did not take place. The request is back with the desk, which looks for the next step."
        ),
        names_customer=True,
    ),
    "delivered": RequestUpdateText(
        mark("Delivered: the reference for %(prospect)s"),
        mark(
            "%(prospect)s has its reference. One thing would help in return: tell us how the deal ends, so that "
            "the customer hears what it led to."
        ),
        RECORD,
        names_customer=True,
    ),
    "unfulfilled": RequestUpdateText(
        mark("Nobody could be found for %(prospect)s"),
        mark(
            "We did not find a customer who fits in time. The page says why, and what you can offer %(prospect)s "
            "instead."
        ),
    ),
    "withdrawn": RequestUpdateText(
        mark("Withdrawn: the request for %(prospect)s"),
        mark("%(who)s withdrew request R-%(number)s. Everybody who was asked has been told."),
    ),
    "duplicate": RequestUpdateText(
        mark("%(prospect)s was already on the desk"),
        mark(
            "Your request for %(prospect)s is already being worked on as R-%(of)s. You find everything there."
        ),
    ),
    "content": RequestUpdateText(
        mark("Closed with content: the request for %(prospect)s"),
        mark(
            "Instead of a talk, %(prospect)s got something to read or to listen to, and the request is closed:"
        ),
    ),
    "logged": RequestUpdateText(
        ARRANGED,
        mark(
            "%(helper)s helped already, and %(who)s logged it. It counts like any other reference, so that nobody "
            "is asked too often."
        ),
    ),
    "logged_new": RequestUpdateText(
        ARRANGED,
        mark(
            "%(helper)s helped already, and %(who)s logged it. We did not know this address; you now find it "
            "among your people, as a candidate."
        ),
    ),
}
COLLEAGUE_NOTES = frozenset(
    {"message", "question", "withdrawn", "unfulfilled", "content"}
)  # who typed the note
UNKNOWN_UPDATE = RequestUpdateText(
    mark("News on the request for %(prospect)s"), mark("Something changed on this request.")
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
