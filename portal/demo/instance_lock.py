"""One demo a folder: whoever holds the claim may start servers in it, or empty it."""

import fcntl
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

ROOT = Path(__file__).resolve().parents[2]
LOCK_FILE = "running"


class InstanceInUse(Exception):
    """Somebody else holds the claim; the message says who."""


@contextmanager
def lock_instance(instance: Path) -> Iterator[TextIO]:
    """Lock the folder; what the holder writes into the file is what the next one is told."""
    instance.mkdir(parents=True, exist_ok=True)
    with (instance / LOCK_FILE).open("a+") as running:
        try:
            fcntl.flock(running, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            running.seek(0)
            raise InstanceInUse(f"A demo is already running in this folder: {running.read()}") from None
        running.truncate(0)
        yield running


def reset_instance(instance: Path) -> None:
    with lock_instance(instance):
        for path in instance.iterdir():
            if path.name != LOCK_FILE:
                shutil.rmtree(path) if path.is_dir() else path.unlink()


if __name__ == "__main__":
    try:
        reset_instance(ROOT / "instance")
    except InstanceInUse as taken:
        sys.exit(str(taken))
    print("The demo’s data is deleted. `make demo` creates new data.")
