"""The kinds of email: each is declared by its feature, in `emails.py`, with everything that is known of it.

Words are marked for translators there and translated when shown.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from portal.declarations.merge_fields import MergeField, MergeFieldType
from portal.declarations.registry import Registry
from portal.declarations.reminders import ReminderSequence
from portal.declarations.sample_emails import SampleEmail
from portal.gateways.queue import WorkQueue

DEFAULT_TEXTS = Path(__file__).parents[2] / "templates" / "emails"


class EmailClass(StrEnum):
    """What may hold an email back (docs/domain.md, Emails)."""

    TRANSACTIONAL = "transactional"  # answers something the reader did, or belongs to their own work
    INVITATION = "invitation"
    PROGRAM = "program"


@dataclass(frozen=True)
class EmailGroup:
    """A heading on the page of email templates; the lowest position stands first."""

    label: str
    position: int


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class EmailKind:
    """`name` is stored with every email and names the default text below the subject: templates/emails/<name>.md."""

    name: str
    label: str
    sent_when: str  # a sentence for the page of templates
    subject: str  # of the default text, with merge fields; a workspace’s own template has its own
    fields: tuple[MergeField, ...]  # besides those that every email has
    sample: SampleEmail
    group: EmailGroup | None  # None: the workspace names such emails itself
    email_class: EmailClass = EmailClass.TRANSACTIONAL
    purpose: str = ""  # the consent a program email stands on; empty: its writer names it
    required_links: tuple[str, ...] = ()  # fields without which it would lead nowhere
    signature_field: str = "from_name"  # who signs it
    is_shown_to_staff: bool = True
    is_to_members: bool = False  # its readers work here
    is_time_sensitive: bool = False  # about an hour, or with a link, that may be over days later
    needs_open_ask: bool = False  # leaves only while its ask waits for an answer
    asks_somebody: bool = False  # the time to answer its ask runs from when it leaves
    reminders: ReminderSequence | None = None  # it goes out by this sequence
    queue: WorkQueue = WorkQueue.MAIL

    def __repr__(self) -> str:
        return f"EmailKind({self.name})"

    @property
    def default_text(self) -> Path:
        return DEFAULT_TEXTS / f"{self.name}.md"

    def problems(self) -> Iterator[str]:
        for part in ("name", "label", "sent_when", "subject"):
            if not getattr(self, part):
                yield f"its {part} is missing."
        if not self.default_text.is_file():
            yield f"its default text templates/emails/{self.name}.md is missing."
        links = {field.name for field in self.fields if field.type is MergeFieldType.LINK}
        for link in set(self.required_links) - links:
            yield f"it needs the link “{link}”, which is none of its fields."
        yield from self.reminders.problems() if self.reminders else ()


class EmailKindRegistry(Registry[EmailKind]):
    """Every kind of email, in the order in which pages list them."""

    about_open_asks: frozenset[str] = frozenset()  # the claim looks here for every email
    that_ask: frozenset[str] = frozenset()  # the same

    def add(self, *declared: EmailKind) -> None:
        super().add(*declared)
        self.about_open_asks = frozenset(self._names(lambda kind: kind.needs_open_ask))
        self.that_ask = frozenset(self._names(lambda kind: kind.asks_somebody))

    @property
    def hidden_from_staff(self) -> list[str]:
        return self._names(lambda kind: not kind.is_shown_to_staff)

    @property
    def time_sensitive(self) -> list[str]:
        return self._names(lambda kind: kind.is_time_sensitive)

    @property
    def reminders(self) -> dict[str, tuple[EmailKind, ReminderSequence]]:
        return {kind.reminders.program: (kind, kind.reminders) for kind in self if kind.reminders}

    def problems(self) -> Iterator[str]:
        yield from super().problems()
        programs = Counter(kind.reminders.program for kind in self if kind.reminders)
        yield from (f"Two email kinds remind of “{each}”." for each, times in programs.items() if times > 1)
        for text in sorted(DEFAULT_TEXTS.glob("*.md")):
            if text.stem not in self:
                yield f"The text templates/emails/{text.name} belongs to no email kind."

    def _names(self, which: Callable[[EmailKind], bool]) -> list[str]:
        return [kind.name for kind in self if which(kind)]


EMAIL_KINDS = EmailKindRegistry("email kind")
