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
from portal.errors import DomainError
from tenants.models import Membership


@dataclass(frozen=True, eq=False)
class ListReader:
    """Who reads a list and when; a worker reads for whoever asked it to."""

    session: Session
    member: Membership
    now: datetime


RowIds = Collection[UUID] | Select[UUID]  # a select where they are many
Refusals = Mapping[UUID, str]  # rows that are left out -> the code of the first reason


class InvalidName(DomainError):
    """What is to be made can’t be called so."""


NEW = "new"  # the choice of what is made when the act begins


@dataclass(frozen=True, kw_only=True, eq=False)
class NewChoice:
    """A tag or a list that isn’t there yet: the preview asks for its name, and it is made when the act begins.

    `make`: named so, by whom -> the choice that it is from then on. It may raise InvalidName.
    """

    label: Any  # “New list…”
    field_label: Any
    make: Callable[
        [Session, str, Membership], str
    ]  # named so, by whom -> the choice that it is from then on; may raise InvalidName


@dataclass(frozen=True, kw_only=True)
class BulkOptions:
    """What was chosen with the act, and who does it."""

    by: Membership
    choice: str = ""  # one of the act's choices, or NEW in a preview
    until: date | None = None
    reason: str = ""
    origin: Origin = NOBODY_KNOWS  # of those it is done with


@dataclass(frozen=True, kw_only=True, eq=False)
class BulkAct:
    """What managers and admins can do. Words that count get the number of rows.

    `refusals` are asked for the preview, and again before `apply`, under lock. `apply` may return whom it left
    out all the same.
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
    apply: Callable[[Session, Sequence[UUID], BulkOptions], Refusals | None]
    choices: Callable[[ListReader], Mapping[str, Any]] | None = None  # one of them is chosen with the button
    new_choice: NewChoice | None = None
    lock_first: Callable[[Session, BulkOptions], object] | None = None  # what is locked before the rows
    has_pause_fields: bool = False  # a day and a reason are asked for in the preview
    icon: str = "users"
    is_danger: bool = False

    def offers(self, choice: str, reader: ListReader) -> bool:
        if self.choices is None:
            return not choice
        return (choice == NEW and self.new_choice is not None) or choice in self.choices(reader)
