"""The stack of the story: the demo, with the customer's real files where they are there."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.conftest import SHARED
from tests.e2e import files, stack
from tests.e2e.files import Files
from tests.e2e.people import Crowd, crowd
from tests.e2e.stack import Demo


@pytest.fixture(scope="module")
def data() -> Path | None:
    folder = SHARED / "data"
    return folder if folder.is_dir() else None


@pytest.fixture(scope="module")
def demo(chromium: Browser, data: Path | None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Without a browser nothing is started."""
    with stack.running(tmp_path_factory.mktemp("demo"), data) as running:
        yield running


@pytest.fixture(scope="module")
def given(data: Path | None, tmp_path_factory: pytest.TempPathFactory) -> Files:
    return files.of(data, tmp_path_factory.mktemp("files"), datetime.now(UTC).date())


@pytest.fixture
def everybody(chromium: Browser, demo: Demo) -> Iterator[Crowd]:
    with crowd(chromium, demo.address) as people:
        yield people
