"""What needs a manager, one line each: where it stands, why now, and the one thing to do."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal.advocates.models import Advocate, Provenance
from portal.asks.models import Ask, AskKind
from portal.home.queries import PendingWork, UrgentRequests
from portal.outreach.messages.alarm_notices import notice
from portal.outreach.messages.alarms import RaisedAlarm
from portal.references.labels import time_left
from portal.references.models import Meeting, ReferenceRequest, RequestState
from portal.references.service_levels import ServiceLevels, SlaStage
from portal.web.filters import day, moment, time

NUMBERS = (
    _l("One"), _l("Two"), _l("Three"), _l("Four"), _l("Five"), _l("Six"), _l("Seven"), _l("Eight"), _l("Nine"),
    _l("Ten"),
)  # fmt: skip
TWO_PEOPLE = 2
TITLES = {
    RequestState.SUBMITTED: _l("%(prospect)s waits for a first answer"),
    RequestState.MATCHING: _l("%(prospect)s still has no candidate"),
    RequestState.ASKED: _l("%(prospect)s has nobody who said yes"),
    RequestState.SCHEDULED: _l("The call with %(prospect)s comes later than promised"),
}
DUE = {
    SlaStage.FIRST_RESPONSE: _l("An answer is due by %(when)s."),
    SlaStage.FIRST_ASK: _l("A name is due by %(when)s."),
    SlaStage.DELIVERY: _l("The reference is due by %(when)s."),
}
WAS_DUE = {
    SlaStage.FIRST_RESPONSE: _l("An answer was due on %(when)s."),
    SlaStage.FIRST_ASK: _l("A name was due on %(when)s."),
    SlaStage.DELIVERY: _l("The reference was due on %(when)s."),
}
REQUESTED_KINDS = {
    AskKind.CALL: _l("a call"),
    AskKind.SITE_VISIT: _l("a site visit"),
    AskKind.WRITTEN: _l("a written reference"),
    AskKind.QUOTE: _l("a quote or logo"),
    AskKind.SPEAKING: _l("a speaker"),
    AskKind.RFP: _l("an RFP answer"),
}
ACTIONS = {
    RequestState.SUBMITTED: _l("Read and answer"),
    RequestState.MATCHING: _l("See who could help"),
    RequestState.ASKED: _l("See who was asked"),
    RequestState.SCHEDULED: _l("Open the request"),
}


@dataclass(frozen=True)
class ActionItem:
    """A line of the list: status, sentence, reason, button."""

    status: tuple[str, str, str]
    title: str
    text: str
    href: str
    action: str


def of_request(request: ReferenceRequest, promises: ServiceLevels, failed: int = 0) -> ActionItem:
    """`over`: how many people were asked for it in vain."""
    clock = promises.current_clock(request)
    due = (WAS_DUE if clock.is_late else DUE)[clock.stage]
    return ActionItem(
        status=(time_left(clock), clock.tone, "clock-exclamation" if clock.is_late else "clock-hour-4"),
        title=_failed_title(request, failed) or str(TITLES[request.state]) % {"prospect": request.prospect},
        text=f"{_who_asked(request)} {str(due) % {'when': moment(request.due_at)}}",
        href=url_for("references.show", request_id=request.id),
        action=str(ACTIONS[request.state]),
    )


def _failed_title(request: ReferenceRequest, failed: int) -> str:
    """Both people asked for Ribbon Communications fell through"""
    if request.state is not RequestState.MATCHING or not failed:
        return ""
    if failed == TWO_PEOPLE:
        return _("Both people asked for %(prospect)s fell through", prospect=request.prospect)
    return ngettext(
        "The one person asked for %(prospect)s fell through",
        "All %(num)d people asked for %(prospect)s fell through",
        failed,
        prospect=request.prospect,
    )


def of_person(person: Advocate, nominated_by: str | None) -> ActionItem:
    who = {"name": person.name, "about": _about(person)}
    if person.provenance is Provenance.NOMINATED:
        title = _("%(by)s nominated %(name)s", by=nominated_by or _("A colleague"), name=person.name)
    else:
        title = _("%(name)s would like to join", name=person.name)
    text = _("%(about)s. Nothing is asked of them before you say yes.", **who)
    href = url_for("directory.show", advocate_id=person.id)
    return ActionItem((_("To approve"), "now", "user-check"), title, text, href, _("Review"))


def of_emails(count: int) -> ActionItem:
    title = ngettext("%(num)d email did not go out", "%(num)d emails did not go out", count)
    text = _("Each says why. Until then the people they were for have heard nothing.")
    return ActionItem(
        (_("Held"), "warn", "mail-exclamation"), title, text, url_for("emails.index"), _("See the emails")
    )


def of_collisions(count: int) -> ActionItem:
    return ActionItem(
        (_("Duplicate"), "warn", "users"),
        ngettext(
            "%(num)d mailbox belongs to two people", "%(num)d mailboxes belong to two people each", count
        ),
        _(
            "Two spellings of one address were saved as two people. Nothing was merged: you decide who to keep."
        ),
        url_for("address_collisions.index"),
        _("Review"),
    )


def of_alarm(raised: RaisedAlarm) -> ActionItem:
    told = notice(raised)
    href, action = told.href or url_for("emails.index"), told.action or _("See what it means")
    return ActionItem(told.status, told.title, told.text, href, action)


def of_undecided(call: Meeting) -> ActionItem:
    who = {"name": call.ask.advocate.name, "prospect": call.request.prospect}
    return ActionItem(
        (_("Undecided"), "warn", "message-question"),
        _("How did the talk of %(name)s with %(prospect)s go?", **who),
        _("The two sides said different things, or nothing. Ask them, then record it."),
        url_for("references.show", request_id=call.request_id),
        _("Record how it went"),
    )


def of_over_budget(ask: Ask) -> ActionItem:
    who = {"name": ask.advocate.name, "until": day(ask.advocate.available_from), "why": ask.override_reason}
    return ActionItem(
        (_("Overdrawn"), "warn", "alert-triangle"),
        _("%(name)s was asked past the budget", **who),
        _("The reason given: “%(why)s”. Nothing more fits before %(until)s.", **who),
        url_for("directory.show", advocate_id=ask.advocate_id),
        _("Look at what was asked"),
    )


def action_items(
    urgent: UrgentRequests,
    pending: PendingWork,
    promises: ServiceLevels,
    undecided: Sequence[Meeting] = (),
    over_budget: Sequence[Ask] = (),
    alarms: Sequence[RaisedAlarm] = (),
) -> list[ActionItem]:
    """Alarms first, then what is late, calls nobody has settled, people who wait, what is stuck, whom we owe a rest."""
    emails = [of_emails(pending.stuck_emails)] if pending.stuck_emails else []
    collisions = [of_collisions(pending.collisions)] if pending.collisions else []
    return [
        *(of_alarm(one) for one in alarms),
        *(of_request(wanted, promises, urgent.failed_asks.get(wanted.id, 0)) for wanted in urgent.requests),
        *(of_undecided(call) for call in undecided),
        *(of_person(person, by) for person, by in pending.people),
        *emails,
        *collisions,
        *(of_over_budget(ask) for ask in over_budget),
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


def overflow_links(urgent: UrgentRequests, pending: PendingWork) -> list[tuple[str, str]]:
    """What the list has no room for, as (words, address)."""
    requests, people = urgent.total - len(urgent.requests), pending.pending - len(pending.people)
    more_requests = ngettext("%(num)d more request", "%(num)d more requests", requests)
    more_people = ngettext("%(num)d more person waits", "%(num)d more people wait", people)
    found = (
        (requests, more_requests, url_for("references.index")),
        (people, more_people, url_for("directory.index", state="pending")),
    )
    return [(words, address) for number, words, address in found if number]


def _who_asked(request: ReferenceRequest) -> str:
    return _(
        "%(rep)s asked on %(day)s for %(wish)s about %(product)s.",
        rep=request.requester.name,
        day=day(request.submitted_at),
        wish=str(REQUESTED_KINDS[request.kind]),
        product=request.product,
    )


def _about(person: Advocate) -> str:
    company = person.account.name if person.account else person.company
    if person.title and company:
        return _("%(title)s at %(company)s", title=person.title, company=company)
    return person.title or company or person.email
