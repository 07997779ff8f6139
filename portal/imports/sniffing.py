"""What kind of file somebody gave us, learned while its bytes pass by: names and content types are not believed."""

import codecs
from dataclasses import dataclass, field
from typing import BinaryIO

from portal.errors import DomainError

HEAD = 256 * 1024  # enough to find delimiter and header
MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"RIFF")
OTHERS = (b"%PDF", b"\x1f\x8b", b"BZh", b"7z\xbc\xaf", b"Rar!", b"\x7fELF", b"MZ", b"SQLite format 3")
NOT_IN_1252 = b"\x81\x8d\x8f\x90\x9d"


class NoTable(DomainError):
    """This file can't be imported, and the message says why."""


@dataclass
class Listener:
    """A stream that remembers what its bytes look like; memory stays at one piece."""

    stream: BinaryIO
    most: int
    size: int = 0
    head: bytes = b""
    nulls: int = 0
    is_utf8: bool = True
    is_1252: bool = True
    _utf8: codecs.IncrementalDecoder = field(default_factory=codecs.getincrementaldecoder("utf-8"))

    def read(self, size: int = -1) -> bytes:
        piece = self.stream.read(size)
        self._hear(piece)
        return piece

    def _hear(self, piece: bytes) -> None:
        self.size += len(piece)
        if self.size > self.most:
            raise NoTable(
                "This file is larger than %(most)s MB. Export it in parts, or without the columns you don't need.",
                most=self.most // (1024 * 1024),
            )
        self.head += piece[: HEAD - len(self.head)]
        self.nulls += piece.count(0)
        self.is_utf8 = self.is_utf8 and self._continues_utf8(piece)
        self.is_1252 = self.is_1252 and len(piece.translate(None, NOT_IN_1252)) == len(piece)

    def _continues_utf8(self, piece: bytes) -> bool:
        try:
            self._utf8.decode(piece, final=not piece)
        except UnicodeDecodeError:
            return False
        return True

    @property
    def is_workbook(self) -> bool:
        """Excel or OpenDocument, by its first bytes; opening it tells whether that is true."""
        return self.head.startswith((ZIP, OLE))

    def encoding(self) -> str:
        """How the text is written; raises NoTable when this is no text."""
        self._insist_on_text()
        for mark, encoding in MARKS.items():
            if self.head.startswith(mark):
                return encoding
        if self.nulls:
            return self._unmarked_utf16()
        return "utf-8" if self.is_utf8 else "cp1252" if self.is_1252 else "latin-1"

    def _insist_on_text(self) -> None:
        if not self.head.strip(b"\0 \r\n\t\xef\xbb\xbf"):
            raise NoTable("This file is empty. Export the report again and check that it has rows.")
        if self.head.startswith(PICTURES):
            raise NoTable("This is a picture, not a table. Please choose a CSV or Excel file.")
        if self.head.startswith(OTHERS):
            raise NoTable("This is no table. Please choose a CSV or Excel file.")

    def _unmarked_utf16(self) -> str:
        """Text in UTF-16 has its zeros nearly all on one side of each pair; other zeros mean no text at all."""
        even, odd = self.head[0::2].count(0), self.head[1::2].count(0)
        half = len(self.head) // 2
        if odd > half * 0.4 and even < half * 0.1:
            return "utf-16-le"
        if even > half * 0.4 and odd < half * 0.1:
            return "utf-16-be"
        raise NoTable(
            "This file holds NUL bytes, so it is damaged or no text. Save it as CSV (UTF-8) and try again."
        )
