import pytest

from portal.demo.processes import free_port as any_free_port


@pytest.fixture
def free_port() -> int:
    """Nothing listens there yet."""
    return any_free_port()
