"""What can happen to a reference request, as its rep reads it."""

from dataclasses import dataclass

from portal.outreach.templates.blocks import Facts
from portal.outreach.templates.fields import Known
from portal.regions import shown

ANSWER, RECORD, OPEN = shown("Answer"), shown("Record the outcome"), shown("Open the request")
LOOKING = shown("Not this one: we look further for %(prospect)s")
ANOTHER_TIME = shown("%(prospect)s needs another time")
CALL_OFF = shown("The call with %(prospect)s is off")
HOW_DID_IT_GO = shown("How did the talk with %(prospect)s go?")
A_CUSTOMER = shown("A customer")
ARRANGED = shown("%(who)s arranged a reference for %(prospect)s")


@dataclass(frozen=True)
class News:
    """`names_customer`: it is about one customer, so a table says which, and when."""

    subject: str
    words: str
    button: str = OPEN
    names_customer: bool = False


NEWS = {
    "message": News(
        shown("%(who)s wrote about %(prospect)s"), shown("%(who)s wrote on request R-%(number)s:"), ANSWER
    ),
    "question": News(
        shown("%(who)s has a question about %(prospect)s"),
        shown("The clock stands still until you answer %(who)s:"),
        ANSWER,
    ),
    "asked": News(
        shown("A customer has been asked for %(prospect)s"),
        shown("We have asked a customer who fits. You hear from us as soon as there is an answer."),
    ),
    "accepted": News(
        shown("A customer said yes to %(prospect)s"),
        shown("Good news: a customer who fits said yes. What comes next is on the page of your request."),
        names_customer=True,
    ),
    "times_offered": News(
        shown("Other times for %(prospect)s"),
        shown("The customer offered other times. You get an email as soon as %(prospect)s has picked one."),
        names_customer=True,
    ),
    "no_times_yet": News(
        shown("The call with %(prospect)s still has no time"),
        shown(
            "We asked the customer for other times days ago, reminded them, and have none yet. The desk can call "
            "them, or take the ask back on the page of the request and ask somebody else."
        ),
    ),
    "declined": News(
        LOOKING,
        shown(
            "The customer we asked cannot help this time. We are already looking for the next one; you need not "
            "do anything."
        ),
    ),
    "expired": News(
        LOOKING,
        shown(
            "The customer we asked did not answer in time. We are already looking for the next one; you need not "
            "do anything."
        ),
    ),
    "scheduled": News(
        shown("%(prospect)s: set for %(moment)s"),
        shown("The time is set, and both sides have it in their calendar."),
        names_customer=True,
    ),
    "no_time_fits": News(
        ANOTHER_TIME,
        shown("None of the times offered fits %(prospect)s. We have asked the customer for others."),
    ),
    "advocate_moves": News(
        shown("The call with %(prospect)s is moving"),
        shown(
            "The customer needs another time for the call. %(prospect)s knows, and both sides hear from us; you get "
            "an email as soon as a new time is set."
        ),
    ),
    "prospect_moves": News(
        ANOTHER_TIME,
        shown(
            "%(prospect)s needs another time for the call. We have asked the customer for others; you get an email "
            "as soon as a new time is set."
        ),
    ),
    "advocate_cannot_come": News(
        CALL_OFF,
        shown(
            "The customer can’t make it after all. %(prospect)s has been told. The request is back with the desk, "
            "which is looking for somebody else."
        ),
    ),
    "prospect_cannot_come": News(
        CALL_OFF,
        shown(
            "%(prospect)s can’t make it, and the customer has been told. Do they still want a call? Tell us on the "
            "page of the request, or withdraw it there. The clock is paused until then."
        ),
        ANSWER,
    ),
    "moved": News(ANOTHER_TIME, shown("The talk has to move. We have asked the customer for other times.")),
    "contradicted": News(
        HOW_DID_IT_GO,
        shown(
            "The two sides told us different things about this talk. The desk decides: on the page of the request "
            "a manager says how it went."
        ),
        names_customer=True,
    ),
    "silent": News(
        HOW_DID_IT_GO,
        shown(
            "Neither side has told us how this talk went. The desk decides: on the page of the request a manager "
            "says how it went."
        ),
        names_customer=True,
    ),
    "not_held": News(
        shown("The talk with %(prospect)s did not happen"),
        shown(
            "The talk did not take place. The request is back with the desk, which looks for the next step."
        ),
        names_customer=True,
    ),
    "delivered": News(
        shown("Delivered: the reference for %(prospect)s"),
        shown(
            "%(prospect)s has its reference. One thing would help in return: tell us how the deal ends, so that "
            "the customer hears what it led to."
        ),
        RECORD,
        names_customer=True,
    ),
    "unfulfilled": News(
        shown("Nobody could be found for %(prospect)s"),
        shown(
            "We did not find a customer who fits in time. The page says why, and what you can offer %(prospect)s "
            "instead."
        ),
    ),
    "withdrawn": News(
        shown("Withdrawn: the request for %(prospect)s"),
        shown("%(who)s withdrew request R-%(number)s. Everybody who was asked has been told."),
    ),
    "duplicate": News(
        shown("%(prospect)s was already on the desk"),
        shown(
            "Your request for %(prospect)s is already being worked on as R-%(of)s. You find everything there."
        ),
    ),
    "content": News(
        shown("Closed with content: the request for %(prospect)s"),
        shown(
            "Instead of a talk, %(prospect)s got something to read or to listen to, and the request is closed:"
        ),
    ),
    "logged": News(
        ARRANGED,
        shown(
            "%(helper)s helped already, and %(who)s logged it. It counts like any other reference, so that nobody "
            "is asked too often."
        ),
    ),
    "logged_new": News(
        ARRANGED,
        shown(
            "%(helper)s helped already, and %(who)s logged it. We did not know this address; you now find it "
            "among your people, as a candidate."
        ),
    ),
}
BY_A_COLLEAGUE = frozenset(
    {"message", "question", "withdrawn", "unfulfilled", "content"}
)  # who typed the note
SOMETHING = News(shown("News on the request for %(prospect)s"), shown("Something changed on this request."))


@dataclass(frozen=True)
class _Blanks:
    """What a sentence may name. Only what it does name is looked up, and lacking when it is not there."""

    known: Known

    def __getitem__(self, name: str) -> object:
        if name == "moment":
            return self.known.moment(self.known["starts_at"])
        if name == "who":
            return self.known.name("who") or self.known.workspace
        if name == "helper":
            return self.known.name("helper") or self.known.say(A_CUSTOMER)
        return self.known[name]


def subject(known: Known) -> str:
    return known.say(_of(known).subject) % _Blanks(known)


def words(known: Known) -> str:
    return known.say(_of(known).words) % _Blanks(known)


def button(known: Known) -> str:
    return known.say(_of(known).button)


def facts(known: Known) -> Facts:
    if not _of(known).names_customer:
        return Facts(())
    return Facts(
        (
            (known.say(shown("Prospect")), known["prospect"]),
            (known.say(shown("Customer")), known.name("who")),
            (known.say(shown("When")), known.moment(known.get("starts_at", None))),
        )
    )


def _of(known: Known) -> News:
    return NEWS.get(known["news"], SOMETHING)
