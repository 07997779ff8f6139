"""What needs a manager's attention, one line each: status, reason, and the one thing to do."""

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
    RequestState.SUBMITTED: _l("%(prospect)s needs a first response"),
    RequestState.MATCHING: _l("%(prospect)s still needs someone to ask"),
    RequestState.ASKED: _l("No one has said yes to %(prospect)s yet"),
    RequestState.SCHEDULED: _l("The reference for %(prospect)s is late"),
}
DUE = {
    SlaStage.FIRST_RESPONSE: _l("A response is due by %(when)s."),
    SlaStage.FIRST_ASK: _l("Someone should be asked by %(when)s."),
    SlaStage.DELIVERY: _l("The reference is due by %(when)s."),
}
WAS_DUE = {
    SlaStage.FIRST_RESPONSE: _l("A response was due on %(when)s."),
    SlaStage.FIRST_ASK: _l("Someone should have been asked by %(when)s."),
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
    RequestState.SUBMITTED: _l("Review and respond"),
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
    """`failed`: how many people were asked for it without success."""
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
    """Ribbon Communications still needs someone: both people we asked can’t help"""
    if request.state is not RequestState.MATCHING or not failed:
        return ""
    if failed == TWO_PEOPLE:
        return _(
            "%(prospect)s still needs someone: both people we asked can’t help", prospect=request.prospect
        )
    return ngettext(
        "%(prospect)s still needs someone: the person we asked can’t help",
        "%(prospect)s still needs someone: none of the %(num)d people we asked can help",
        failed,
        prospect=request.prospect,
    )


def of_person(person: Advocate, nominated_by: str | None) -> ActionItem:
    who = {"name": person.name, "about": _about(person)}
    if person.provenance is Provenance.NOMINATED:
        title = _("%(by)s nominated %(name)s", by=nominated_by or _("A colleague"), name=person.name)
    else:
        title = _("%(name)s would like to join", name=person.name)
    text = _("%(about)s. We won’t ask them for anything until you approve.", **who)
    href = url_for("directory.show", advocate_id=person.id)
    return ActionItem((_("Needs approval"), "now", "user-check"), title, text, href, _("Review"))


def of_emails(count: int) -> ActionItem:
    title = ngettext("%(num)d email wasn’t sent", "%(num)d emails weren’t sent", count)
    text = _("Open them to see why. The recipients haven’t heard from you yet.")
    return ActionItem(
        (_("Not sent"), "warn", "mail-exclamation"), title, text, url_for("emails.index"), _("See the emails")
    )


def of_collisions(count: int) -> ActionItem:
    return ActionItem(
        (_("Duplicate"), "warn", "users"),
        ngettext(
            "%(num)d email address belongs to two people",
            "%(num)d email addresses belong to two people each",
            count,
        ),
        _(
            "Two spellings of one address were saved as two people. Decide which one to keep; nothing was merged."
        ),
        url_for("address_collisions.index"),
        _("Review"),
    )


def of_alarm(raised: RaisedAlarm) -> ActionItem:
    told = notice(raised)
    href, action = told.href or url_for("emails.index"), told.action or _("See details")
    return ActionItem(told.status, told.title, told.text, href, action)


def of_undecided(call: Meeting) -> ActionItem:
    who = {"name": call.ask.advocate.name, "prospect": call.request.prospect}
    return ActionItem(
        (_("No result yet"), "warn", "message-question"),
        _("How did the call between %(name)s and %(prospect)s go?", **who),
        _("The two sides gave different answers, or none. Ask them, then record the result."),
        url_for("references.show", request_id=call.request_id),
        _("Record how it went"),
    )


def of_over_budget(ask: Ask) -> ActionItem:
    who = {"name": ask.advocate.name, "until": day(ask.advocate.available_from), "why": ask.override_reason}
    return ActionItem(
        (_("Over limit"), "warn", "alert-triangle"),
        _("%(name)s was asked more than the limit allows", **who),
        _("Reason: “%(why)s”. They’re free again on %(until)s.", **who),
        url_for("directory.show", advocate_id=ask.advocate_id),
        _("See what was asked"),
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
        *(of_request(one, promises, urgent.failed_asks.get(one.id, 0)) for one in urgent.requests),
        *(of_undecided(call) for call in undecided),
        *(of_person(person, by) for person, by in pending.people),
        *emails,
        *collisions,
        *(of_over_budget(ask) for ask in over_budget),
    ]


def title(count: int) -> str:
    """Five things need your attention"""
    if not count:
        return _("Nothing needs your attention")
    number = str(NUMBERS[count - 1]) if count <= len(NUMBERS) else str(count)
    return ngettext(
        "%(number)s thing needs your attention", "%(number)s things need your attention", count, number=number
    )


def lede(late: int, call: Meeting | None, place: str) -> str:
    """What cannot wait, and what comes next."""
    sentences = [ngettext("%(num)d request is late.", "%(num)d requests are late.", late)] if late else []
    if call is not None:
        at = time(call.starts_at, place)
        sentences.append(
            _("The next call is at %(time)s with %(prospect)s.", time=at, prospect=call.request.prospect)
        )
    return " ".join(sentences) or _("No requests are late, and no more calls are scheduled today.")


def overflow_links(urgent: UrgentRequests, pending: PendingWork) -> list[tuple[str, str]]:
    """What the list has no room for, as (text, address)."""
    requests, people = urgent.total - len(urgent.requests), pending.pending - len(pending.people)
    more_requests = ngettext("%(num)d more request", "%(num)d more requests", requests)
    more_people = ngettext("%(num)d more person to approve", "%(num)d more people to approve", people)
    found = (
        (requests, more_requests, url_for("references.index")),
        (people, more_people, url_for("directory.index", state="pending")),
    )
    return [(text, address) for number, text, address in found if number]


def _who_asked(request: ReferenceRequest) -> str:
    return _(
        "%(rep)s asked on %(day)s for %(kind)s about %(product)s.",
        rep=request.requester.name,
        day=day(request.submitted_at),
        kind=str(REQUESTED_KINDS[request.kind]),
        product=request.product,
    )


def _about(person: Advocate) -> str:
    company = person.account.name if person.account else person.company
    if person.title and company:
        return _("%(title)s at %(company)s", title=person.title, company=company)
    return person.title or company or person.email
