"""What a program says so that very many people can be asked about one of its records (portal/campaigns).

`record` is the record itself, read without a lock; a campaign locks companies and people by itself.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from portal.declarations.attributes import Origin

Conditions = Sequence[ColumnElement[bool]]  # on people, with their company beside them


@dataclass(frozen=True)
class CampaignRound:
    """Those who are asked in one round of a record: the day it began, and who asks."""

    record: Any
    began_on: date
    by: Any  # a member, or None


@dataclass(frozen=True, kw_only=True)
class AskedKind:
    """A kind of ask, and what decides besides who can be asked for it."""

    kind: str  # of ask
    asked_lately: Callable[[Session], ColumnElement[bool]]  # they had one lately, by the program’s own rule
    lately: str  # of those, in words: “Had a survey lately”


@dataclass(frozen=True, kw_only=True)
class CampaignPart(AskedKind):
    record: Callable[[Session, UUID], Any]
    lock: Callable[[Session, UUID], Any]  # the record, for a change
    audience: Callable[[Session, Any], Any]  # of a record, out of the program (portal/segments/audience.py)
    audience_origin: Callable[[Session, Any], Origin]  # what decides who these are: reviews are asked of few
    due_on: Callable[[Session, Any], Callable[[Any], date]]  # of a record: the last day of a person
    write: Callable[[Session, CampaignRound, Sequence[Any]], None]  # rows and emails of those who were asked
    follow_up: Callable[[Session, Sequence[Any]], None]  # asks of a batch, in a worker, once or twice
    declined: Callable[[Session, Any], None]  # a second person did not approve; the record is locked
    closed: Callable[
        [Session, Collection[UUID]], Collection[UUID]
    ]  # those records: no email about them leaves
    name: Any = None  # the column of the record that people know it by
