"""Who runs which test when there are several processes: any test anywhere, but for those that share what is dear."""

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

TOGETHER = (  # of these folders and files all tests in one process: what they share takes longer than they do
    "tests/browser/test_accessibility.py",  # a workspace in which every page has something to show
    "tests/outreach/messages/test_query_speed.py",  # 20,000 emails
    "tests/portal/test_babel_extract.py",  # every sentence
    "tests/rules/test_every_page.py",  # a workspace with many of everything
    "tests/rules/test_tenant_isolation.py",  # two workspaces with something in every table
    "tests/web/test_slow_senders.py",  # a web server
)


class TogetherScheduling(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        return next((place for place in TOGETHER if nodeid.startswith(place)), nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> TogetherScheduling:
    return TogetherScheduling(config, log)
