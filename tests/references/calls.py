"""A call of the desk's tests, from the yes on."""

from typing import Any
from uuid import uuid4

from sqlalchemy import select

from portal.asks.models import Ask, AskKind, AskState
from portal.references.models import Meeting, MeetingState, ReferenceRequest, RequestState
from tenants.clock import utc_now
from tests.client import Client
from tests.fixture_types import Jobs, Travel
from tests.mailbox import Mailbox
from tests.references.steps import asked, filed, picks, says_yes, until
from tests.world import World

ADA = "ada@wabtec.example"
# what pages and emails say of a call that is not as it was, pinned here alone
CANCELED, MOVED = "This call was canceled", "This call was moved"
STILL_NONE = "The call with Initech still isn’t scheduled"
STILL_WANTED = "Does Initech still want a call?"


def asks_to(page: str, path: str) -> bool:
    """Is there a form for this on the page?"""
    return f'action="{path}"' in page


def leads_to(page: str, path: str) -> bool:
    return f'href="{path}"' in page


class Call:
    """A call that Ada agreed to and Peter picked a time for."""

    def __init__(
        self,
        acme: World,
        rep: Client,
        manager: Client,
        public: Client,
        box: Mailbox,
        jobs: Jobs,
        deliver: Jobs,
    ) -> None:
        self.world, self.rep, self.manager, self.public = acme, rep, manager, public
        self.box, self.jobs, self.deliver = box, jobs, deliver
        self.ada = acme.advocate(email=ADA, first_name="Ada", last_name="Lindqvist")
        self.request = filed(acme, rep)
        asked(manager, self.request, self.ada)
        deliver()
        self.times = says_yes(public, box, self.ada)
        deliver()

    def agreed(self) -> "Call":
        picks(self.public, self.box, self.times[0])
        self.deliver()
        return self

    def is_over(self, travel: Travel) -> "Call":
        travel(seconds=until(self.times[0], hours=-3))
        self.jobs()
        return self

    @property
    def state(self) -> RequestState:
        found: ReferenceRequest = self.world.reload(self.request)
        return found.state

    @property
    def meeting(self) -> Meeting:
        with self.world.session() as session:
            return session.scalars(select(Meeting)).one()

    @property
    def ask(self) -> Ask:
        with self.world.session() as session:
            return session.scalars(select(Ask)).one()


def call_today(world: World, **facts: Any) -> Meeting:
    """A call that begins in a minute with the advocate of an accepted ask."""
    ada, request = (
        world.advocate(account=world.account(f"Wabtec {uuid4()}")),
        world.request(state=RequestState.SCHEDULED),
    )
    with world.session() as session:
        ask = Ask(
            kind=AskKind.CALL, minutes=20, state=AskState.ACCEPTED, due_on=utc_now().date(), advocate_id=ada.id,
            subject_type=ReferenceRequest.__tablename__, subject_id=request.id, sent_at=utc_now(),
            account_id=ada.account_id,
        )  # fmt: skip
        session.add(ask)
        session.flush()
        given = {"state": MeetingState.SCHEDULED, "starts_at": utc_now(), "minutes": 20} | facts
        given |= {"advocate_id": ada.id}
        session.add(call := Meeting(request_id=request.id, ask_id=ask.id, **given))
    return call
