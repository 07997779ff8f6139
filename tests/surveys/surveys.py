"""A survey and its people, as tests ask for them."""

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from jobs import campaigns
from portal import links, policies
from portal.advocates.models import Advocate
from portal.asks.models import Ask, AskKind, AskMove
from portal.campaigns.models import Campaign, CampaignPerson
from portal.declarations import program_switches
from portal.declarations.attributes import Operator
from portal.declarations.programs import PROGRAMS
from portal.lifecycle import move
from portal.segments.audience import Audience
from portal.segments.conditions import Condition, Conditions
from portal.surveys import actions
from portal.surveys.actions import SurveyDraft
from portal.surveys.models import RecipientMove, Survey, SurveyKind, SurveyMove, SurveyRecipient
from tenants.models import Membership, Role
from tests.client import Client
from tests.world import World

QUESTION = "How likely are you to recommend Acme to a colleague?"
SCORES = {10: 20, 9: 8, 8: 6, 7: 2, 6: 2, 3: 2}  # 40 answers: 28 promoters, 4 detractors
GIVEN = {
    "title": "NPS, autumn",
    "kind": "score",
    "question": QUESTION,
    "choices": "",
    "rhythm": "once",
    "answer_days": "14",
    "segment": "",
}
CHOICES = ["Reports", "Imports", "Something else"]


def those_with(attribute: str, *values: str) -> Audience:
    """Of whom it is said, or whose name it is."""
    operator = Operator.CONTAINS if attribute == "person.name" else Operator.ANY_OF
    return Audience(Conditions((Condition(attribute, operator, values),)))


def switch_on(world: World, *, on: bool = True) -> None:
    with world.session() as session:
        admin = world.member(Role.ADMIN)
        program_switches.switch(session, PROGRAMS.get("surveys"), on=on, by=admin)


def draft(world: World, **facts: Any) -> Survey:
    given: dict[str, Any] = {
        "title": "NPS, autumn",
        "kind": SurveyKind.SCORE,
        "question": QUESTION,
        "choices": [],
        "audience": Audience(),
        "is_rolling": False,
        "answer_days": 14,
    }
    with world.session() as session:
        return actions.save_draft(session, SurveyDraft(**(given | facts)))


def launch(world: World, survey: Survey | None = None, **facts: Any) -> Survey:
    survey, dana = survey or draft(world, **facts), world.member(Role.MANAGER, name="Dana Okafor")
    with world.session() as session:
        return actions.launch(session, survey.id, by=dana)


def freeze(world: World) -> None:
    """Only the list is written down."""
    campaigns.process_batch(world.tenant_id)


def ask_everybody(world: World) -> None:
    """As the worker of campaigns does."""
    while campaigns.process_batch(world.tenant_id):
        pass


def recipients(world: World, survey: Survey) -> dict[UUID, SurveyRecipient]:
    """By person."""
    with world.session() as session:
        rows = session.scalars(select(SurveyRecipient).where(SurveyRecipient.survey_id == survey.id))
        return {row.advocate_id: row for row in rows}


def people(world: World, survey: Survey) -> dict[UUID, CampaignPerson]:
    """By person: who is in its campaign, asked or not."""
    with world.session() as session:
        mine = select(Campaign.id).where(Campaign.subject_id == survey.id)
        rows = session.scalars(select(CampaignPerson).where(CampaignPerson.campaign_id.in_(mine)))
        return {row.advocate_id: row for row in rows}


def recipient(world: World, survey: Survey, advocate: Advocate) -> SurveyRecipient:
    return recipients(world, survey)[advocate.id]


def ask_of(world: World, survey: Survey, advocate: Advocate) -> Ask:
    with world.session() as session:
        mine = select(Ask).where(Ask.subject_id == survey.id, Ask.advocate_id == advocate.id)
        return session.scalars(mine).one()


def address(ask: Ask) -> str:
    token = links.token(links.LinkPurpose.ANSWER, ask.tenant_id, ask.id, ask.link_version)
    return f"/a/{token}"


def tap(client: Client, ask: Ask, answer: object = "", **more: object) -> int:
    given = {"answer": str(answer)} if answer != "" else {}
    return client.post(address(ask), given | more, outside=True).status_code


def answered(
    world: World, survey: Survey, scores: dict[Advocate, int], whys: dict[int, str] | None = None
) -> None:
    """As if each had tapped, with a reason for some scores."""
    with world.session() as session:
        asks = session.scalars(select(Ask).where(Ask.subject_id == survey.id)).all()
        of_person = {ask.advocate_id: ask for ask in asks}
        for person, score in scores.items():
            actions.answer(session, of_person[person.id], given=score, why=(whys or {}).get(score))


def past_survey(world: World, at: datetime) -> Survey:
    """One that runs all year since then."""
    with world.session() as session:
        facts = {"question": QUESTION, "is_rolling": True, "answer_days": 14}
        session.add(survey := Survey(title="All year", kind=SurveyKind.SCORE, **facts))
        session.flush()
        move(session, survey, SurveyMove.LAUNCH, at=at)
    return survey


def past_answer(world: World, survey: Survey, advocate: Advocate, at: datetime, score: int | None) -> None:
    """Asked at that moment, and answered a second later; None: silent."""
    facts = {"due_on": at.date(), "subject_type": Survey.__tablename__, "subject_id": survey.id}
    with world.session() as session:
        ask = Ask(kind=AskKind.SURVEY, advocate_id=advocate.id, minutes=0, **facts)
        session.add(ask)
        session.flush()
        move(session, ask, AskMove.SEND, at=at)
        row = SurveyRecipient(survey_id=survey.id, advocate_id=advocate.id, wave=at.date())
        row.ask_id, row.asked_at = ask.id, at
        session.add(row)
        session.flush()
        if score is not None:
            later = at + timedelta(seconds=1)
            move(session, ask, AskMove.COMPLETE_AT_ONCE, at=later)
            move(session, row, RecipientMove.ANSWER, at=later, columns={"score": score})


def set_policy(world: World, policy: policies.Policy, value: int, by: Membership | None = None) -> None:
    with world.session() as session:
        policies.change(session, policy, value, by=by or world.member(Role.ADMIN))


def with_answers(world: World, scores: dict[int, int], **facts: Any) -> tuple[Survey, list[Advocate]]:
    """Asked and answered; the emails still wait."""
    people = world.advocates(sum(scores.values()) + 2)
    survey = launch(world, **facts)
    ask_everybody(world)
    given = [score for score, many in scores.items() for _ in range(many)]
    whys = {3: "Support took four days.", 10: "Support is fast.", 6: "support <b>again</b>"}
    answered(world, survey, dict(zip(people, given, strict=False)), whys)
    return survey, people


def rows_of(page: str) -> int:
    return page.count("<tr><td>")


def words_of(page: str) -> str:
    return re.sub(r"<[^>]+>", "", page)


def created(client: Client, **facts: str) -> Any:
    return client.post("/surveys", GIVEN | facts)
