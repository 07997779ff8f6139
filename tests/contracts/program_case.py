"""What a program brings to the contracts that hold for every program: how one of its asks comes about in a test.

Everything else the tests read from its declaration.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from portal.advocates.models import Advocate
from portal.asks.models import Ask, AskKind
from portal.declarations.answers import never_changeable
from portal.declarations.email_kinds import EmailKind
from portal.declarations.programs import Program
from tenants.models import Membership
from tests.fixture_types import Travel
from tests.outreach.templates.who_typed import Who
from tests.world import World


def nothing_more(world: World, by: Membership, ask: Ask, travel: Travel) -> None:
    """The answer was all that was asked for."""


@dataclass(frozen=True, kw_only=True)
class ProgramFacts:
    """What the rules of the house have to know of a program, once however many cases it has."""

    history_actions: (
        str  # in lines of the history that nobody changes any more: each keeps its words for ever
    )
    typed_by: Mapping[EmailKind, Mapping[str, Who]]  # its emails, field by field
    given_by_strangers: Mapping[EmailKind, tuple[str, ...]] = field(default_factory=dict)  # not yet made safe
    signed_rows: Mapping[str, str] = field(default_factory=dict)  # purpose of a link -> the table it is about
    more_pages: Mapping[str, str] = field(
        default_factory=dict
    )  # endpoint -> a page of it whose forms name other rows


@dataclass(frozen=True, kw_only=True)
class ProgramCase:
    """`ask` makes the record and asks, as the feature does it; what refuses people there may refuse here."""

    program: Program
    kind: AskKind
    ask: Callable[[World, Membership, Advocate], object]  # this member asks this person
    yes: Callable[[World, Ask], dict[str, object]]  # what a yes fills in on the answer page
    needs_manager: Callable[[World, Membership], str]  # something waits: the words a manager reads at home
    needs_owner: Callable[[World, Membership], str] | None = (
        None  # the same, of a company this member looks after
    )
    needs_rep: Callable[[World, Membership], str] | None = (
        None  # work of this rep: the words they read at home
    )
    on_today: Callable[[World, Membership], str] | None = (
        None  # something takes place today: its words at home
    )
    finish: Callable[[World, Membership, Ask, Travel], None] = nothing_more  # after a yes: the favor is done
    variant: str = ""  # where a program brings several

    def __str__(self) -> str:
        return " ".join(part for part in (self.program.name, self.variant) if part)

    @property
    def asks_by_email(self) -> bool:
        return any(kind.asks_somebody for kind in self.program.email_kinds)

    @property
    def may_change(self) -> bool:
        """A guest's answer may be another for a while."""
        return self.kind.is_guest and self.program.answer.changeable_until is not never_changeable

    @property
    def metrics(self) -> tuple[str, ...]:
        """By their names."""
        return tuple(metric.name for metric in self.program.metrics)

    @property
    def is_done_at_once(self) -> bool:
        return self.finish is nothing_more
