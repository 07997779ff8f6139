"""The asks of any programs, each as its program puts it."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from portal.asks import ask_words
from portal.asks.models import Ask
from portal.declarations.asks import AskSummary
from portal.declarations.programs import PROGRAMS


def by_subject_type(asks: Sequence[Ask]) -> dict[str, list[Ask]]:
    found: dict[str, list[Ask]] = defaultdict(list)
    for ask in asks:
        found[ask.subject_type].append(ask)
    return found


def summaries(session: Session, asks: Sequence[Ask]) -> dict[UUID, AskSummary]:
    found: dict[UUID, AskSummary] = {}
    for subject_type, its in by_subject_type(asks).items():
        program = PROGRAMS.find_by_subject(subject_type)
        found |= program.summaries(session, its) if program else ask_words.usual_summaries(session, its)
    return found


def summary_of(session: Session, ask: Ask) -> AskSummary:
    return summaries(session, [ask])[ask.id]
