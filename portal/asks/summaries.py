"""The asks of any programs, each as its program puts it."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from portal.asks import summary_labels
from portal.asks.models import Ask
from portal.declarations.asks import AskSummary
from portal.declarations.programs import PROGRAMS


def by_subject_type(asks: Sequence[Ask]) -> dict[str, list[Ask]]:
    by_type: dict[str, list[Ask]] = defaultdict(list)
    for ask in asks:
        by_type[ask.subject_type].append(ask)
    return by_type


def summaries(session: Session, asks: Sequence[Ask]) -> dict[UUID, AskSummary]:
    by_ask: dict[UUID, AskSummary] = {}
    for subject_type, of_program in by_subject_type(asks).items():
        program = PROGRAMS.find_by_subject(subject_type)
        by_ask |= (
            program.summaries(session, of_program)
            if program
            else summary_labels.usual_summaries(session, of_program)
        )
    return by_ask


def summary_of(session: Session, ask: Ask) -> AskSummary:
    return summaries(session, [ask])[ask.id]
