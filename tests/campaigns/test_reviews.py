"""Asks for a review: health, renewal, NPS and answers pause, order and leave out nobody; all are turned over."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.accounts.models import Account, Deal, Health
from portal.advocates.models import Advocate
from portal.campaigns import actions, queries
from portal.campaigns.audience import audience_counts
from portal.campaigns.lifecycles import CampaignAction
from portal.campaigns.models import Campaign, CampaignState, PersonState
from portal.campaigns.policies import APPROVAL_ABOVE
from portal.declarations.attributes import Origin
from portal.declarations.origins import NOBODY_KNOWS, by
from portal.declarations.program_switches import switch
from portal.errors import DomainError
from portal.history import HistoryEntry
from portal.outreach.models import Email
from portal.segments.review_rule import NotForReviews
from portal.surveys.models import SurveyRecipient
from tenants.clock import utc_now
from tenants.models import Membership, Role
from tests.asks.dinners import declared
from tests.campaigns.campaigns import campaign_of, people_of, work
from tests.campaigns.tastings import CHOSEN_BY, TASTINGS
from tests.surveys.surveys import past_answer, past_survey, set_policy, switch_on
from tests.world import World

UNHAPPY = {"nps": 0}, {"health": Health.RED, "renewal_on": utc_now().date() + timedelta(days=3)}
HAPPY = {"nps": 10}, {"health": Health.GREEN, "renewal_on": None}


@pytest.fixture(autouse=True)
def _tastings(acme: World) -> Iterator[None]:
    with declared(TASTINGS):
        with acme.session() as session:
            switch(session, TASTINGS, on=True, by=acme.member(Role.ADMIN))
        yield


def guests(world: World) -> list[Advocate]:
    """Half of them unhappy in every way that is known of them, and one who agreed to no review."""
    made = []
    for number in range(8):
        facts, company = UNHAPPY if number % 2 else HAPPY
        made.append(world.advocate(account=world.account(**company), **facts))
    world.advocate(consents=["calls"])
    return made


def turn_over(world: World, people: list[Advocate]) -> None:
    """Whoever was happy is unhappy now, and the other way round."""
    with world.session() as session:
        for number, person in enumerate(people):
            facts, company = HAPPY if number % 2 else UNHAPPY
            row = session.get_one(Advocate, (person.tenant_id, person.id))
            account = session.get_one(Account, (person.tenant_id, person.account_id))
            _set(row, facts)
            _set(account, company)
        for answer in session.scalars(select(SurveyRecipient)):
            answer.score = 10 - (answer.score or 0)


def _set(row: Any, facts: dict[str, Any]) -> None:
    for name, value in facts.items():
        setattr(row, name, value)


def run(world: World, by: Membership, deal: Deal) -> tuple[list[object], set[str]]:
    """Who was in it in which order, with state and reason, and who was written to."""
    with world.session() as session:
        campaign = actions.start(session, deal, by=by)
        campaign.seed = "the same"
    work(world)
    with world.session() as session:
        names = dict(session.execute(select(Advocate.id, Advocate.email)).all())
        emails = select(Email.recipient).where(Email.created_at >= campaign.created_at)
        written = set(session.scalars(emails))
    rows = people_of(world, deal)
    return [(row.position, names[row.advocate_id], row.state, row.left_out) for row in rows], written


def test_turning_over_health_renewal_nps_and_every_answer_changes_neither_audience_nor_order_nor_sending(
    acme: World,
) -> None:
    switch_on(acme)
    people, dana = guests(acme), acme.member(Role.MANAGER)
    survey = past_survey(acme, utc_now() - timedelta(days=200))
    for number, person in enumerate(people):
        past_answer(acme, survey, person, utc_now() - timedelta(days=199), 0 if number % 2 else 10)
    before = run(acme, dana, acme.deal("Initech"))
    turn_over(acme, people)
    after = run(acme, dana, acme.deal("Umbrella"))
    assert before == after
    assert [row[2] for row in before[0]].count(PersonState.ASKED) == len(people)  # type: ignore[index]


def test_an_open_campaign_asks_the_unhappy_who_were_happy_when_it_was_drawn(acme: World) -> None:
    people, dana, deal = guests(acme), acme.member(Role.MANAGER), acme.deal("Initech")
    with acme.session() as session:
        actions.start(session, deal, by=dana)
    work(acme, 1)
    turn_over(acme, people)
    work(acme)
    states = {row.advocate_id: row.state for row in people_of(acme, deal)}
    assert {states[person.id] for person in people} == {PersonState.ASKED}


@pytest.mark.parametrize(
    ("origin", "is_refused"),
    [
        (by("account.region"), False),
        (by("account.region", "account.health"), True),
        (NOBODY_KNOWS, True),
        (by("person.tag:gone"), True),
    ],
)
def test_reviews_are_not_asked_of_an_audience_that_satisfaction_may_have_chosen(
    acme: World, origin: Origin, is_refused: bool
) -> None:
    guests(acme)
    deal, dana = acme.deal("Initech"), acme.member(Role.MANAGER)
    CHOSEN_BY[deal.id] = origin
    with acme.session() as session:
        if is_refused:
            with pytest.raises(DomainError, match="can’t be asked for reviews"):
                actions.start(session, deal, by=dana)
        else:
            actions.start(session, deal, by=dana)
        assert len(session.scalars(select(Campaign)).all()) == (0 if is_refused else 1)


def test_whose_company_competes_with_the_one_that_is_helped_is_left_out_of_the_preview(acme: World) -> None:
    part = TASTINGS.campaign
    assert part is not None
    rival, own = acme.account("Corvid", competitors=["initech"]), acme.account("Initech")
    for account in (rival, own, acme.account("Stellan"), None):
        acme.advocate(account=account)
    with acme.session() as session:
        assert audience_counts(session, part, (), "initech") == {"company": 2, "": 2}
        assert audience_counts(session, part, ()) == {"": 4}


def test_what_carries_satisfaction_by_the_time_people_are_drawn_asks_nobody_and_says_why(acme: World) -> None:
    guests(acme)
    deal, dana = acme.deal("Initech"), acme.member(Role.MANAGER)
    CHOSEN_BY[deal.id] = by("account.region")
    with acme.session() as session:
        actions.start(session, deal, by=dana)
    CHOSEN_BY[deal.id] = by("account.region", "account.health")  # such as a tag that a filter on health fills
    work(acme)
    assert (campaign_of(acme, deal).state, people_of(acme, deal)) == (CampaignState.DECLINED, [])
    with acme.session() as session:
        said = session.scalars(select(HistoryEntry.action).where(HistoryEntry.subject_id == deal.id)).all()
        actions.start(session, acme.deal("Umbrella"), by=dana)
    assert said[-1] == CampaignAction.REFUSED


def test_what_carries_satisfaction_by_the_time_it_is_approved_is_refused_by_the_name_of_the_rule(
    acme: World,
) -> None:
    guests(acme)
    deal, dana, femi = acme.deal("Initech"), acme.member(Role.MANAGER), acme.member(Role.MANAGER)
    set_policy(acme, APPROVAL_ABOVE, 2)
    with acme.session() as session:
        actions.start(session, deal, by=dana)
    work(acme)
    CHOSEN_BY[deal.id] = by("person.nps")
    waiting = campaign_of(acme, deal)
    with acme.session() as session, pytest.raises(NotForReviews, match="depends on satisfaction"):
        actions.approve(session, waiting.id, by=femi)
    assert campaign_of(acme, deal).state is CampaignState.WAITING
    work(acme)
    assert {row.state for row in people_of(acme, deal)} == {PersonState.QUEUED, PersonState.LEFT_OUT}
    with acme.session() as session:
        actions.decline(session, waiting.id, by=femi)


def test_an_open_ended_campaign_whose_people_satisfaction_chooses_by_now_adds_nobody_and_pauses(
    acme: World,
) -> None:
    people = guests(acme)
    deal, dana, part = acme.deal("Initech"), acme.member(Role.MANAGER), TASTINGS.campaign
    assert part is not None
    with acme.session() as session:
        actions.start(session, deal, by=dana, is_open_ended=True)
    work(acme)
    CHOSEN_BY[deal.id] = by("person.nps")
    with acme.session() as session:
        campaign = queries.lock_campaign(session, campaign_of(acme, deal).id)
        week = actions.Addition([people[0].id], utc_now().date(), 1)
        actions.add_people(session, campaign, part, deal, week)
    assert (campaign_of(acme, deal).state, people_of(acme, deal)) == (CampaignState.PAUSED, [])
    assert "can’t be asked for reviews" in acme.signed_in(as_member=dana).get("/").text
