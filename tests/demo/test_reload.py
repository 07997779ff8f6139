"""`make dev` sees what was written, and knows when stylesheets have to be built."""

import os
from pathlib import Path

from portal.demo.reload import SourceWatcher, needs_build


def test_the_watcher_tells_each_change_of_code_and_pages_once(tmp_path: Path) -> None:
    code, page, other = (
        tmp_path / name for name in ("portal/views.py", "templates/home/index.html", "notes.txt")
    )
    for path in (code, page):
        path.parent.mkdir(parents=True)
        path.touch()
    watcher = SourceWatcher(tmp_path)
    assert watcher.changed() == set()
    os.utime(code, ns=(1, 1))
    page.unlink()
    other.touch()
    assert watcher.changed() == {code, page}
    assert watcher.changed() == set()


def test_stylesheets_are_built_for_pages_and_not_for_code_alone() -> None:
    assert needs_build([Path("portal/views.py"), Path("templates/home/index.html")])
    assert not needs_build([Path("portal/views.py"), Path("templates/emails/ask.md")])
