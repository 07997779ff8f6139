"""Taking in what providers said: each event once, whatever the order and however often it came."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Boolean,
    DateTime,
    Text,
    Uuid,
    any_,
    delete,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from portal.advocates.models import Advocate
from portal.inbox import ReceivedEvent
from portal.outreach.claims import SILENTLY
from portal.outreach.events import queries
from portal.outreach.events.lattice import move
from portal.outreach.events.machines import machines
from portal.outreach.events.models import Happened, LetterEvent
from portal.outreach.events.reading import Said, read
from portal.outreach.mail_days import count, day_of
from portal.outreach.models import Letter
from portal.outreach.suppression.actions import suppress
from portal.outreach.suppression.models import Reason
from portal.outreach.suppression.unsubscribing import purpose_of, unsubscribe
from tenants.clock import utc_now
from tenants.database import tenant_of

BATCH = 500
KEPT = timedelta(days=30)  # events as the provider wrote them; what they say about a letter stays with it
SEEN = (Happened.OPENED, Happened.CLICKED)
COUNTED = {
    Happened.DELIVERED: "delivered",
    Happened.BOUNCED: "bounced",
    Happened.BLOCKED: "bounced",
    Happened.COMPLAINED: "complained",
}
NEVER_AGAIN = {
    Happened.BOUNCED: Reason.BOUNCED,
    Happened.COMPLAINED: Reason.COMPLAINED,
    Happened.UNSUBSCRIBED: Reason.UNSUBSCRIBED,
}


def take_in(session: Session, *, most: int = BATCH, only: UUID | None = None) -> int:
    """A batch of what waits; returns how many events that were. Others skip them meanwhile."""
    waits = queries.waiting(most)
    if only is not None:
        waits = waits.where(ReceivedEvent.id == only)
    received = session.scalars(waits.with_for_update(skip_locked=True)).all()
    if received:
        _take_in(session, [said for each in received if (said := read(each)) is not None])
        set_aside(session, [each.id for each in received])
    return len(received)


def set_aside(session: Session, ids: Sequence[UUID]) -> None:
    """They have been looked at."""
    these = ReceivedEvent.id == any_(literal(list(ids), ARRAY(Uuid)))
    session.execute(
        update(ReceivedEvent).where(these).values(handled_at=utc_now()), execution_options=SILENTLY
    )


def forget(session: Session) -> None:
    """Ids grow with time, so the key finds the old ones."""
    before = utc_now() - KEPT
    oldest_kept = UUID(int=int(before.timestamp() * 1000) << 80)
    old = delete(ReceivedEvent).where(ReceivedEvent.id < oldest_kept, ReceivedEvent.handled_at < before)
    session.execute(old, execution_options=SILENTLY)


def _take_in(session: Session, said: Sequence[Said]) -> None:
    """People are locked before letters, letters in one order, the count of the day last: as everywhere else."""
    known = queries.known(session, [each.external_id for each in said])
    news: dict[UUID, list[Said]] = defaultdict(list)
    for each in said:
        if each.external_id not in known:
            news[each.letter_id].append(each)
    if not news:
        return
    _unsubscribe(session, news)
    locked = queries.letters(news).with_for_update(key_share=True).execution_options(populate_existing=True)
    letters = {letter.id: letter for letter in session.scalars(locked)}
    _apply(session, letters, {letter_id: each for letter_id, each in news.items() if letter_id in letters})


def _apply(session: Session, letters: Mapping[UUID, Letter], news: Mapping[UUID, Sequence[Said]]) -> None:
    reached = queries.reached(session, news)
    counted: Counter[str] = Counter()
    for letter_id, about in news.items():
        counted["accepted"] += move(letters[letter_id], about)
        counted.update(_counted(said.happened for said in about) - _counted(reached[letter_id]))
        _suppress(session, letters[letter_id], about)
    _write(session, news.values())
    _tell_apart(session, letters, news)
    if moved := {name: number for name, number in counted.items() if number}:
        count(session, day_of(session, utc_now()), **moved)


def _counted(happened: Iterable[Happened]) -> set[str]:
    """Once a letter, however often it is said."""
    return {COUNTED[each] for each in happened if each in COUNTED}


def _write(session: Session, news: Iterable[Sequence[Said]]) -> None:
    """In one statement, whatever their number."""
    lines = [said for about in news for said in about]
    columns: tuple[tuple[str, Any, list[Any]], ...] = (
        ("id", Uuid, [uuid7() for _ in lines]),
        ("letter_id", Uuid, [said.letter_id for said in lines]),
        ("happened", Text, [said.happened.value for said in lines]),
        ("at", DateTime(timezone=True), [said.at for said in lines]),
        ("external_id", Text, [said.external_id for said in lines]),
        ("machine", Boolean, [said.machine for said in lines]),
        ("why", Text, [said.why for said in lines]),
        ("url", Text, [said.url for said in lines]),
    )
    names = [name for name, _, _ in columns]
    given = func.unnest(*(literal(values, ARRAY(kind)) for _, kind, values in columns))
    table = given.table_valued(*names).render_derived()
    same = select(literal(tenant_of(session), Uuid), literal(utc_now()), *(table.c[name] for name in names))
    session.execute(insert(LetterEvent).from_select(["tenant_id", "created_at", *names], same))


def _unsubscribe(session: Session, news: Mapping[UUID, Sequence[Said]]) -> None:
    """By the provider's own means: the same as by ours."""
    left = [
        letter_id
        for letter_id, about in news.items()
        if any(said.happened is Happened.UNSUBSCRIBED for said in about)
    ]
    if left:
        for letter in session.scalars(queries.letters(left)).all():
            unsubscribe(session, letter)


