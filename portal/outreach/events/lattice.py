"""What news does to a letter: it only ever moves up, so neither repeats nor disorder change where it ends.

    not taken, or nobody knows  <  accepted  <  dropped  <  delivered  <  bounced  <  complained

Any news proves that the provider took the letter, so it never leaves a second time. A dropped letter is one that
failed and was heard of; one that failed here was never heard of, and any news corrects it.
"""

from collections.abc import Sequence
from typing import NamedTuple

from portal.outreach.events.models import Happened
from portal.outreach.events.reading import Said
from portal.outreach.models import Hold, Letter, LetterState
from portal.regions import shown

DROPPED = shown("The provider would not send it: %(said)s")
CAME_BACK = shown("It came back, there is no such mailbox: %(said)s")
TURNED_AWAY = shown("The reader's mail server turned it away: %(said)s")
MARKED = shown("Its reader marked it as spam.")
NOTHING = shown("no reason was given")


class Step(NamedTuple):
    rank: int
    state: LetterState
    why: str = ""


TAKEN = Step(1, LetterState.ACCEPTED)
STEPS = {
    Happened.DROPPED: Step(2, LetterState.FAILED, DROPPED),
    Happened.DELIVERED: Step(3, LetterState.DELIVERED),
    Happened.BOUNCED: Step(4, LetterState.BOUNCED, CAME_BACK),
    Happened.BLOCKED: Step(4, LetterState.BOUNCED, TURNED_AWAY),
    Happened.COMPLAINED: Step(5, LetterState.COMPLAINED, MARKED),
}
RANKS = {step.state: step.rank for step in (TAKEN, *STEPS.values())}


def rank(letter: Letter) -> int:
    if letter.state is LetterState.FAILED and letter.heard_at is None:
        return 0
    return RANKS.get(letter.state, 0)


def move(letter: Letter, news: Sequence[Said]) -> bool:
    """True when this is how we learn that the provider took it."""
    highest = max(news, key=lambda said: _step(said).rank)
    step, before = _step(highest), rank(letter)
    letter.heard_at = letter.heard_at or min(said.heard_at for said in news)
    if step.rank <= before:
        return False
    letter.state, letter.why = step.state, step.why and step.why % {"said": highest.why or NOTHING}
    letter.lease_until, letter.in_doubt, letter.held_for, letter.given_up_at = None, False, Hold.NONE, None
    if letter.sent_at is None:
        letter.sent_at = min(min(said.at, said.heard_at) for said in news)
    return before == 0


def _step(said: Said) -> Step:
    return STEPS.get(said.happened, TAKEN)
