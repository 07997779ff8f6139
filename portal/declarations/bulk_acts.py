"""What can be done with many rows of a list at once: those that were picked, or all that a filter finds."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select
from sqlalchemy.orm import Session

from portal.declarations.attributes import Origin
from portal.declarations.origins import NOBODY_KNOWS
from tenants.models import Membership


@dataclass(frozen=True, eq=False)
class ListReader:
    """Who reads a list and when; a worker reads for whoever asked it to."""

    session: Session
    member: Membership
    now: datetime


RowIds = Collection[UUID] | Select[UUID]  # a select where they are many
Refusals = Mapping[UUID, str]  # rows that are left out -> the code of the first reason


@dataclass(frozen=True, kw_only=True)
class BulkOptions:
    """What was chosen with the act, and who does it."""

    by: Membership
    choice: str = ""  # one of the act's choices
    until: date | None = None
    reason: str = ""
    origin: Origin = NOBODY_KNOWS  # of those it is done with


@dataclass(frozen=True, kw_only=True, eq=False)
class BulkAct:
    """What managers and admins can do. Words that count get the number of rows.

    `refusals` are asked for the preview, and again before `apply`, under lock.
    """

    name: str  # kept with what was done, so it never changes
    label: Any  # of the button; ends in "…", since a preview follows
    title: Callable[[int], str]  # "Send 12 invitations?"
    lede: Any  # what it means for them
    submit: Callable[[int], str]
    done: Callable[[int], str]
    nobody: Any  # the title when all are left out
    reasons: Mapping[Any, Any]  # code -> why somebody is left out
    refusals: Callable[[Session, RowIds, BulkOptions], Refusals]
    apply: Callable[[Session, Sequence[UUID], BulkOptions], object]
    choices: Callable[[ListReader], Mapping[str, Any]] | None = None  # one of them is chosen with the button
    lock_first: Callable[[Session, BulkOptions], object] | None = None  # what is locked before the rows
    has_pause_fields: bool = False  # a day and a reason are asked for in the preview
    icon: str = "users"
    is_danger: bool = False
