"""A workbook becomes lines in a process of its own, which is ended when it takes too much; see `unpacking`."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from portal.imports.sniffing import NoTable
from portal.imports.unpacking import MEGABYTE, REFUSED, SECONDS

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 600.0  # seconds by the clock: for a process that hangs without doing anything
ENV = {
    "PATH": os.defpath,
    "PYTHONIOENCODING": "utf-8",
}  # none of our secrets: strangers' files are read there
UNPACK = (sys.executable, "-m", "portal.imports.unpacking")
TOO_LONG = (
    "Reading this workbook took too long (more than %(seconds)s seconds of work), so we stopped. "
    "Save the sheet you need as CSV and upload that."
)
TOO_MUCH = (
    "This workbook can't be read: it needs more memory than we give to one file, or it is damaged. "
    "Perhaps a cell far below or far to the right holds something. Save the sheet you need as CSV and upload that."
)


@dataclass(frozen=True)
class Sheet:
    name: str
    names: list[str]  # of all that hold something, those in sight first
    hidden: list[str]  # of these
    lines: IO[bytes]
    begin: int

    def open(self) -> IO[bytes]:
        """Its lines, from the first."""
        self.lines.seek(self.begin)
        return self.lines

    def pieces(self) -> Iterator[bytes]:
        at = self.begin
        while piece := os.pread(self.lines.fileno(), MEGABYTE, at):
            at += len(piece)
            yield piece


@contextmanager
def unpacked(pieces: Iterable[bytes], wanted: str = "", command: Iterable[str] = UNPACK) -> Iterator[Sheet]:
    """The wanted sheet, else the longest. Raises NoTable with what happened and what to do."""
    with TemporaryFile() as given, TemporaryFile() as lines, TemporaryFile() as words:
        for piece in pieces:
            given.write(piece)
        given.seek(0)
        code = _run([*command, wanted], given, lines, words)
        if code:
            raise _why(code, words)
        lines.seek(0)
        about = json.loads(lines.readline())
        yield Sheet(about["sheet"], about["sheets"], about["hidden"], lines, lines.tell())


def _run(command: list[str], given: IO[bytes], lines: IO[bytes], words: IO[bytes]) -> int:
    process = subprocess.Popen(command, stdin=given, stdout=lines, stderr=words, cwd=ROOT, env=ENV)
    try:
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.wait(PATIENCE)
        return -signal.SIGXCPU
    finally:
        process.kill()
        process.wait()


def _why(code: int, words: IO[bytes]) -> NoTable:
    if code == REFUSED:
        words.seek(0)
        return NoTable(words.read().decode(errors="replace").replace("%", "%%"))
    return NoTable(TOO_LONG, seconds=SECONDS) if code == -signal.SIGXCPU else NoTable(TOO_MUCH)
