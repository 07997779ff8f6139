"""Lines of a text file, none of which fills the memory: a line of 200 MB is no line of a table."""

from collections.abc import Iterator
from io import StringIO, TextIOWrapper

from portal.imports.failures import ImportFailure
from portal.imports.parsing.errors import UnreadableFile

MAX_LINE_LENGTH = 2_000_000  # characters
CHUNK = 1 << 16  # characters read at once


def limited_lines(text: TextIOWrapper) -> Iterator[str]:
    """Yield lines as `text` does (opened with newline=""), a chunk of them at a time."""
    rest, number = "", 0
    while chunk := text.read(CHUNK):
        block = rest + chunk
        lines = StringIO(block, newline="").readlines()
        rest = lines.pop()  # the next chunk may go on with it, if only by the \n of a \r\n
        yield from lines if len(block) < MAX_LINE_LENGTH else _checked(lines, number)
        number += len(lines)
        if len(rest) >= MAX_LINE_LENGTH:
            raise _without_end(number + 1)
    if rest:
        yield rest


def _checked(lines: list[str], before: int) -> Iterator[str]:
    for number, line in enumerate(lines, before + 1):
        if len(line) >= MAX_LINE_LENGTH:
            raise _without_end(number)
        yield line


def _without_end(number: int) -> UnreadableFile:
    return UnreadableFile(ImportFailure.LINE_TOO_LONG, line=number)
