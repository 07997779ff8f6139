import pytest

from tests.imports.files import Desk
from tests.world import World


@pytest.fixture
def desk(acme: World) -> Desk:
    return Desk(acme)
