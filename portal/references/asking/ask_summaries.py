"""The desk's asks in an advocate's list and timeline, and what follows when they move."""

from collections.abc import Sequence
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from portal.asks import summary_labels
from portal.asks.models import Ask
from portal.declarations.asks import AskSummary


def summaries(session: Session, asks: Sequence[Ask]) -> dict[UUID, AskSummary]:
    return {ask.id: _summary(ask) for ask in asks}


def _summary(ask: Ask) -> AskSummary:
    yes = _("Yes, see the times") if ask.kind.has_meeting else _("Yes, see more")
    return summary_labels.summary(ask, after_due_day=_("then we’ll ask someone else"), yes_label=yes)
