"""What the workers make of asks."""

from datetime import timedelta

from jobs.asks import refresh_daily
from portal import outbox, policies
from portal.advocates.models import Advocate, AdvocateLeft
from portal.asks import actions, calendar_days
from portal.asks.labels import LEFT_PROGRAM
from portal.asks.models import Ask, AskKind, AskState
from portal.asks.policies import TALKS_30
from tenants.models import Role
from tests.fixture_types import Jobs
from tests.world import World


def ask(world: World, advocate: Advocate) -> Ask:
    request = world.request()
    with world.session() as session:
        made = actions.propose(session, AskKind.CALL, advocate, request, request.needed_by)
        actions.send(session, made, world.member(Role.MANAGER))
    return made


def test_the_fourth_talk_of_a_company_is_seen_on_every_colleague(acme: World, run_jobs: Jobs) -> None:
    corvid = acme.account("Corvid")
    quiet = acme.advocate(account=corvid)
    for _ in range(4):
        ask(acme, acme.advocate(account=corvid))
    assert acme.reload(quiet).available_from is None
    run_jobs()
    with acme.session() as session:
        today = calendar_days.today(session)
    assert acme.reload(quiet).available_from == today + timedelta(days=90)


def test_who_leaves_is_asked_nothing_any_more(acme: World, run_jobs: Jobs) -> None:
    made = ask(acme, ada := acme.advocate())
    with acme.session() as session:
        outbox.publish(session, AdvocateLeft(ada.id))
    run_jobs()
    made = acme.reload(made)
    assert (made.state, made.withdrawal_reason) == (AskState.WITHDRAWN, LEFT_PROGRAM.name)


def test_a_changed_setting_is_seen_in_the_pool_by_the_next_day(acme: World) -> None:
    ask(acme, ada := acme.advocate())
    with acme.session() as session:
        policies.change(session, TALKS_30, 2, by=acme.member(Role.ADMIN))
    refresh_daily(acme.tenant_id)
    assert acme.reload(ada).available_from is None
