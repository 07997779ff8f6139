"""One demo a folder: whoever holds the claim may start servers in it, or empty it."""

import fcntl
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

ROOT = Path(__file__).resolve().parents[2]
CLAIM = "running"


class Taken(Exception):
    """Somebody else holds the claim; the message says who."""


@contextmanager
def claim(instance: Path) -> Iterator[TextIO]:
    """What the holder writes into the claim is what the next one is told."""
    instance.mkdir(parents=True, exist_ok=True)
    with (instance / CLAIM).open("a+") as running:
        try:
            fcntl.flock(running, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            running.seek(0)
            raise Taken(f"A demo of this folder is already running: {running.read()}") from None
        running.truncate(0)
        yield running


def forget(instance: Path) -> None:
    """Everything in the folder but the claim itself."""
    with claim(instance):
        for path in instance.iterdir():
            if path.name != CLAIM:
                shutil.rmtree(path) if path.is_dir() else path.unlink()


if __name__ == "__main__":
    try:
        forget(ROOT / "instance")
    except Taken as taken:
        sys.exit(str(taken))
    print("The demo's data are gone. `make demo` makes new ones.")
