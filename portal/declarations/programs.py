"""Programs: each is declared once, in `program.py` of its feature, with everything that other features ask of it.

`portal/programs.py` lists them. Whatever stands below that list finds a program by the table of the record that an
ask serves, or goes through all of them; it never names one.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from portal import policies
from portal.declarations.answers import AnswerPart
from portal.declarations.asks import AskFollowUps, DueDay, ImpactPart, Summaries, TimelineTexts
from portal.declarations.campaigns import CampaignPart
from portal.declarations.email_kinds import EmailKind
from portal.declarations.home import ComingUp, HomePart
from portal.declarations.link_phrases import LinkPhrase
from portal.declarations.lists import DeclaredList
from portal.declarations.metrics import Metric
from portal.declarations.pages import MenuEntry, PagePart, RecordLink
from portal.declarations.registry import Registry
from portal.declarations.schedules import DueWork
from portal.declarations.segment_uses import SegmentUser
from portal.declarations.withdrawal_reasons import WithdrawalReason
from portal.links import LinkPurpose
from portal.outbox import Message
from portal.policies import Policy
from tenants.base import TenantOwned

TEMPLATES = Path(__file__).parents[2] / "templates"
Handler = Callable[[Session, Any], None]
RecordFinder = Callable[[Session, UUID], RecordLink | None]  # id of a row -> the page it belongs to


@dataclass(frozen=True, kw_only=True, eq=False)
class Program:
    """Words are marked for translators where they are declared and translated where they are shown."""

    name: str  # kept in settings, so it never changes
    label: str
    description: str  # what an admin reads beside the switch
    subject: type[TenantOwned]  # the record its asks serve
    ask_kinds: tuple[StrEnum, ...]  # what it asks for: people may tick these, admins may change their rules
    answer: AnswerPart
    follow_ups: AskFollowUps
    summaries: Summaries
    timeline_texts: TimelineTexts
    impact: ImpactPart
    home: HomePart
    email_subjects: Mapping[str, RecordFinder]  # tables its emails are about -> the page of such a row
    coming_up: Callable[[Session, Any], ComingUp | None] | None = None  # of an advocate
    email_kinds: tuple[EmailKind, ...] = ()
    link_phrases: tuple[LinkPhrase, ...] = ()  # what its links lead to, beside those of every ask
    withdrawal_reasons: tuple[WithdrawalReason, ...] = ()  # beside those of every ask
    timeline_detail: ColumnElement[Any] | None = (
        None  # JSON for its texts, read with the asks in one statement
    )
    campaign: CampaignPart | None = None  # where very many can be asked about one record
    due_day: DueDay | None = None  # to answer by; None: as many days after its email as it was written with
    lists: tuple[DeclaredList, ...] = ()
    segment_users: tuple[SegmentUser, ...] = ()  # its records that are for a segment
    menu: tuple[MenuEntry, ...] = ()
    advocate_menu: tuple[MenuEntry, ...] = ()
    link_paths: Mapping[str, str] = field(default_factory=dict)  # purpose of a signed link -> where it leads
    metrics: tuple[Metric, ...] = ()
    blueprints: tuple[Any, ...] = ()  # its pages
    export_sources: tuple[Any, ...] = ()  # files that a worker makes, beside those of its lists
    due_work: tuple[DueWork, ...] = ()  # what it does by the clock, while it is on
    handlers: Mapping[type[Message], Callable[[Session, Any], None]] = field(
        default_factory=dict
    )  # what follows from messages, its own and others, in a worker
    policy_groups: Mapping[str, str] = field(default_factory=dict)  # headings of its settings
    start_action: RecordLink | None = None  # where a member begins something of it
    advocate_action: RecordLink | None = None  # what a manager can do next for a person who is in
    deal_part: Callable[[Session, Any, Any], PagePart | None] | None = None  # of a deal, for a member
    is_on_by_default: bool = False

    @property
    def subject_type(self) -> str:
        return str(self.subject.__tablename__)

    @property
    def switch(self) -> Policy:
        return policies.POLICIES[switch_name(self.name)]

    def problems(self) -> Iterator[str]:
        yield from self._missing_words()
        yield from self._same_names()
        if not self.ask_kinds:
            yield "it asks for nothing."
        if self.subject_type not in self.email_subjects:
            yield f"emails about {self.subject_type} lead to no page."
        for template in (self.answer.template, self.answer.answered_template):
            if not (TEMPLATES / template).is_file():
                yield f"its template templates/{template} is missing."
        for purpose, path in self.link_paths.items():
            if not path or path.startswith("/"):
                yield f"the path of the link “{purpose}” is missing or begins with a slash."

    def _same_names(self) -> Iterator[str]:
        if _twice(one.name for one in self.answer.extra):
            yield "two of its answers have one name."
        for name in _twice(work.name for work in self.due_work):
            yield f"what it does by the clock is called “{name}” twice, and a slot is taken by name."

    def _missing_words(self) -> Iterator[str]:
        for part in ("name", "label", "description"):
            if not getattr(self, part).strip():
                yield f"its {part} is missing."
        for entry in (*self.menu, *self.advocate_menu):
            if not entry.label.strip():
                yield f"its menu entry “{entry.key}” has no words."
        for one in self.answer.extra:
            if not one.label.strip():
                yield f"its answer “{one.name}” has no words."


def switch_name(name: str) -> str:
    return f"programs.{name}"


class ProgramRegistry(Registry[Program]):
    """Every program, in the order in which pages show them."""

    def add(self, *declared: Program) -> None:
        super().add(*declared)
        for each in declared:
            policies.declare(
                switch_name(each.name),
                int(each.is_on_by_default),
                each.label,
                each.description,
                high=1,
                is_listed=False,
            )

    def of_subject(self, table: str) -> Program:
        found = self.find_by_subject(table)
        if found is None:
            raise LookupError(f"No program has its records in “{table}”.")
        return found

    def find_by_subject(self, table: str) -> Program | None:
        """Find the program of a stored row, which may outlive the program."""
        return next((each for each in self if each.subject_type == table), None)

    def link_path(self, purpose: str) -> str | None:
        return next((each.link_paths[purpose] for each in self if purpose in each.link_paths), None)

    @property
    def ask_kinds(self) -> frozenset[str]:
        """Whatever somebody asks for."""
        return frozenset(kind for each in self for kind in each.ask_kinds)

    def problems(self) -> Iterator[str]:
        yield from super().problems()
        yield from _doubles("records in the table", (each.subject_type for each in self))
        yield from _doubles("links for the purpose", (one for each in self for one in each.link_paths))
        yield from _doubles("the metric", (one.name for each in self for one in each.metrics))
        yield from _doubles("the menu entry", (one.key for each in self for one in each.menu))
        yield from _doubles(
            "the entry for advocates", (one.key for each in self for one in each.advocate_menu)
        )
        yield from _doubles("the page of emails about", (one for each in self for one in each.email_subjects))
        yield from _doubles("the group of settings", (one for each in self for one in each.policy_groups))
        taken = {purpose.value for purpose in LinkPurpose}
        for each in self:
            yield from (
                f"The program “{each.name}”: the link purpose “{purpose}” belongs to every program."
                for purpose in each.link_paths
                if purpose in taken
            )


def _doubles(what: str, names: Iterable[str]) -> Iterator[str]:
    yield from (f"Two programs declare {what} “{name}”." for name in _twice(names))


def _twice(names: Iterable[str]) -> list[str]:
    return [name for name, times in Counter(names).items() if times > 1]


PROGRAMS = ProgramRegistry("program")
