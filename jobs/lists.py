"""Bulk actions on the rows of lists, batch by batch."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from portal.lists.actions import go_on
from portal.lists.models import BulkActionContinued
from portal.outbox import Message

HANDLERS: dict[type[Message], Callable[[Session, Any], None]] = {BulkActionContinued: go_on}
