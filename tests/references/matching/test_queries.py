"""Who is proposed, who is nearly, and why the others are left out."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask_babel.speaklater import LazyString

from portal.accounts.models import Health
from portal.advocates.labels import LANGUAGES
from portal.advocates.models import Advocate, AdvocateState
from portal.asks import actions, calendar_days
from portal.asks.models import Ask, AskKind
from portal.asks.translatable import plain_text
from portal.references.criteria import MatchCriteria
from portal.references.matching import queries
from portal.references.matching.filters import ExclusionReason
from portal.references.matching.labels import anonymous_parts
from portal.references.matching.queries import Candidate, MatchResult
from portal.references.models import ReferenceRequest
from tenants.clock import utc_now
from tenants.models import Role
from tests.fixture_types import Travel
from tests.present import present
from tests.world import World


def match(world: World, request: ReferenceRequest | None = None, **facts: Any) -> MatchResult:
    with world.session() as session:
        return queries.candidates(session, request or world.request(**facts))


def who(candidates: Iterable[Candidate]) -> list[UUID]:
    return [candidate.advocate.id for candidate in candidates]


def reasons(found: MatchResult) -> dict[ExclusionReason, int]:
    return {group.reason: group.people for group in found.excluded}


def test_a_fitting_person_is_proposed_with_points_and_their_reasons(acme: World) -> None:
    siemens = acme.account("Wabtec", region="NA", employees=27_000, city="Pittsburgh")
    ada = acme.advocate(account=siemens, use_cases=["Month-end close"], nps=9)
    found = match(
        acme,
        use_case="Month-end close",
        persona="it",
        company_size="20,000+",
        contact_time_zone="America/Chicago",
    )
    (best,) = found.best
    told = {str(words): points for points, words in best.reasons}
    assert best.advocate.id == ada.id
    assert best.score == sum(told.values()) == 93
    assert told["Uses Ledger Pro"] == 26
    assert told["Same industry: industrials"] == 18
    assert told["Also uses it for month-end close"] == 12
    assert told["The right role: VP IT"] == 10
    assert told["16:00 to 18:00 in Stockholm is 09:00 to 11:00 in Chicago"] == 8
    assert told["Same size: 20,000+ employees"] == 6
    assert told["No rated call yet"] == 5
    assert plain_text(best.about).startswith("VP IT at Wabtec, Pittsburgh")


def test_a_perfect_fit_has_a_hundred_points_whatever_the_request_leaves_open(acme: World) -> None:
    acme.advocate(time_zone="America/Chicago", nps=10)
    (best,) = match(acme).best
    unrated = {str(words): points for points, words in best.reasons}["No rated call yet"]
    assert best.score + unrated in {100, 101}


@pytest.mark.parametrize(
    ("facts", "company", "reason"),
    [
        ({"state": AdvocateState.INVITED}, {}, ExclusionReason.NOT_JOINED),
        (
            {"state": AdvocateState.CANDIDATE, "consents": []},
            {"health": Health.RED},
            ExclusionReason.NOT_JOINED,
        ),
        ({"state": AdvocateState.DEPARTED}, {}, ExclusionReason.LEFT),
        ({"state": AdvocateState.PAUSED, "paused_at": utc_now()}, {}, ExclusionReason.PAUSED),
        ({"consents": ["news"]}, {}, ExclusionReason.CONSENT),
        ({"accepted_ask_kinds": ["quote"]}, {}, ExclusionReason.UNWILLING),
        ({}, {"name": "Initech"}, ExclusionReason.OWN_COMPANY),
        ({}, {"competitors": ["initech"]}, ExclusionReason.COMPETES),
        ({}, {"health": Health.YELLOW}, ExclusionReason.HEALTH),
        ({}, {"renewal_on": utc_now().date() + timedelta(days=20)}, ExclusionReason.RENEWAL),
        ({"languages": ["sv", "de"]}, {}, ExclusionReason.LANGUAGE),
        ({"limit_minutes": 15}, {}, ExclusionReason.TOO_LARGE),
        ({}, {"region": "EMEA"}, ExclusionReason.REGION),
    ],
)
def test_each_hard_reason_leaves_a_person_out_and_is_named(
    acme: World, facts: dict[str, Any], company: dict[str, Any], reason: ExclusionReason
) -> None:
    acme.advocate(account=acme.account(**company), **facts)
    found = match(acme)
    assert (found.best, reasons(found)) == ([], {reason: 1})


@pytest.mark.parametrize(("code", "name"), LANGUAGES.items())
def test_whoever_lacks_the_language_of_a_request_is_left_out_by_the_name_of_that_language(
    acme: World, code: str, name: LazyString
) -> None:
    """Every language that a request can ask for, so that nobody reads “doesn’t speak nl”."""
    acme.advocate(languages=["other"])
    found = match(acme, language=code)
    assert [str(group.text) for group in found.excluded] == [f"Don’t speak {name}"]
    assert [str(one.gap) for one in found.near] == [f"A good fit, but doesn’t speak {name}"]


def test_sisters_and_daughters_of_the_prospect_are_its_own_company(acme: World) -> None:
    initech = acme.account("Initech")
    acme.advocate(account=acme.account("Initrode", group_id=initech.id))
    assert reasons(match(acme)) == {ExclusionReason.OWN_COMPANY: 1}


def test_whom_the_prospect_calls_a_competitor_is_left_out_too(acme: World) -> None:
    acme.account("Initech", competitors=["chotchkie's"])
    acme.advocate(account=acme.account("Chotchkie's"))
    assert reasons(match(acme)) == {ExclusionReason.COMPETES: 1}


def test_what_nobody_knows_rules_nobody_out(acme: World) -> None:
    acme.advocate(account=acme.account(region="", health=Health.UNKNOWN), languages=[], time_zone="")
    assert len(match(acme).best) == 1


@pytest.mark.parametrize(
    ("region", "zone", "told"),
    [
        ("NA", "America/Chicago", "Same region: North America"),
        ("", "America/Chicago", "Overlapping working hours"),
        ("", "", "Working hours unknown"),
    ],
)
def test_region_and_hours_are_told_as_far_as_they_are_known(
    acme: World, region: str, zone: str, told: str
) -> None:
    acme.advocate(account=acme.account(region=region), time_zone=zone)
    (best,) = match(acme, contact_time_zone="America/Chicago").best
    assert told in {str(words) for _, words in best.reasons}


def test_relaxing_the_region_brings_exactly_the_people_it_said(acme: World) -> None:
    near = [acme.advocate(account=acme.account(region="EMEA")) for _ in range(4)]
    request = acme.request()
    found = match(acme, request)
    (group,) = found.excluded
    assert (group.reason, group.people, group.remedy, str(group.text)) == (
        ExclusionReason.REGION, 4, "relax_region", "Outside North America",
    )  # fmt: skip
    request.region_relaxed = True
    assert set(who(match(acme, request).best)) == {person.id for person in near}


def ask(
    world: World, advocate: Advocate, kind: AskKind = AskKind.CALL, served: ReferenceRequest | None = None
) -> Ask:
    with world.session() as session:
        made = actions.propose(
            session, kind, advocate, served or world.request(), calendar_days.today(session)
        )
        actions.send(session, made, world.member(Role.MANAGER))
    return made


def test_somebody_who_fits_but_rests_is_a_near_match_with_the_day(acme: World) -> None:
    ada = acme.advocate()
    ask(acme, ada)
    found = match(acme)
    free = present(acme.reload(ada).available_from)
    (near,) = found.near
    assert (near.advocate.id, near.available_from, near.reason) == (ada.id, free, ExclusionReason.BUDGET)
    assert str(near.gap) == f"A good fit, but on a break until {free:%a} {free.day} {free:%b}"
    assert str(found.excluded[0].text).endswith(f"First available again on {free:%a} {free.day} {free:%b}")


def test_who_was_asked_for_this_request_is_not_proposed_again(acme: World, travel: Travel) -> None:
    request = acme.request()
    ask(acme, acme.advocate(), served=request)
    travel(days=100)
    assert reasons(match(acme, request)) == {ExclusionReason.ASKED_BEFORE: 1}


def test_among_near_equals_the_least_loaded_comes_first(acme: World) -> None:
    request: dict[str, Any] = {"kind": AskKind.QUOTE, "product": "Ledger Pro"}
    busy, fresh = acme.advocate(nps=9), acme.advocate(nps=8)
    ask(acme, busy, AskKind.RFP)
    weak = acme.advocate(products=[], account=acme.account(industry="Energy"))
    found = match(acme, **request)
    assert who(found.best) == [fresh.id, busy.id, weak.id]
    assert [candidate.load for candidate in found.best] == [0, 1, 0]


def test_the_form_counts_who_could_and_who_could_this_week(acme: World) -> None:
    for _ in range(2):
        acme.advocate()
    ask(acme, acme.advocate())
    acme.advocate(consents=[])
    with acme.session() as session:
        count = queries.count_matches(
            session, MatchCriteria(kind=AskKind.CALL, product="Ledger Pro", region="NA")
        )
    assert (count.people, count.this_week) == (3, 2)


def test_a_rep_reads_nothing_that_names_anybody(acme: World) -> None:
    bank = acme.account("Globank", industry="Financials", employees=7_000, customer_since=utc_now().date())
    ada = acme.advocate(account=bank, title="VP IT of Globank Frankfurt")
    with acme.session() as session:
        (best,) = queries.candidates(session, acme.request()).best
    told = plain_text(anonymous_parts(best.advocate))
    assert told == "VP IT, financials, 5,000-19,999 employees, new customer"
    assert ada.last_name not in told


def test_another_workspace_brings_nobody(acme: World, globex: World) -> None:
    globex.advocate()
    found = match(acme)
    assert (found.best, found.near, found.excluded) == ([], [], [])