def _suppress(session: Session, letter: Letter, about: Sequence[Said]) -> None:
    """An address that stood on a list of the provider's is on ours as well; what its reader agreed to is not undone
    by that, since the list may be older.
    """
    if "@" not in letter.recipient:
        return  # its reader was erased
    for said in about:
        if reason := NEVER_AGAIN.get(said.of_its_reader):
            purpose = purpose_of(letter) if reason is Reason.UNSUBSCRIBED else ""
            for address in _addresses(session, letter, reason):
                suppress(session, address, reason, purpose=purpose, letter_id=letter.id, note=said.why)


def _addresses(session: Session, letter: Letter, reason: Reason) -> set[str]:
    """What a person says follows them to the address they have now; a bounce is about the mailbox."""
    now = session.get(Advocate, (letter.tenant_id, letter.advocate_id)) if letter.advocate_id else None
    moved = now is not None and now.email_norm != letter.recipient_norm and reason is not Reason.BOUNCED
    return {letter.recipient, now.email} if now is not None and moved else {letter.recipient}


def _tell_apart(
    session: Session, letters: Mapping[UUID, Letter], news: Mapping[UUID, Sequence[Said]]
) -> None:
    """People from machines, for letters that somebody or something opened. A late delivery may still tell."""
    touched = [
        letter_id
        for letter_id, about in news.items()
        if any(said.happened in SEEN for said in about) or _is_seen(letters[letter_id])
    ]
    if not touched:
        return
    stories: dict[UUID, list[LetterEvent]] = defaultdict(list)
    for event in queries.stories(session, touched, *SEEN, Happened.DELIVERED):
        stories[event.letter_id].append(event)
    for letter_id, story in stories.items():
        _recount(letters[letter_id], story)


def _is_seen(letter: Letter) -> bool:
    return bool(letter.opens or letter.clicks or letter.machine_opens or letter.machine_clicks)


def _recount(letter: Letter, story: Sequence[LetterEvent]) -> None:
    found = machines(story)
    for event in story:
        event.machine = event.external_id in found
    seen = Counter((event.happened, event.machine) for event in story)
    letter.opens, letter.machine_opens = seen[Happened.OPENED, False], seen[Happened.OPENED, True]
    letter.clicks, letter.machine_clicks = seen[Happened.CLICKED, False], seen[Happened.CLICKED, True]
