import pytest

from tests.imports.files import Importer
from tests.world import World


@pytest.fixture
def importer(acme: World) -> Importer:
    return Importer(acme)
