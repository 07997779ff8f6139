"""What a door sends: by a form of its page, or by a script that kept it while there was no connection.

The link in the address proves where it comes from, so these forms carry no secret that could grow old.
"""

from datetime import UTC, datetime
from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from uuid_utils.compat import uuid7
from wtforms import HiddenField, IntegerField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from portal.events.door.actions import DoorEntry, Newcomer
from portal.events.door.presence import LONGEST_NAME
from portal.web.forms import Form, single_line


class DoorForm(Form):
    by = StringField(_l("Your name"), [Length(max=LONGEST_NAME), single_line])
    at = HiddenField()  # when the device did it, in UTC
    guest_id = HiddenField()
    undoes = HiddenField()  # the moment of the check-in that an undo means
    q = HiddenField()  # what was searched for stays

    class Meta(Form.Meta):
        csrf = False

    def entry(self, usual_name: str) -> DoorEntry:
        return DoorEntry(by=self.by.data or usual_name, at=moment_of(self.at.data))

    @property
    def guest(self) -> UUID | None:
        return uuid_of(self.guest_id.data)


class NewcomerForm(DoorForm):
    name = StringField(_l("Name"), [DataRequired(_l("Please give a name.")), Length(max=120), single_line])
    company = StringField(_l("Company"), [Length(max=120), single_line])
    email = StringField(_l("Email address"), [Length(max=254), single_line])
    key = HiddenField()  # made by the device: the same person sent twice is one guest

    @property
    def newcomer(self) -> Newcomer:
        return Newcomer(
            id=uuid_of(self.key.data) or uuid7(),
            name=self.name.data or "",
            company=self.company.data or "",
            email=self.email.data or "",
        )


class ScanForm(DoorForm):
    code = StringField(_l("Ticket"), [DataRequired(_l("Please scan or type a ticket.")), Length(max=500)])


class DoorLinkForm(Form):
    name = StringField(
        _l("Who is at the door?"),
        [DataRequired(_l("Please give a name, such as Sam.")), Length(max=LONGEST_NAME), single_line],
    )
    hours = IntegerField(
        _l("Hours after the end until the link stops working"),
        [InputRequired(_l("Please enter a number of hours.")), NumberRange(0, 48)],
        default=2,
    )


class AttendanceFileForm(Form):
    file = FileField(_l("File of attendance"), [FileRequired(_l("Please choose a file first."))])


def moment_of(text: object) -> datetime | None:
    """None for what no clock wrote: then it is now."""
    try:
        at = datetime.fromisoformat(str(text or ""))
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo else None


def uuid_of(text: object) -> UUID | None:
    try:
        return UUID(str(text or ""))
    except ValueError:
        return None
