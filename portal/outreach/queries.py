"""Letters as staff read them. Sign-in letters are nobody's business, so none of these ever shows one.

What a page counts and what the list is filtered by is one condition (FATES): a number opens the rows it counted.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, text
from sqlalchemy.orm import Session

from portal.errors import NotFound
from portal.outreach.events.models import LetterEvent
from portal.outreach.kinds import HIDDEN, LetterKind
from portal.outreach.models import NEEDS_A_PERSON, Hold, Letter, LetterState
from portal.outreach.sequences.models import Sequence as LetterSequence
from portal.outreach.templates.models import TemplateVersion
from tenants.addresses import normal_email

S = LetterState


class View(StrEnum):
    """Where a letter stands. The middle four share all letters among them."""

    NEEDS_YOU = "needs-you"
    WAITING = "waiting"
    HELD = "held"
    SENT = "sent"
    NOT_SENT = "not-sent"
    ALL = "all"


class Fate(StrEnum):
    """What became of a letter."""

    WAITING = "waiting"
    IN_DOUBT = "in-doubt"
    HELD = "held"
    ACCEPTED = "accepted"  # the mail server took it, whatever came later
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    FAILED = "failed"
    GIVEN_UP = "given-up"
    OPENED = "opened"  # by people
    CLICKED = "clicked"
    SCANNED = "scanned"  # by machines, which decide nothing


STATES: Mapping[View, frozenset[LetterState]] = {
    View.WAITING: frozenset({S.QUEUED, S.SENDING, S.UNKNOWN}),
    View.HELD: frozenset({S.HELD}),
    View.SENT: frozenset({S.ACCEPTED, S.DELIVERED, S.COMPLAINED}),
    View.NOT_SENT: frozenset({S.FAILED, S.BOUNCED}),
}
FATES: Mapping[Fate, ColumnElement[bool]] = {
    Fate.WAITING: or_(
        Letter.state == S.QUEUED, Letter.state.in_((S.SENDING, S.UNKNOWN))
    ),  # an index serves each half
    Fate.IN_DOUBT: or_(
        Letter.state == S.UNKNOWN, and_(Letter.state == S.HELD, Letter.held_for == Hold.DOUBT)
    ),
    Fate.HELD: Letter.state == S.HELD,
    Fate.ACCEPTED: Letter.state.in_((S.ACCEPTED, S.DELIVERED, S.COMPLAINED, S.BOUNCED)),
    Fate.DELIVERED: Letter.state.in_((S.DELIVERED, S.COMPLAINED)),
    Fate.BOUNCED: Letter.state == S.BOUNCED,
    Fate.COMPLAINED: Letter.state == S.COMPLAINED,
    Fate.FAILED: Letter.state == S.FAILED,
    Fate.GIVEN_UP: and_(Letter.state == S.FAILED, Letter.given_up_at.is_not(None)),
    Fate.OPENED: Letter.opens > 0,
    Fate.CLICKED: Letter.clicks > 0,
    Fate.SCANNED: Letter.machine_opens + Letter.machine_clicks > 0,
}
MOST_COUNTED = 1000  # a number beyond it helps nobody
MOST_REASONS = 3
MOST_EVENTS = 500
A_FEW = 2  # letters of one reason that are worth one button


@dataclass(frozen=True)
class Wanted:
    """What of the list is asked for; everything empty: all of it."""

    view: View = View.ALL
    address: str = ""  # the whole of it
    kind: LetterKind | None = None
    fate: Fate | None = None
    hold: Hold = Hold.NONE
    sequence_id: UUID | None = None
    step: int | None = None

    @property
    def narrowed(self) -> bool:
        return any((self.address, self.kind, self.fate, self.hold, self.sequence_id))


def letters(wanted: Wanted | None = None) -> Select[Letter]:
    """Upper and lower case of an address are the same. A plain comparison each, so that indexes serve."""
    asked = wanted or Wanted()
    given: list[ColumnElement[bool]] = [Letter.kind.not_in(HIDDEN), *_in_view(asked.view)]
    if asked.address:
        given.append(Letter.recipient_norm == normal_email(asked.address))
    if asked.kind:
        given.append(Letter.kind == asked.kind.value)
    if asked.fate:
        given.append(FATES[asked.fate])
    if asked.hold:
        given += [Letter.state == S.HELD, Letter.held_for == asked.hold]
    if asked.sequence_id:
        given.append(Letter.sequence_id == asked.sequence_id)
        given += [Letter.sequence_step == asked.step] if asked.step is not None else []
    return select(Letter).where(*given)


def _in_view(view: View) -> list[ColumnElement[bool]]:
    if view is View.NEEDS_YOU:
        return [text(NEEDS_A_PERSON)]  # type: ignore[list-item]
    if view is View.WAITING:
        return [FATES[Fate.WAITING]]
    return [Letter.state.in_(STATES[view])] if view in STATES else []


@dataclass(frozen=True)
class Alike:
    """Letters that failed for one and the same reason."""

    why: str
    number: int


@dataclass(frozen=True)
class NeedsYou:
    """How many letters wait for a person, and the reasons that many of them share."""

    number: int = 0
    alike: Sequence[Alike] = ()


def needs_you(session: Session) -> NeedsYou:
    failed = (Letter.state == S.FAILED) & Letter.in_doubt.is_(False) & (Letter.why != "")
    some = letters(Wanted(View.NEEDS_YOU)).with_only_columns(Letter.why, failed.label("failed"))
    few = some.limit(MOST_COUNTED).subquery()
    groups = (
        select(few.c.why, few.c.failed, func.count(), func.sum(func.count()).over())
        .group_by(few.c.why, few.c.failed)
        .order_by(few.c.failed.desc(), func.count().desc(), few.c.why)
        .limit(MOST_REASONS)
    )
    rows = session.execute(groups).all()
    alike = [Alike(why, number) for why, is_failed, number, _ in rows if is_failed and number >= A_FEW]
    return NeedsYou(int(rows[0][3]) if rows else 0, alike)


def get(session: Session, letter_id: UUID) -> Letter:
    found = session.scalar(letters().where(Letter.id == letter_id))
    if found is None:
        raise NotFound("There is no such letter.")
    return found


def locked(session: Session, letter_id: UUID) -> Letter:
    """For a change: a worker may be about to take it, and what it did while we waited counts."""
    get(session, letter_id)
    mine = select(Letter).where(Letter.id == letter_id).with_for_update()
    return session.scalars(mine.execution_options(populate_existing=True)).one()


def some(session: Session, ids: Collection[UUID]) -> Sequence[Letter]:
    return session.scalars(letters().where(Letter.id.in_(ids)).order_by(Letter.id)).all()


def some_locked(session: Session, ids: Collection[UUID]) -> Sequence[Letter]:
    """For a change, always in one order: two managers who pick the same rows wait for each other in no circle."""
    mine = letters().where(Letter.id.in_(ids)).order_by(Letter.id)
    return session.scalars(mine.with_for_update().execution_options(populate_existing=True)).all()


def failed_alike(why: str) -> Select[UUID]:
    """Those of one reason that surely did not arrive."""
    alike = letters(Wanted(View.NEEDS_YOU)).where(
        Letter.state == S.FAILED, Letter.in_doubt.is_(False), Letter.why == why
    )
    return alike.with_only_columns(Letter.id).order_by(Letter.id).limit(MOST_COUNTED)


def text_of(session: Session, letter: Letter) -> TemplateVersion | None:
    """The version it was made from; letters from before there were versions have none."""
    mine = select(TemplateVersion).where(TemplateVersion.id == letter.template_id)
    return session.scalar(mine) if letter.template_id else None


def sequence(session: Session, sequence_id: UUID | None) -> LetterSequence | None:
    mine = select(LetterSequence).where(LetterSequence.id == sequence_id)
    return session.scalar(mine) if sequence_id else None


def events(session: Session, letter: Letter) -> Sequence[LetterEvent]:
    """What the provider told of it, the oldest first."""
    told = select(LetterEvent).where(LetterEvent.letter_id == letter.id)
    return session.scalars(told.order_by(LetterEvent.at, LetterEvent.id).limit(MOST_EVENTS)).all()


@dataclass(frozen=True)
class Counts:
    """How many letters were written, and what became of them; each is the length of the list behind it."""

    written: int
    of: Mapping[Fate, int]


@dataclass(frozen=True)
class SequenceCounts:
    total: Counts
    steps: Mapping[int, Counts]  # by the step's number


def counts_of_sequence(session: Session, sequence_id: UUID) -> SequenceCounts:
    """In one question. Each number is `letters(Wanted(sequence_id=…, step=…, fate=…))`, counted."""
    mine = letters(Wanted(sequence_id=sequence_id))
    each = [func.count().filter(condition) for condition in FATES.values()]
    rows = session.execute(
        mine.with_only_columns(Letter.sequence_step, func.count(), *each).group_by(Letter.sequence_step)
    )
    steps = {step: _counts(numbers) for step, *numbers in rows}
    total = [sum(column) for column in zip(*map(_numbers, steps.values()), strict=True)]
    return SequenceCounts(
        _counts(total or [0] * (1 + len(FATES))),
        {step: steps[step] for step in sorted(one for one in steps if one is not None)},
    )


def written_and_sent(session: Session, ids: Collection[UUID]) -> Mapping[UUID, tuple[int, int]]:
    """Of each of these sequences, by the conditions that its own page counts with."""
    mine = letters().where(Letter.sequence_id.in_(ids)).group_by(Letter.sequence_id)
    sent = func.count().filter(FATES[Fate.ACCEPTED])
    rows = session.execute(mine.with_only_columns(Letter.sequence_id, func.count(), sent))
    return {sequence_id: (written, taken) for sequence_id, written, taken in rows if sequence_id}


def _counts(numbers: Sequence[int]) -> Counts:
    written, *rest = numbers
    return Counts(written, dict(zip(FATES, rest, strict=True)))


def _numbers(counts: Counts) -> list[int]:
    return [counts.written, *counts.of.values()]
