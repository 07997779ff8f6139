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

from portal.imports.failures import ImportFailure
from portal.imports.parsing.errors import UnreadableFile
from portal.imports.parsing.size_limit import MEGABYTE
from portal.imports.parsing.workbook_process import CPU_SECONDS, EXIT_REFUSED

ROOT = Path(__file__).resolve().parents[3]
WALL_CLOCK_LIMIT = 600.0  # seconds by the clock: for a process that hangs without doing anything
ENV = {
    "PATH": os.defpath,
    "PYTHONIOENCODING": "utf-8",
}  # none of our secrets: strangers' files are read there
UNPACK = (sys.executable, "-m", "portal.imports.parsing.workbook_process")


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
    """Unpack the chosen sheet, else the longest. Raise UnreadableFile."""
    with TemporaryFile() as given, TemporaryFile() as lines, TemporaryFile() as refusal:
        for piece in pieces:
            given.write(piece)
        given.seek(0)
        code = _run([*command, sheet_name], given, lines, refusal, seconds)
        if code:
            raise _unreadable(code, refusal)
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


def _unreadable(code: int, refusal: IO[bytes]) -> UnreadableFile:
    if code == EXIT_REFUSED:
        refusal.seek(0)
        told = json.loads(refusal.readlines()[-1])
        return UnreadableFile(ImportFailure(told["failure"]), **told["params"])
    if code == -signal.SIGXCPU:
        return UnreadableFile(ImportFailure.READING_TOO_SLOW, seconds=CPU_SECONDS)
    return UnreadableFile(ImportFailure.READING_TOO_BIG)
