"""Behind the wall only plain comparisons reach an index: the plans of the hot questions, read as the app's role."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from portal.advocates.models import Advocate
from portal.asks import budgets
from portal.asks.models import AskKind
from portal.references.criteria import MatchCriteria
from portal.references.matching import queries
from tests.world import World

READ_WHOLE = re.compile(r"Seq Scan on (?:advocates|accounts|asks|meetings|meeting_answers)\b.*")
CRITERIA = MatchCriteria(
    kind=AskKind.CALL, prospect_norm="initech", product="Ledger Pro", industry="Industrials", region="NA"
)
QUESTIONS: dict[str, Callable[[Session, Advocate], object]] = {
    "matching": lambda session, ada: queries.candidates(session, CRITERIA),
    "the count of the form": lambda session, ada: queries.count_matches(session, CRITERIA),
    "one budget": lambda session, ada: budgets.budget_status(session, [ada], AskKind.CALL),
}


def plans_of(session: Session, act: Callable[[], object]) -> list[str]:
    """The plans of all that is asked, chosen as if the tables were too large to be read whole."""
    session.execute(text("SET LOCAL enable_seqscan = off"))
    asked = []
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", lambda *told: asked.append((told[2], told[3])))
    act()
    told = list(asked)
    cursor = connection.connection.cursor()
    return [_plan(cursor, *one) for one in told if one[0].startswith(("SELECT", "WITH"))]


def _plan(cursor: Any, statement: str, parameters: Any) -> str:
    cursor.execute(f"EXPLAIN {statement}", parameters)
    return "\n".join(line for (line,) in cursor.fetchall())


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_hot_questions_find_their_rows_by_an_index_of_the_workspace(acme: World, question: str) -> None:
    ada = acme.advocate()
    with acme.session() as session:
        plans = plans_of(session, lambda: QUESTIONS[question](session, ada))
    assert plans
    for plan in plans:
        assert not READ_WHOLE.findall(plan), plan
