"""A mail scanner opens every link of every email, again and again: nothing happens to anybody."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import psycopg
from sqlalchemy import select

from portal.advocates import actions, queries
from portal.advocates.emails import ADDRESS_CHANGED
from portal.advocates.models import Advocate, AdvocateState
from portal.declarations.email_kinds import EMAIL_KINDS
from portal.declarations.programs import PROGRAMS
from portal.outreach.emails import NEW_LINK
from portal.outreach.models import Email
from portal.outreach.templates.link_urls import PATHS
from portal.references.meetings.emails import MEETING_CANCELLED
from portal.references.models import ReferenceRequest
from tests.client import Client
from tests.fixture_types import Travel
from tests.mailbox import Mailbox, paths
from tests.outreach.sequences.test_views import LIST, made
from tests.references.calls import ADA, Call
from tests.references.steps import PETER, asked, filed, says_after, signs_in_again, until
from tests.rules.table_snapshot import traces
from tests.world import World

LINK = re.compile(r"http://localhost(/[^\s<>\")]+)")
OPENED = ("GET", "GET", "GET", "HEAD")
NOT_SEEN = (  # what they carry, others carry as well
    NEW_LINK,
    MEETING_CANCELLED,
    ADDRESS_CHANGED,
)


class Scanner:
    """Reads every email in the mailbox and opens what it finds, with no cookie and no patience."""

    def __init__(self, world: World, superuser: psycopg.Connection) -> None:
        self.box, self.browser = Mailbox(world), world.app.test_client(use_cookies=False)
        self.superuser = superuser
        self.opened: set[str] = set()

    def scans(self) -> None:
        """Whatever the emails ask of their readers by now, looking at it leaves no trace."""
        before = traces(self.superuser)
        for link in sorted(set(self.links()) - self.opened):
            answers = {self.browser.open(link, method=how).status_code for how in OPENED}
            assert answers <= {200, 302, 303, 410}, (link, answers)
            self.opened.add(link)
        assert traces(self.superuser) == before

    def links(self) -> Iterator[str]:
        for email in self.box.all():
            parts = (email.text, email.html, *map(str, email.headers.values()), email.calendar)
            yield from (found.rstrip(".,") for part in parts for found in LINK.findall(part))


@dataclass(frozen=True)
class Scene:
    call: Call
    admin: Client
    travel: Travel
    request: list[ReferenceRequest] = field(default_factory=list)
    late: list[Advocate] = field(default_factory=list)

    @property
    def world(self) -> World:
        return self.call.world


def _others(scene: Scene) -> None:
    """A colleague and a customer are invited, strangers want to join, somebody signs in, an own email leaves."""
    acme, call = scene.world, scene.call
    scene.admin.post(
        "/settings/people", {"name": "Noor", "email": f"noor@{acme.slug}.example", "roles": ["rep"]}
    )
    bo = acme.advocate(
        first_name="Bo",
        email="bo@x.example",
        state=AdvocateState.INVITED,
        enrolled_at=None,
        consents=[],
        invitation_count=0,
    )
    with acme.session() as session:
        actions.invite(session, queries.get(session, bo.id), by=scene.admin.member)
    grace = {"name": "Grace Hopper", "email": f"grace@{acme.slug}.example", "company": "Harbour Ltd"}
    call.public.post(f"/join/{acme.slug}", grace, outside=True)
    call.public.post(f"/sign-in/{acme.slug}", {"email": call.rep.member.email}, outside=True)
    reader = acme.advocate(consents=["calls"], email="reader@x.example")
    call.manager.post(f"/advocates/{reader.id}/consent-request", {"purpose": "feedback"})
    sequence = made(acme, call.manager, email_2="")
    call.manager.post(f"{LIST}/{sequence.id}/start")


def _they_press(scene: Scene) -> None:
    """And somebody else is asked for help."""
    call, acme = scene.call, scene.world
    call.public.post(paths(call.box.last(f"grace@{acme.slug}.example"), "/join/confirm/")[0])
    call.public.post(paths(call.box.last("bo@x.example"), "/i/")[0], {"name": "Bo", "company": "Stark"})
    scene.request.append(filed(acme, call.rep, prospect="Hooli"))
    scene.late.append(acme.advocate(first_name="Late"))
    asked(call.manager, scene.request[0], scene.late[0])


def _a_question_comes_first(scene: Scene) -> None:
    page = paths(scene.call.box.last(scene.late[0].email), "/a/")[0]
    scene.call.public.post(f"{page}/question", {"question": "Who will be there?"})


def _no_time_fits(scene: Scene) -> None:
    call = scene.call
    page = paths(call.box.last(PETER), "/s/")[0]
    call.public.post(f"{page}/none", {"note": "Only the week after"})


def _agreed(scene: Scene) -> None:
    call = scene.call
    call.public.post(paths(call.box.last(ADA), "/times/")[0], {"slot": call.times})
    call.jobs()
    call.agreed()


def _days_pass(scene: Scene) -> None:
    """Somebody has not answered."""
    scene.travel(days=3, minutes=1)


def _day_before(scene: Scene) -> None:
    scene.travel(seconds=until(scene.call.times[0], hours=22))


def _over(scene: Scene) -> None:
    scene.call.is_over(scene.travel)


def _said_how_it_went(scene: Scene) -> None:
    for who in (ADA, PETER):
        says_after(scene.call.public, scene.call.box, who, "held")


def _not_needed_any_more(scene: Scene) -> None:
    _rep_says(scene, scene.request[0], "withdrawal", reason="They bought elsewhere")


def _deal_is_won(scene: Scene) -> None:
    _rep_says(scene, scene.call.request, "outcome", outcome="won", currency="EUR")


def _rep_says(scene: Scene, request: ReferenceRequest, what: str, **said: str) -> None:
    signs_in_again(scene.call.rep)
    assert scene.call.rep.post(f"/requests/{request.id}/{what}", said).status_code == 303


def _ada_has_a_new_address(scene: Scene) -> None:
    """The link waits; nobody has used it."""
    with scene.call.world.session() as session:
        ada = session.scalars(select(Advocate).where(Advocate.email_norm == ADA)).one()
    signs_in_again(scene.admin)
    entered = scene.admin.post(f"/advocates/{ada.id}/address", {"email": "ada@newco.example"})
    assert entered.status_code == 303


SCENES = (
    _others,
    _they_press,
    _a_question_comes_first,
    _no_time_fits,
    _days_pass,
    _not_needed_any_more,
    _agreed,
    _day_before,
    _over,
    _said_how_it_went,
    _deal_is_won,
    _ada_has_a_new_address,
)


def test_everything_that_was_sent_is_opened_three_times_and_nobody_did_anything(
    call: Call, as_admin: Client, superuser: psycopg.Connection, travel: Travel
) -> None:
    scanner, scene = Scanner(call.world, superuser), Scene(call, as_admin, travel)
    for happens in SCENES:
        happens(scene)
        call.jobs()
        scanner.scans()
    with call.world.session() as session:
        kinds = set(session.scalars(select(Email.kind).distinct()))
    not_of_the_desk = {
        kind
        for program in PROGRAMS
        if program.subject is not ReferenceRequest
        for kind in program.email_kinds
    }
    desk = {kind.name for kind in EMAIL_KINDS if kind not in not_of_the_desk}
    assert desk - kinds == {kind.name for kind in NOT_SEEN}
    opened = tuple(scanner.opened)
    declared = PROGRAMS.of_subject(ReferenceRequest.__tablename__).link_paths.values()
    assert [
        path
        for path in (*PATHS.values(), *declared)
        if not any(link.startswith(f"/{path}/") for link in opened)
    ] == []
    scanner.opened.clear()
    scanner.scans()
