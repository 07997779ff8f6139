"""What happened to one letter from the first line to the last: written, sent, told of by the provider, acted on."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.history import HistoryEntry
from portal.outreach.events.models import Happened, LetterEvent
from portal.outreach.labels import DONE, GATEWAYS, HAPPENED
from portal.outreach.models import Letter

LOOKED = frozenset({Happened.OPENED, Happened.CLICKED})


@dataclass(frozen=True)
class Line:
    """`said`: somebody's own words, as they came."""

    at: datetime
    words: Any
    tone: str = ""
    icon: str = "circle-dot"
    who: str = ""
    said: str = ""


def story(letter: Letter, events: Sequence[LetterEvent], acts: Sequence[HistoryEntry]) -> list[Line]:
    told = [*_own(letter), *_of_people(acts), *_by_readers(events), *_by_machines(events), *_news(events)]
    return sorted(told, key=lambda line: line.at)


def _own(letter: Letter) -> Iterator[Line]:
    step = letter.sequence_step
    yield Line(
        letter.created_at,
        _("Written by its sequence, step %(number)s", number=step) if step else _("Written"),
        icon="mail",
    )
    if letter.claimed_at:
        through = GATEWAYS.get(letter.gateway, letter.gateway)
        words = _("Handed over (%(gateway)s)", gateway=through) if through else _("Handed over")
        if letter.tries > 1:
            words = _("%(handed)s, try %(number)s", handed=words, number=letter.tries)
        yield Line(letter.claimed_at, words, icon="send")
    if letter.sent_at:
        yield Line(letter.sent_at, _("Taken by the mail server"), icon="check")


def _of_people(acts: Sequence[HistoryEntry]) -> Iterator[Line]:
    for act in acts:
        yield Line(act.created_at, DONE.get(act.what, act.what), icon="user", who=act.by_name)


def _news(events: Sequence[LetterEvent]) -> Iterator[Line]:
    for event in events:
        if event.happened not in LOOKED:
            its = HAPPENED[event.happened]
            yield Line(event.at, its.word, its.tone, its.icon, said=event.why)


def _by_readers(events: Sequence[LetterEvent]) -> Iterator[Line]:
    """The first look of each kind, and how often it came again."""
    for (happened, url), looks in _looks(events, machine=False).items():
        its = HAPPENED[happened]
        yield Line(looks[0], its.word, its.tone, its.icon, said=url)
        if again := len(looks) - 1:
            yield Line(looks[-1], _again(happened, again), icon=its.icon, said=url)


def _again(happened: Happened, number: int) -> str:
    if happened is Happened.CLICKED:
        return ngettext("Followed once more", "Followed %(num)d times more, the last time here", number)
    return ngettext("Opened once more", "Opened %(num)d times more, the last time here", number)


def _by_machines(events: Sequence[LetterEvent]) -> Iterator[Line]:
    """Scanners open every link within seconds: counted apart, and they decide nothing."""
    numbers: dict[Happened, list[datetime]] = defaultdict(list)
    for (happened, _url), looks in _looks(events, machine=True).items():
        numbers[happened] += looks
    for happened, looks in numbers.items():
        yield Line(min(looks), _machine(happened, len(looks)), icon="robot")


def _machine(happened: Happened, number: int) -> str:
    if happened is Happened.CLICKED:
        return ngettext(
            "A scanner opened one link; that does not count",
            "A scanner opened %(num)d links; that does not count",
            number,
        )
    return ngettext(
        "A program loaded the letter; that does not count",
        "Programs loaded the letter %(num)d times; that does not count",
        number,
    )


def _looks(events: Sequence[LetterEvent], *, machine: bool) -> dict[tuple[Happened, str], list[datetime]]:
    found: dict[tuple[Happened, str], list[datetime]] = defaultdict(list)
    for event in events:
        if event.happened in LOOKED and event.machine is machine:
            found[event.happened, event.url].append(event.at)
    return found
