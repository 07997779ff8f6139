"""The page of the dry run: how many get it and from when, how many later or not and why, and everybody by name."""

from collections.abc import Sequence as Row
from dataclasses import dataclass
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from portal.errors import NotFound
from portal.outreach.sequences import words
from portal.outreach.sequences.dry_run import Line, Outcome, dry_run
from portal.outreach.sequences.forecast import Fate
from portal.outreach.sequences.models import State
from portal.outreach.sequences.queries import Whole
from portal.web.filters import moment, number

SIZE = 25
BACK = "-"  # before the key of a cursor that leads to the previous page


@dataclass(frozen=True)
class Part:
    """Some lines of a list that was worked out and not read: its cursors are the keys of its ends."""

    rows: Row[Line]
    next: str | None
    previous: str | None


def draw(session: Session, whole: Whole, who: str, cursor: str | None) -> str:
    outcome = dry_run(session, whole)
    fate = Fate(who) if who in set(Fate) else _first_with_people(outcome)
    return render_template(
        "outreach/sequences/dry_run.html",
        whole=whole,
        sequence=whole.sequence,
        name=words.name(whole.sequence),
        is_draft=whole.sequence.state is State.DRAFT,
        title=title(outcome),
        start=start_words(outcome),
        outcome=outcome,
        reasons={each: _reasons(outcome, each) for each in (Fate.LATER, Fate.NOT)},
        fate=fate,
        shown=part(outcome.of(fate), cursor),
        words=words,
    )


def title(outcome: Outcome) -> str:
    reached = outcome.counts[Fate.GETS] + outcome.counts[Fate.LATER]
    if not reached:
        return _("Nobody would get it")
    return ngettext("%(n)s person would get it", "%(n)s people would get it", reached, n=number(reached))


def start_words(outcome: Outcome) -> str:
    """What the button does: how many get the first letter, and from when."""
    reached = outcome.counts[Fate.GETS] + outcome.counts[Fate.LATER]
    get = ngettext(
        "%(n)s person gets the first letter from %(when)s.",
        "%(n)s people get the first letter from %(when)s.",
        reached,
        n=number(reached),
        when=moment(outcome.first()),
    )
    left = outcome.counts[Fate.NOT]
    rest = ngettext("%(n)s person does not get it.", "%(n)s people do not get it.", left, n=number(left))
    return f"{get} {rest}" if left else get


def part(lines: Row[Line], cursor: str | None) -> Part:
    """The lines after (or before) the one whose key the cursor is."""
    keys = [str(line.person.key) for line in lines]
    start = _start(keys, cursor)
    rows = lines[start : start + SIZE]
    more = start + SIZE < len(lines)
    return Part(
        rows,
        keys[start + SIZE - 1] if more else None,
        f"{BACK}{keys[start]}" if start and rows else None,
    )


def _start(keys: Row[str], cursor: str | None) -> int:
    if not cursor:
        return 0
    key = cursor.removeprefix(BACK)
    if key not in keys:
        raise NotFound("This page of the list does not exist. Please start from the first page.")
    at = keys.index(key)
    return max(at - SIZE, 0) if cursor.startswith(BACK) else at + 1


def _first_with_people(outcome: Outcome) -> Fate:
    return next((fate for fate in Fate if outcome.counts[fate]), Fate.GETS)


def _reasons(outcome: Outcome, fate: Fate) -> list[tuple[int, Any]]:
    """The most frequent first; the rest is one line."""
    return [(many, words.short(*why)) for why, many in outcome.reasons(fate)]
