"""Readers who agreed, or were invited, and the program in which they press a button."""

import pytest
from flask.testing import FlaskClient

from portal.advocates.consent_texts import add_default_texts
from portal.advocates.models import Advocate, AdvocateState, ConsentPurpose
from portal.web.dispatch import Portal
from tests.outreach.recipients import reader
from tests.world import World


@pytest.fixture
def words(acme: World, globex: World) -> None:
    for world in (acme, globex):
        with world.session() as session:
            add_default_texts(session)


@pytest.fixture
def mail_program(app: Portal) -> FlaskClient:
    """What presses the button at a provider: no cookie, no page of ours before."""
    return FlaskClient(app, app.response_class, use_cookies=False)


@pytest.fixture
def ada(acme: World) -> Advocate:
    return reader(acme, ConsentPurpose.CALLS, ConsentPurpose.NEWS)


@pytest.fixture
def bo(acme: World) -> Advocate:
    """Invited, and undecided."""
    return acme.advocate(state=AdvocateState.INVITED, enrolled_at=None, consents=[], invitation_count=1)
