"""When it goes out, in how many waves, and who approves it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateTimeLocalField, HiddenField, IntegerField, SelectField, ValidationError
from wtforms.validators import NumberRange, Optional

from portal.campaigns.actions import Schedule
from portal.campaigns.models import MOST_WAVES
from portal.web.forms import Form, select_choices
from tenants.clock import utc_now
from tenants.models import Membership

FURTHEST = timedelta(days=180)


class StartForm(Form):
    starts_at = DateTimeLocalField(_l("Start on"), [Optional()])
    waves = IntegerField(_l("Waves"), [Optional(), NumberRange(1, MOST_WAVES)], default=1)
    days_between = IntegerField(_l("Days between them"), [Optional(), NumberRange(1, 30)], default=1)
    seen = HiddenField()  # the audience as the page showed it
    approver = SelectField(_l("Who approves it"), validate_choice=False)

    def set_approvers(self, members: Sequence[Membership], *, is_needed: bool) -> None:
        field: Any = self.approver
        field.choices = select_choices(
            [("", _("Please choose")), *((str(one.id), one.name) for one in members)]
        )
        self.needs_approval, self.approvers = is_needed, {str(one.id) for one in members}

    def validate_starts_at(self, field: DateTimeLocalField) -> None:
        """The form of a workspace's clock; what is long past is a slip, what is just past starts now."""
        now = utc_now().replace(tzinfo=None)
        if field.data and not now - timedelta(days=2) <= field.data <= now + FURTHEST:
            raise ValidationError(_("Please choose a day within the next six months."))

    def validate_approver(self, field: SelectField) -> None:
        if self.needs_approval and field.data not in self.approvers:
            raise ValidationError(_("So many people need a second person’s approval. Please choose one."))

    def saw_another(self, fingerprint: str) -> bool:
        """Somebody changed the audience between the preview and the start."""
        return bool(self.seen.data) and self.seen.data != fingerprint

    def schedule(self, zone: ZoneInfo) -> Schedule:
        approver_id = self.approver.data if self.needs_approval else ""
        return Schedule(
            starts_at=self._moment(zone),
            waves=self.waves.data or 1,
            days_between=self.days_between.data or 1,
            approver_id=UUID(approver_id) if approver_id else None,
            seen=self.seen.data or "",
        )

    def _moment(self, zone: ZoneInfo) -> datetime | None:
        typed: datetime | None = self.starts_at.data
        return typed.replace(tzinfo=zone) if typed else None
