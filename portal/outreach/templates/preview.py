"""How a text will read: filled for a real person of the workspace, the rest an example, links that lead nowhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from portal.accounts.queries import starts_words
from portal.advocates.models import Advocate, State
from portal.advocates.queries import by_address, with_account
from portal.errors import DomainError
from portal.links import Purpose
from portal.outreach.kinds import LetterKind
from portal.outreach.letters import Link, kept_fields, kept_links
from portal.outreach.models import Letter
from portal.outreach.rendering import Desk, Unwritable, Written
from portal.outreach.templates.compiling import LARGEST, TOO_LARGE
from portal.outreach.templates.defaults import Words
from portal.outreach.templates.labels import TO_STAFF
from portal.outreach.templates.parsing import Problem, problems
from portal.outreach.templates.samples import Signer, sample
from tenants.models import Membership

FOUND = 20


@dataclass(frozen=True)
class Reader:
    """Whose eyes a letter is read with."""

    name: str
    email: str
    time_zone: str = ""
    company: str = ""
    advocate_id: UUID | None = None

    @property
    def label(self) -> str:
        return f"{self.name}, {self.email}" if self.name != self.email else self.email


EXAMPLE = Reader("Ada Lindqvist", "ada@nordbank.example", company="Nordbank")


def faces(session: Session, kind: LetterKind, me: Membership) -> Sequence[Reader]:
    """Whom to offer as readers, the one who fits best first: letters to the team are read by whoever looks."""
    if kind in TO_STAFF:
        return [Reader(me.name or me.email, me.email)]
    return readers(session, "") or [EXAMPLE]


def reader(session: Session, kind: LetterKind, wanted: str, me: Membership) -> Reader | None:
    """The person of this label, address or name; without one somebody who fits. None: nobody is called so."""
    if kind in TO_STAFF or wanted.strip() in {"", EXAMPLE.label}:
        return faces(session, kind, me)[0]
    word = wanted.rsplit(maxsplit=1)[-1]
    person = by_address(session, word) if "@" in word else None
    if person is not None and person.state is not State.ERASED:
        return _of(person)
    return next(iter(readers(session, wanted, 1)), None)


def readers(session: Session, text: str, most: int = FOUND) -> Sequence[Reader]:
    """People to choose from: those in the programme, else anybody we know."""
    its_name = starts_words(Advocate.name_sort, text)
    for those in (Advocate.state == State.ENROLLED, Advocate.state != State.ERASED):
        found = session.scalars(_by_name(with_account().where(those, its_name)).limit(most)).all()
        if found:
            return [_of(person) for person in found]
    return []


def written(desk: Desk, kind: LetterKind, words: Words, to: Reader, me: Membership) -> Written:
    """As if `me` had sent it. Raises Unwritable, or KeyError for a field that the kind does not know: look for
    problems before."""
    return desk.written(_letter(kind, to, _signer(desk, me)), words)


def example_subject(desk: Desk, kind: LetterKind, words: Words, me: Membership) -> str:
    """For lists: the subject as somebody may read it."""
    try:
        return desk.subject(_letter(kind, EXAMPLE, _signer(desk, me)), words)
    except DomainError:
        return words.subject


def trouble(desk: Desk, kind: LetterKind, words: Words, me: Membership) -> list[Problem]:
    """What stands in the way of using this text; it is written once to see that it can be."""
    if found := problems(kind, words):
        return found
    try:
        size = len(written(desk, kind, words, EXAMPLE, me).html.encode())
    except Unwritable as lacking:
        return [Problem("body", 0, lacking.message, lacking.params)]
    except DomainError as refusal:
        return [Problem("subject", 0, refusal.message, refusal.params)]
    return [Problem("body", 0, TOO_LARGE, {"size": size // 1000})] if size > LARGEST else []


def _signer(desk: Desk, me: Membership) -> Signer:
    return Signer(me.name or me.email, desk.workspace.name)


def _letter(kind: LetterKind, to: Reader, by: Signer) -> Letter:
    """A row that is never kept."""
    given = sample(kind, by)
    company = {"company": to.company} if kind is LetterKind.OWN else {}
    preferences = {"preferences": Link(Purpose.PREFERENCES, to.advocate_id)} if to.advocate_id else {}
    return Letter(
        id=uuid7(),
        kind=kind.value,
        letter_class=kind.rule.letter_class,
        locale="en",
        recipient=to.email,
        recipient_name=to.name,
        time_zone=to.time_zone,
        advocate_id=to.advocate_id,
        fields=kept_fields(given.fields | company),
        links=kept_links(given.links | preferences),
    )


def _by_name(people: Select[Advocate]) -> Select[Advocate]:
    return people.order_by(Advocate.name_sort, Advocate.id)


def _of(person: Advocate) -> Reader:
    company = person.account.name if person.account else person.company
    return Reader(person.name, person.email, person.time_zone, company, person.id)
