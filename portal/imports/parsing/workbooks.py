"""Turns a workbook into lines in a process of its own, which is ended when it takes too much; see `unpacked`."""

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

from portal.i18n import mark
from portal.imports.parsing.errors import UnreadableFile
from portal.imports.parsing.workbook_process import CPU_SECONDS, EXIT_REFUSED, MEGABYTE

ROOT = Path(__file__).resolve().parents[3]
WALL_CLOCK_LIMIT = 600.0  # seconds by the clock: for a process that hangs without doing anything
ENV = {
    "PATH": os.defpath,
    "PYTHONIOENCODING": "utf-8",
}  # none of our secrets: strangers' files are read there
UNPACK = (sys.executable, "-m", "portal.imports.parsing.workbook_process")
TOO_LONG = mark(
    "Reading this workbook took too long (more than %(seconds)s seconds), so we stopped. Save the sheet "
    "you need as CSV and upload that."
)
TOO_LARGE = mark(
    "This workbook can’t be read: it needs more memory than we allow for one file, or it’s damaged. There "
    "may be a value in a cell far down or far to the right. Save the sheet you need as CSV and upload that."
)


@dataclass(frozen=True)
class UnpackedSheet:
    name: str
    names: list[str]  # of all that hold something, those in sight first
    hidden: list[str]  # of these
    lines: IO[bytes]
    begin: int

    def open(self) -> IO[bytes]:
        self.lines.seek(self.begin)
        return self.lines

    def pieces(self) -> Iterator[bytes]:
        at = self.begin
        while piece := os.pread(self.lines.fileno(), MEGABYTE, at):
            at += len(piece)
            yield piece


@contextmanager
def unpacked(
    pieces: Iterable[bytes],
    sheet_name: str = "",
    command: Iterable[str] = UNPACK,
    seconds: float = WALL_CLOCK_LIMIT,
) -> Iterator[UnpackedSheet]:
    """Unpack the chosen sheet, else the longest. Raise UnreadableFile with what happened and what to do."""
    with TemporaryFile() as given, TemporaryFile() as lines, TemporaryFile() as words:
        for piece in pieces:
            given.write(piece)
        given.seek(0)
        code = _run([*command, sheet_name], given, lines, words, seconds)
        if code:
            raise _refusal(code, words)
        lines.seek(0)
        about = json.loads(lines.readline())
        yield UnpackedSheet(about["sheet"], about["sheets"], about["hidden"], lines, lines.tell())


def _run(command: list[str], workbook: IO[bytes], lines: IO[bytes], words: IO[bytes], seconds: float) -> int:
    process = subprocess.Popen(command, stdin=workbook, stdout=lines, stderr=words, cwd=ROOT, env=ENV)
    try:
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.wait(seconds)
        return -signal.SIGXCPU
    finally:
        process.kill()
        process.wait()


def _refusal(code: int, words: IO[bytes]) -> UnreadableFile:
    if code == EXIT_REFUSED:
        words.seek(0)
        return UnreadableFile(words.read().decode(errors="replace").replace("%", "%%"))
    return (
        UnreadableFile(TOO_LONG, seconds=CPU_SECONDS)
        if code == -signal.SIGXCPU
        else UnreadableFile(TOO_LARGE)
    )
