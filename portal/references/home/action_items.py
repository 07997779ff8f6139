"""What of the desk needs a manager's attention, one line each."""

from collections.abc import Sequence

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal.badges import StatusBadge
from portal.declarations.home import ActionItem
from portal.references.home.queries import UrgentRequests
from portal.references.labels import time_left
from portal.references.models import Meeting, ReferenceRequest, RequestState
from portal.references.service_levels import ServiceLevels, SlaStage
from portal.web.filters import day, moment

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
ACTIONS = {
    RequestState.SUBMITTED: _l("Review and respond"),
    RequestState.MATCHING: _l("See who could help"),
    RequestState.ASKED: _l("See who was asked"),
    RequestState.SCHEDULED: _l("Open the request"),
}


def action_items(
    urgent: UrgentRequests, promises: ServiceLevels, undecided: Sequence[Meeting]
) -> list[ActionItem]:
    return [
        *(of_request(one, promises, urgent.failed_asks.get(one.id, 0)) for one in urgent.requests),
        *(of_undecided(call) for call in undecided),
    ]


def overflow_links(urgent: UrgentRequests) -> list[tuple[str, str]]:
    requests = urgent.total - len(urgent.requests)
    text = ngettext("%(num)d more request", "%(num)d more requests", requests)
    return [(text, url_for("references.index"))] if requests else []


def of_request(request: ReferenceRequest, promises: ServiceLevels, failed: int = 0) -> ActionItem:
    clock = promises.current_clock(request)
    due = (WAS_DUE if clock.is_late else DUE)[clock.stage]
    return ActionItem(
        status=StatusBadge(
            time_left(clock), clock.tone, "clock-exclamation" if clock.is_late else "clock-hour-4"
        ),
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


def of_undecided(call: Meeting) -> ActionItem:
    who = {"name": call.ask.advocate.name, "prospect": call.request.prospect}
    return ActionItem(
        StatusBadge(_("No result yet"), "warn", "message-question"),
        _("How did the call between %(name)s and %(prospect)s go?", **who),
        _("The two sides gave different answers, or none. Ask them, then record the result."),
        url_for("references.show", request_id=call.request_id),
        _("Record how it went"),
    )


def _who_asked(request: ReferenceRequest) -> str:
    return _(
        "%(rep)s asked on %(day)s for %(kind)s about %(product)s.",
        rep=request.requester.name,
        day=day(request.submitted_at),
        kind=_(request.kind.row.requested),
        product=request.product,
    )
