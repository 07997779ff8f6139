"""The door list and badges on paper. Words and names go in as data, so that nothing in a name is typesetting."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typst
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.events.door.guest_row import DoorGuest
from portal.events.models import Event
from portal.web.filters import day, language, time, zone_name

PAGES = Path(__file__).parents[3] / "templates" / "events" / "door"
MOST = 1000  # guests, who take less than a second


@dataclass(frozen=True)
class Paper:
    template: str
    file_name: str


DOOR_LIST = Paper("door_list.typ", "door-list.pdf")
BADGES = Paper("badges.typ", "badges.pdf")


def draw(kind: Paper, event: Event, workspace: str, guests: Sequence[DoorGuest]) -> bytes:
    data = {
        "language": language(),
        "title": event.title,
        "workspace": workspace,
        "when": _when(event),
        "count": ngettext("%(num)s guest", "%(num)s guests", len(guests)),
        "guests": [_guest(each, event.time_zone) for each in guests],
        "heads": [_("Name"), _("Company"), _("To know"), _("In at")],
    }
    made = typst.compile(str(PAGES / kind.template), sys_inputs={"data": json.dumps(data)}, format="pdf")
    if not isinstance(made, bytes):
        raise TypeError("One file was asked for.")
    return made


def _when(event: Event) -> str:
    starts, zone = event.starts_at, event.time_zone
    return f"{day(starts, zone)}, {time(starts, zone)} {zone_name(starts, zone)}"


def _guest(guest: DoorGuest, zone: str) -> dict[str, Any]:
    return {
        "name": guest.name,
        "from": guest.where_from,
        "company": guest.company,
        "detail": guest.detail,
        "in": time(guest.row.attended_at, zone),
        "number": guest.number,
    }
