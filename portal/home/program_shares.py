"""Each program's share of a manager's home; what they ask in the statement of home, each gets back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.declarations.home import HomeShare, Questions
from portal.declarations.programs import Program
from tenants.rows_at_once import JsonRows


@dataclass(frozen=True)
class ProgramQuestions:
    """By program, in the order of the programs."""

    of_each: Sequence[tuple[Program, Questions]]

    @property
    def all(self) -> Questions:
        return [question for _program, questions in self.of_each for question in questions]

    def shares(
        self, session: Session, member: Any, now: datetime, answers: Sequence[JsonRows]
    ) -> list[HomeShare]:
        rest = iter(answers)
        return [
            program.home.for_managers(session, member, now, [next(rest) for _question in questions])
            for program, questions in self.of_each
        ]


def program_questions(session: Session, programs: Sequence[Program], now: datetime) -> ProgramQuestions:
    return ProgramQuestions([(program, program.home.questions(session, now)) for program in programs])
