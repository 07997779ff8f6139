"""How much of a stream of bytes is UTF-8: its signs beyond ASCII, and the bytes that can't belong to any."""

import re
from dataclasses import dataclass

CANDIDATE = re.compile(rb"[\xc2-\xf4][\x80-\xbf]+")  # one set of bytes in front is looked for fastest
BEYOND_ASCII, LEAD_BYTES = bytes(range(0x80, 0x100)), bytes(range(0xC2, 0xF5))
LONGEST = 4


@dataclass
class Utf8Counter:
    characters: int = 0
    invalid_bytes: int = 0
    _incomplete: bytes = b""  # of a sign that the next piece goes on with

    def feed(self, piece: bytes) -> None:
        data = self._incomplete + piece
        cut = _incomplete_tail(data) if piece else 0
        self._incomplete, data = data[len(data) - cut :], data[: len(data) - cut]
        if not data.isascii():
            self._count(data)

    def _count(self, data: bytes) -> None:
        try:
            data.decode()
        except UnicodeDecodeError:
            lengths = [
                _length(found[0]) for found in CANDIDATE.findall(data) if len(found) >= _length(found[0])
            ]
            self.characters += len(lengths)
            self.invalid_bytes += _count_bytes(data, BEYOND_ASCII) - sum(lengths)
        else:
            self.characters += _count_bytes(data, LEAD_BYTES)


def _count_bytes(data: bytes, of: bytes) -> int:
    return len(data) - len(data.translate(None, of))


def _incomplete_tail(data: bytes) -> int:
    """Bytes at the end that begin a sign without ending it."""
    for back in range(1, min(LONGEST, len(data) + 1)):
        last = data[-back]
        if last < 0x80:
            return 0
        if last >= 0xC0:
            return back if back < _length(last) else 0
    return 0


def _length(first: int) -> int:
    return 2 + (first >= 0xE0) + (first >= 0xF0)
