"""How the bytes of a text file are to be read: what they prove, else the best guess, and what else is possible."""

import codecs
import re
from dataclasses import dataclass
from itertools import islice

from charset_normalizer import from_bytes

from portal.imports.parsing.characters import DAMAGED, storable
from portal.imports.parsing.text_plausibility import plausibility

BYTE_ORDER_MARKS = (  # the longer first: UTF-32 begins as UTF-16 does
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
LEGACY_ENCODINGS = (  # commonest first: that one wins where nothing else speaks
    *("cp1252", "cp1250", "cp1251", "cp932", "gb18030", "cp1253", "cp1254", "cp1257", "mac_roman", "big5"),
    *("euc_kr", "cp1255", "cp1256", "koi8_r", "euc_jp", "cp850", "iso8859_2", "cp874", "cp1258"),
)
CHAOS_TOLERANCE = 0.1  # a difference in chaos that says nothing
MAX_CHOICES = 6
MAX_CELLS = 1_000  # cells; more would only take longer
LONGEST_EXAMPLE = 80  # bytes
FEW = 8  # one of so many
TEXT_BYTES = range(0x20, 0x7F)  # no tab: all of Devanagari has one in UTF-16


@dataclass(frozen=True)
class ByteStatistics:
    """What was seen of all the bytes of a file."""

    head: bytes
    nulls: int
    utf8_characters: int  # well-formed UTF-8 beyond ASCII
    invalid_bytes: int  # bytes that no UTF-8 has in that place
    lines: bytes  # some of those that are not plain ASCII


def encoding_by_mark(head: bytes) -> str:
    return next((encoding for mark, encoding in BYTE_ORDER_MARKS if head.startswith(mark)), "")


def is_proven(stats: ByteStatistics, encoding: str) -> bool:
    return bool(encoding_by_mark(stats.head)) or encoding.startswith("utf-16") or not stats.invalid_bytes


def guess_encoding(stats: ByteStatistics) -> str:
    if stats.utf8_characters >= stats.invalid_bytes:
        return "utf-8"
    return next(iter(possible_encodings(stats)), "cp1252")


def is_as_likely(stats: ByteStatistics, remembered: str, guessed: str) -> bool:
    """Tell whether a remembered encoding is used: nothing in this file may speak against it."""
    if remembered == guessed or "utf-8" in {remembered, guessed}:
        return remembered == guessed
    cells = _cells_beyond_ascii(stats.lines)
    return _plausibility(cells, remembered) >= _plausibility(cells, guessed)


def possible_encodings(stats: ByteStatistics) -> list[str]:
    cells = _cells_beyond_ascii(stats.lines)
    found = from_bytes(cells, cp_isolation=list(LEGACY_ENCODINGS), threshold=0.6, enable_fallback=False)
    chaos = {
        name: each.chaos for each in found for name in each.could_be_from_charset if name in LEGACY_ENCODINGS
    }
    least = min(chaos.values(), default=0.0)
    close = [name for name, value in chaos.items() if value <= least + CHAOS_TOLERANCE]
    likely = sorted(
        close,
        key=lambda name: (-_plausibility(cells, name), round(chaos[name], 2), LEGACY_ENCODINGS.index(name)),
    )
    return [*likely, *sorted(chaos.keys() - set(close), key=lambda name: chaos[name])]


def _cells_beyond_ascii(lines: bytes) -> bytes:
    """Addresses, ids and delimiters say nothing. None of these signs is the second byte of another."""
    cells = [cell for cell in re.split(rb'[,;\t\n"]', lines) if not cell.isascii()]
    return b"\n".join(cells[:: max(1, len(cells) // MAX_CELLS)])


def _plausibility(cells: bytes, encoding: str) -> float:
    return round(plausibility(cells, encoding), 2)


def _encoding_choices(stats: ByteStatistics, chosen: str) -> list[str]:
    """What the person may choose from, the one that was chosen first."""
    if is_proven(stats, chosen):
        return [chosen]
    return list(dict.fromkeys([chosen, *possible_encodings(stats), "utf-8", "cp1252"]))


def unmarked_utf16(heard: ByteStatistics) -> str:
    """Return the UTF-16 whose line ends and commas stand where pairs begin; '' if it isn't any."""
    if is_single_byte_text(heard):
        return ""
    even = heard.head[: len(heard.head) // 2 * 2]
    signs = {name: _delimiter_count(even, name) for name in ("utf-16-le", "utf-16-be")}
    best = max(signs, key=lambda name: signs[name])
    return best if signs[best] else ""


def is_single_byte_text(heard: ByteStatistics) -> bool:
    if heard.utf8_characters and not heard.invalid_bytes and heard.head.count(0) * FEW < len(heard.head):
        return True
    pairs = list(zip(heard.head[::2], heard.head[1::2], strict=False))
    return 2 * sum(first in TEXT_BYTES and second in TEXT_BYTES for first, second in pairs) > len(pairs)


def _delimiter_count(head: bytes, encoding: str) -> int:
    text = head.decode(encoding, errors="replace")
    if "\0" in text or text.count(DAMAGED) > 1:
        return 0
    return sum(text.count(sign) for sign in "\n\r,;\t|")


def examples(
    stats: ByteStatistics, chosen: str, delimiter: str, most: int = 3
) -> list[tuple[str, list[str]]]:
    """Return the same few cells in each encoding; those that read them alike are offered once."""
    lines, readings = (
        stats.lines.removeprefix(codecs.BOM_UTF8),
        {name: name for name in _encoding_choices(stats, chosen)},
    )
    if chosen.startswith(("utf-16", "utf-32")):
        lines, readings = stats.head.decode(chosen, errors="ignore").encode(), {chosen: "utf-8"}
    cells = (
        cell.strip(b'" \r') for cell in lines.replace(b"\n", delimiter.encode()).split(delimiter.encode())
    )
    beyond = dict.fromkeys(cell for cell in cells if not cell.isascii() and len(cell) < LONGEST_EXAMPLE)
    some, told = list(islice(beyond, most)), dict[tuple[str, ...], str]()
    for name, codec in readings.items():
        told.setdefault(tuple(_decoded(cell, codec) for cell in some), name)
    return [(name, list(read)) for read, name in islice(told.items(), MAX_CHOICES)]


def _decoded(cell: bytes, codec: str) -> str:
    text = cell.decode(codec, errors="replace")
    return "".join(sign if storable(sign) == sign else DAMAGED for sign in text)
