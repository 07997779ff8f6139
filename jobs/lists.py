"""Bulk actions on the rows of lists, batch by batch."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from portal.lists.actions import go_on
from portal.lists.gathering import gather
from portal.lists.models import BulkActionContinued, BulkActionGathered
from portal.outbox import Message

HANDLERS: dict[type[Message], Callable[[Session, Any], None]] = {
    BulkActionGathered: gather,
    BulkActionContinued: go_on,
}
