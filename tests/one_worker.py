"""`python -m tests.one_worker jobs.exports <database> <wall key>`: a worker that does what is due, once, and ends."""

import importlib
import os
import sys
from pathlib import Path

from portal import schema
from portal.settings import Settings
from tenants.database import connect
from tests.warm_processes import WarmProcess


def start_worker(jobs: str, settings: Settings, log: Path) -> WarmProcess:
    """In a process of its own; `jobs`: the module whose `work` it does."""
    words = [__name__, jobs, settings.database_url, settings.wall_key]
    worker = WarmProcess(words, os.environ, log)
    worker.start()
    return worker


if __name__ == "__main__":
    assert schema.metadata.tables
    connect(*sys.argv[2:])
    importlib.import_module(sys.argv[1]).work()
