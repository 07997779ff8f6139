"""A rep's home: the own requests, those that wait for the rep first, and deals whose end nobody has told."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from portal.declarations.home import RoleHome
from portal.declarations.pages import PagePart, RecordLink
from portal.i18n import mark
from portal.references.home.queries import ROWS_SHOWN
from portal.references.models import RequestState
from portal.references.queries import RUNNING
from portal.references.requests import request_lists
from portal.references.requests.request_rows import RequestRow, request_rows
from portal.references.service_levels import service_levels
from tenants.models import Membership

ACTIONS = (
    RecordLink(mark("Log one I arranged"), "new_request.off_platform"),
    RecordLink(mark("Ask for a reference"), "new_request.new"),
)


@dataclass(frozen=True)
class RepRequests:
    running: Sequence[RequestRow]
    delivered: Sequence[RequestRow]  # they wait for their outcome


def rep_home(session: Session, member: Membership) -> RoleHome:
    mine = _requests(session, member)
    return RoleHome(rep_title(mine.running), PagePart("references/home/rep.html", mine, ACTIONS))


def _requests(session: Session, member: Membership) -> RepRequests:
    """Those that run, and the newest that wait for their outcome."""
    running = request_lists.requests_of_rep(session, member, RUNNING).rows
    delivered = request_lists.requests_of_rep(session, member, [RequestState.DELIVERED], size=ROWS_SHOWN).rows
    lines = request_rows(session, [*running, *delivered], service_levels(session), for_desk=False)
    return RepRequests(waiting_first(lines[: len(running)]), lines[len(running) :])


def rep_title(running: Sequence[RequestRow]) -> str:
    waiting = sum(is_waiting_for_rep(row) for row in running)
    if waiting:
        return ngettext("One request is waiting for you", "%(num)d requests are waiting for you", waiting)
    if running:
        return ngettext("One open request", "%(num)d open requests", len(running))
    return _("No open requests")


def waiting_first(running: Sequence[RequestRow]) -> list[RequestRow]:
    return sorted(running, key=lambda row: not is_waiting_for_rep(row))


def is_waiting_for_rep(row: RequestRow) -> bool:
    return row.request.waiting_since is not None
