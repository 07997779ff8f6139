"""Surveys: a question of one person, answered by a tap, and an unhappy customer whom nobody looks after."""

from portal.advocates.models import Advocate
from portal.asks.models import AskKind
from portal.surveys import actions, queries
from portal.surveys.program import PROGRAM
from tenants.models import Membership
from tests.contracts.program_case import ProgramCase
from tests.surveys.surveys import answered, draft
from tests.world import World


def ask(world: World, by: Membership, person: Advocate) -> None:
    survey = draft(world, audience={"q": person.email})
    with world.session() as session:
        actions.launch(session, survey.id, by=by)
    with world.session() as session:
        for recipient_id in queries.queued_recipients(session):
            actions.ask(session, recipient_id)


def unhappy(world: World, by: Membership) -> str:
    person = world.advocate(account=world.account("Stellan Bygg"))
    ask(world, by, person)
    with world.session() as session:
        (survey,) = queries.surveys(session, None).rows[:1]
    answered(world, survey, {person: 3})
    return "Stellan Bygg gave 3"


CASES = (
    ProgramCase(
        program=PROGRAM,
        kind=AskKind.SURVEY,
        ask=ask,
        yes=lambda world, ask: {"answer": "9"},
        needs_manager=unhappy,
    ),
)
