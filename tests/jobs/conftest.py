"""Real workers: processes of their own, with a Valkey of their own."""

import os
import secrets
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest

from portal.demo.servers import Server, start_valkey
from portal.settings import Settings
from tests.warm_processes import WarmProcess


@dataclass
class Processes:
    """Starts the programs of jobs/ with these settings, and ends what is left of them."""

    settings: Settings
    log: Path
    left: ExitStack

    def start(self, program: str, *arguments: str, **changes: str) -> WarmProcess:
        given = {name.upper(): value for name, value in (asdict(self.settings) | changes).items() if value}
        env = {"PATH": os.defpath, "TZ": "UTC"} | given
        started = WarmProcess([f"jobs.{program}", *arguments], env, self.log)
        started.start()
        self.left.callback(started.kill)
        return started

    def said(self) -> str:
        return self.log.read_text() if self.log.exists() else ""


@pytest.fixture(scope="module")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = start_valkey(
        tmp_path_factory.mktemp("valkey"),
        password=secrets.token_hex(16),
        log=tmp_path_factory.mktemp("log") / "valkey",
    )
    yield server
    server.child.stop()


@pytest.fixture
def processes(settings: Settings, valkey: Server, tmp_path: Path) -> Iterator[Processes]:
    with ExitStack() as left:
        own = Settings(**asdict(settings) | {"redis_url": valkey.url, "lease_seconds": "2"})
        yield Processes(own, tmp_path / "log", left)
