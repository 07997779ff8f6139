"""What needs a manager, one line each: where it stands, why now, and the one thing to do."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal.advocates.models import Advocate, Provenance
from portal.asks.models import Ask, Kind
from portal.home.queries import Pressing, Waiting
from portal.outreach.alarm_words import notice
from portal.outreach.alarms import Raised
from portal.references.clock import Promises, Stage
from portal.references.models import Meeting, ReferenceRequest, State
from portal.references.words import left
from portal.web.filters import day, moment, time

NUMBERS = (
    _l("One"), _l("Two"), _l("Three"), _l("Four"), _l("Five"), _l("Six"), _l("Seven"), _l("Eight"), _l("Nine"),
    _l("Ten"),
)  # fmt: skip
BOTH = 2
TITLES = {
    State.SUBMITTED: _l("%(prospect)s waits for a first answer"),
    State.MATCHING: _l("%(prospect)s still has no candidate"),
    State.ASKED: _l("%(prospect)s has nobody who said yes"),
    State.SCHEDULED: _l("The call with %(prospect)s comes later than promised"),
}
DUE = {
    Stage.ANSWERED: _l("An answer is due by %(when)s."),
    Stage.NAMED: _l("A name is due by %(when)s."),
    Stage.HELD: _l("The reference is due by %(when)s."),
}
WAS_DUE = {
    Stage.ANSWERED: _l("An answer was due on %(when)s."),
    Stage.NAMED: _l("A name was due on %(when)s."),
    Stage.HELD: _l("The reference was due on %(when)s."),
}
WISHES = {
    Kind.CALL: _l("a call"),
    Kind.SITE_VISIT: _l("a site visit"),
    Kind.WRITTEN: _l("a written reference"),
    Kind.QUOTE: _l("a quote or logo"),
    Kind.SPEAKING: _l("a speaker"),
    Kind.RFP: _l("an RFP answer"),
}
ACTIONS = {
    State.SUBMITTED: _l("Read and answer"),
    State.MATCHING: _l("See who could help"),
    State.ASKED: _l("See who was asked"),
    State.SCHEDULED: _l("Open the request"),
}


@dataclass(frozen=True)
class Need:
    """A line of the list: status, sentence, reason, button."""

    status: tuple[str, str, str]
    title: str
    text: str
    href: str
    action: str


def of_request(wanted: ReferenceRequest, promised: Promises, over: int = 0) -> Need:
    """`over`: how many people were asked for it in vain."""
    clock = promised.of(wanted)
    due = (WAS_DUE if clock.late else DUE)[clock.stage]
    return Need(
        status=(left(clock), clock.tone, "clock-exclamation" if clock.late else "clock-hour-4"),
        title=_in_vain(wanted, over) or str(TITLES[wanted.state]) % {"prospect": wanted.prospect},
        text=f"{_who_asked(wanted)} {str(due) % {'when': moment(wanted.due_at)}}",
        href=url_for("references.show", request_id=wanted.id),
        action=str(ACTIONS[wanted.state]),
    )


def _in_vain(wanted: ReferenceRequest, over: int) -> str:
    """Both people asked for Ribbon Communications fell through"""
    if wanted.state is not State.MATCHING or not over:
        return ""
    if over == BOTH:
        return _("Both people asked for %(prospect)s fell through", prospect=wanted.prospect)
    return ngettext(
        "The one person asked for %(prospect)s fell through",
        "All %(num)d people asked for %(prospect)s fell through",
        over,
        prospect=wanted.prospect,
    )


def of_person(person: Advocate, nominated_by: str | None) -> Need:
    who = {"name": person.name, "about": _about(person)}
    if person.provenance is Provenance.NOMINATED:
        title = _("%(by)s nominated %(name)s", by=nominated_by or _("A colleague"), name=person.name)
    else:
        title = _("%(name)s would like to join", name=person.name)
    text = _("%(about)s. Nothing is asked of them before you say yes.", **who)
    href = url_for("pool.show", advocate_id=person.id)
    return Need((_("To approve"), "now", "user-check"), title, text, href, _("Review"))


def of_letters(count: int) -> Need:
    title = ngettext("%(num)d letter did not go out", "%(num)d letters did not go out", count)
    text = _("Each says why. Until then the people they were for have heard nothing.")
    return Need(
        (_("Held"), "warn", "mail-exclamation"), title, text, url_for("outreach.index"), _("See the letters")
    )


def of_collisions(count: int) -> Need:
    return Need(
        (_("Duplicate"), "warn", "users"),
        ngettext(
            "%(num)d mailbox belongs to two people", "%(num)d mailboxes belong to two people each", count
        ),
        _(
            "Two spellings of one address were saved as two people. Nothing was merged: you decide who to keep."
        ),
        url_for("collisions.index"),
        _("Review"),
    )


def of_alarm(raised: Raised) -> Need:
    told = notice(raised)
    href, action = told.href or url_for("outreach.index"), told.action or _("See what it means")
    return Need(told.status, told.title, told.text, href, action)


def of_undecided(call: Meeting) -> Need:
    who = {"name": call.ask.advocate.name, "prospect": call.request.prospect}
    return Need(
        (_("Undecided"), "warn", "message-question"),
        _("How did the talk of %(name)s with %(prospect)s go?", **who),
        _("The two sides said different things, or nothing. Ask them, then record it."),
        url_for("references.show", request_id=call.request_id),
        _("Record how it went"),
    )


def of_overdrawn(ask: Ask) -> Need:
    who = {"name": ask.advocate.name, "until": day(ask.advocate.free_from), "why": ask.override_reason}
    return Need(
        (_("Overdrawn"), "warn", "alert-triangle"),
        _("%(name)s was asked past the budget", **who),
        _("The reason given: “%(why)s”. Nothing more fits before %(until)s.", **who),
        url_for("pool.show", advocate_id=ask.advocate_id),
        _("Look at what was asked"),
    )


def all_of(
    pressing: Pressing,
    waiting: Waiting,
    promised: Promises,
    undecided: Sequence[Meeting] = (),
    overdrawn: Sequence[Ask] = (),
    alarms: Sequence[Raised] = (),
) -> list[Need]:
    """Alarms first, then what is late, calls nobody has settled, people who wait, what is stuck, whom we owe a rest."""
    letters = [of_letters(waiting.stuck_letters)] if waiting.stuck_letters else []
    collisions = [of_collisions(waiting.collisions)] if waiting.collisions else []
    return [
        *(of_alarm(one) for one in alarms),
        *(
            of_request(wanted, promised, pressing.fell_through.get(wanted.id, 0))
            for wanted in pressing.requests
        ),
        *(of_undecided(call) for call in undecided),
        *(of_person(person, by) for person, by in waiting.people),
        *letters,
        *collisions,
        *(of_overdrawn(ask) for ask in overdrawn),
    ]


def title(count: int) -> str:
    """Five things need you"""
    if not count:
        return _("Nothing needs you")
    number = str(NUMBERS[count - 1]) if count <= len(NUMBERS) else str(count)
    return ngettext("%(number)s thing needs you", "%(number)s things need you", count, number=number)


def lede(late: int, call: Meeting | None, place: str) -> str:
    """What cannot wait, and what comes next."""
    words = [ngettext("%(num)d request is late.", "%(num)d requests are late.", late)] if late else []
    if call is not None:
        at = time(call.starts_at, place)
        words.append(
            _("The next call is at %(time)s, %(prospect)s.", time=at, prospect=call.request.prospect)
        )
    return " ".join(words) or _("No request is late, and no more calls are planned for today.")


def more(pressing: Pressing, waiting: Waiting) -> list[tuple[str, str]]:
    """What the list has no room for, as (words, address)."""
    requests, people = pressing.total - len(pressing.requests), waiting.pending - len(waiting.people)
    more_requests = ngettext("%(num)d more request", "%(num)d more requests", requests)
    more_people = ngettext("%(num)d more person waits", "%(num)d more people wait", people)
    found = (
        (requests, more_requests, url_for("references.index")),
        (people, more_people, url_for("pool.index", state="pending")),
    )
    return [(words, address) for number, words, address in found if number]


def _who_asked(wanted: ReferenceRequest) -> str:
    return _(
        "%(rep)s asked on %(day)s for %(wish)s about %(product)s.",
        rep=wanted.requester.name,
        day=day(wanted.submitted_at),
        wish=str(WISHES[wanted.kind]),
        product=wanted.product,
    )


def _about(person: Advocate) -> str:
    company = person.account.name if person.account else person.company
    if person.title and company:
        return _("%(title)s at %(company)s", title=person.title, company=company)
    return person.title or company or person.email
