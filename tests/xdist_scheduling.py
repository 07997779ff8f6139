"""Who runs which test when there are several processes: any test anywhere, but all of the running demo in one."""

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

ONE_DEMO = "tests/e2e/"  # it starts once, which takes a minute


class SingleDemoScheduling(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        return ONE_DEMO if nodeid.startswith(ONE_DEMO) else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> SingleDemoScheduling:
    return SingleDemoScheduling(config, log)
