"""`make dev`: watches the files that the running programs were started from; a change starts the programs again."""

import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from portal.demo.instance_lock import ROOT
from portal.demo.processes import Reporter
from portal.demo.stack import Stack

WATCHED = (
    ("tenants", "**/*.py"),
    ("portal", "**/*.py"),
    ("jobs", "**/*.py"),
    ("templates", "**/*.html"),
    ("templates/emails", "*.md"),
    ("portal/static/src", "**/*.*"),
    (".", "wsgi.py"),
)
PAUSE = 0.3  # seconds between two looks
SHOWN = 3  # names of changed files in one line


class SourceWatcher:
    """Compares each file's time of writing with that of the last look: some milliseconds for a thousand files."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.seen = dict(self._stamps())

    def changed(self) -> set[Path]:
        before, self.seen = self.seen, dict(self._stamps())
        return {path for path, _ in before.items() ^ self.seen.items()}

    def _stamps(self) -> Iterator[tuple[Path, int]]:
        for folder, pattern in WATCHED:
            for path in (self.root / folder).glob(pattern):
                try:
                    yield path, path.stat().st_mtime_ns
                except FileNotFoundError:  # an editor is just replacing it
                    continue


def needs_build(paths: Iterable[Path]) -> bool:
    return any(path.suffix != ".py" and path.suffix != ".md" for path in paths)


def watch_and_reload(stack: Stack, say: Reporter) -> None:
    watcher = SourceWatcher(ROOT)
    while True:
        stack.check(say)
        if paths := watcher.changed():
            reload(stack, paths, say)
        time.sleep(PAUSE)


def reload(stack: Stack, paths: set[Path], say: Reporter) -> None:
    names = [str(path.relative_to(ROOT)) for path in sorted(paths)]
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    say(f"{', '.join(names[:SHOWN])}{more} changed: starting again.")
    if needs_build(paths):
        subprocess.run([sys.executable, "portal/static/build.py"], cwd=ROOT, check=False)
    stack.restart()
