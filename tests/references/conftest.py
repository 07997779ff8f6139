"""What the desk's tests begin with."""

import pytest

from tests.client import Client
from tests.fixture_types import Jobs
from tests.mailbox import Mailbox
from tests.references.calls import Call
from tests.world import World


@pytest.fixture
def call(
    acme: World,
    as_rep: Client,
    as_manager: Client,
    client: Client,
    mailbox: Mailbox,
    run_jobs: Jobs,
    deliver: Jobs,
) -> Call:
    return Call(acme, as_rep, as_manager, client, mailbox, run_jobs, deliver)
