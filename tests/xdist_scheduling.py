"""Who runs which test when there are several processes: the longest first, then any test anywhere.

Those that share what is dear stay together. A long one that began last would have the others wait for it.
"""

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

FIRST = (  # of each of these folders and files all tests in one process; the first and the third mostly wait
    "tests/e2e/",  # the whole stack
    "tests/rules/test_tenant_isolation.py",  # two workspaces with something in every table
    "tests/jobs/test_service_outages.py",  # a bad day of all processes
    "tests/rules/test_every_page.py",  # a workspace with many of everything
    "tests/browser/test_accessibility.py",  # a workspace in which every page has something to show
    "tests/web/test_slow_senders.py",  # a web server
    "tests/portal/test_babel_extract.py",  # every sentence
    "tests/outreach/messages/test_query_speed.py",  # 20,000 emails
    "tests/migrations/",  # databases as earlier releases left them
    "tests/lists/test_every_list.py",  # a workspace whose lists have pages
)


class LongestFirstScheduling(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        return next((place for place in FIRST if nodeid.startswith(place)), nodeid)


def _rank(item: pytest.Item) -> int:
    return next((rank for rank, place in enumerate(FIRST) if item.nodeid.startswith(place)), len(FIRST))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_rank)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LongestFirstScheduling:
    config.option.loadscopereorder = False  # xdist would put scopes of many tests first
    return LongestFirstScheduling(config, log)
