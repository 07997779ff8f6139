"""Surveys: a question of one person, answered by a tap, and an unhappy customer whom nobody looks after."""

from sqlalchemy import select

from portal.advocates.models import Advocate
from portal.asks.models import AskKind
from portal.segments.audience import Audience
from portal.surveys import actions
from portal.surveys.emails import SURVEY, SURVEY_REMINDER
from portal.surveys.models import Survey
from portal.surveys.program import PROGRAM
from tenants.models import Membership, Role
from tests.contracts.program_case import ProgramCase, ProgramFacts
from tests.outreach.templates.who_typed import Who
from tests.surveys.surveys import answered, ask_everybody, draft
from tests.world import World


def ask(world: World, by: Membership, person: Advocate) -> None:
    survey = draft(world, audience=Audience.of_people([person.id]))
    with world.session() as session:
        actions.launch(session, survey.id, by=by)
    ask_everybody(world)


def unhappy(world: World, by: Membership, owner: Membership | None = None) -> str:
    company = world.account("Stellan Bygg", owner_id=owner.id if owner else None)
    person = world.advocate(account=company)
    ask(world, by, person)
    with world.session() as session:
        survey = session.scalars(select(Survey).order_by(Survey.id.desc()).limit(1)).one()
    answered(world, survey, {person: 3})
    return "Stellan Bygg gave 3"


def unhappy_and_owned(world: World, owner: Membership) -> str:
    return unhappy(world, world.member(Role.MANAGER), owner)


CASES = (
    ProgramCase(
        program=PROGRAM,
        kind=AskKind.SURVEY,
        ask=ask,
        yes=lambda world, ask: {"answer": "9"},
        needs_manager=unhappy,
        needs_owner=unhappy_and_owned,
    ),
)
SURVEYED = {"question": Who.MEMBER, **dict.fromkeys(("how", "due_on", "answer_link"), Who.PRODUCT)}
FACTS = ProgramFacts(
    history_actions="launched closed followed_up",
    typed_by={SURVEY: SURVEYED, SURVEY_REMINDER: SURVEYED},
)
