"""A call of the desk's tests, from the yes on."""

from sqlalchemy import select

from portal.asks.models import Ask
from portal.references.models import Meeting, ReferenceRequest, RequestState
from tests.client import Client
from tests.fixture_types import Jobs, Travel
from tests.mailbox import Mailbox
from tests.references.steps import asked, filed, picks, says_yes, until
from tests.world import World

ADA = "ada@wabtec.example"


class Call:
    """A call that Ada agreed to and Peter picked a time for."""

    def __init__(
        self, acme: World, rep: Client, manager: Client, public: Client, box: Mailbox, jobs: Jobs
    ) -> None:
        self.world, self.rep, self.manager, self.public, self.box, self.jobs = (
            acme,
            rep,
            manager,
            public,
            box,
            jobs,
        )
        self.ada = acme.advocate(email=ADA, first_name="Ada", last_name="Lindqvist")
        self.request = filed(acme, rep)
        asked(manager, self.request, self.ada)
        jobs()
        self.times = says_yes(public, box, self.ada)
        jobs()

    def agreed(self) -> "Call":
        picks(self.public, self.box, self.times[0])
        self.jobs()
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
