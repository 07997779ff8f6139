"""What kind of file somebody gave us, learned while its bytes pass by: names and content types are not believed."""

import re
from dataclasses import dataclass, field
from typing import BinaryIO

from portal.imports.failures import ImportFailure
from portal.imports.parsing import encodings
from portal.imports.parsing.encodings import ByteStatistics
from portal.imports.parsing.errors import UnreadableFile
from portal.imports.parsing.utf8_counter import Utf8Counter

HEAD = 256 * 1024  # enough to find delimiter and header
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
PICTURE_SIGNATURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"RIFF")
OTHER_SIGNATURES = (
    b"%PDF",
    b"\x1f\x8b",
    b"BZh",
    b"7z\xbc\xaf",
    b"Rar!",
    b"\x7fELF",
    b"MZ",
    b"SQLite format 3",
)
BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
LONGEST_SAMPLE_LINE = 4_000
SAMPLE_BYTES, SAMPLE_PER_PIECE = 128 * 1024, 8 * 1024  # bytes of lines that are not plain ASCII


@dataclass
class FileSniffer:
    """A stream that remembers what its bytes look like; memory stays at one piece."""

    stream: BinaryIO
    size: int = 0
    head: bytes = b""
    nulls: int = 0
    lines: bytearray = field(default_factory=bytearray)
    _unfinished_line: bytes = b""  # the line that the last piece did not end
    _is_over: bool = False
    _utf8: Utf8Counter = field(default_factory=Utf8Counter)

    def read(self, size: int = -1) -> bytes:
        piece = self.stream.read(size)
        self._observe(piece)
        return piece

    def _observe(self, piece: bytes) -> None:
        self.size += len(piece)
        self.head += piece[: HEAD - len(self.head)]
        self.nulls += piece.count(0)
        self._utf8.feed(piece)
        self._is_over = not piece
        if not piece.isascii() or self._unfinished_line or self._is_over:
            self._keep_lines(piece)

    def _keep_lines(self, piece: bytes) -> None:
        """Whole ones, and some of every piece, so that a long file is not judged by its beginning."""
        piece, at = self._unfinished_line + piece, 0
        self._unfinished_line = (
            piece[piece.rfind(b"\n") + 1 :][-LONGEST_SAMPLE_LINE:] if not self._is_over else b""
        )
        most = min(SAMPLE_BYTES, len(self.lines) + SAMPLE_PER_PIECE)
        while len(self.lines) < most and (found := BEYOND_ASCII.search(piece, at)):
            begin, end = piece.rfind(b"\n", 0, found.start()) + 1, piece.find(b"\n", found.start())
            if end < 0 and not self._is_over:
                return
            at = end + 1 if end >= 0 else len(piece)
            if at - begin <= LONGEST_SAMPLE_LINE:
                self.lines += piece[begin:at].rstrip(b"\r\n") + b"\n"

    @property
    def byte_statistics(self) -> ByteStatistics:
        return ByteStatistics(
            self.head, self.nulls, self._utf8.characters, self._utf8.invalid_bytes, bytes(self.lines)
        )

    @property
    def is_workbook(self) -> bool:
        return self.head.startswith((ZIP, OLE))

    def encoding(self) -> str:
        """Return how the text is written; raise UnreadableFile when this is no text."""
        self._require_text()
        if marked := encodings.encoding_by_mark(self.head):
            return marked
        if self.nulls:
            return self._unmarked_utf16()
        return encodings.guess_encoding(self.byte_statistics)

    def _require_text(self) -> None:
        if not self.head.strip(b"\0 \r\n\t\xef\xbb\xbf"):
            raise UnreadableFile(ImportFailure.EMPTY_FILE)
        if self.head.startswith(PICTURE_SIGNATURES):
            raise UnreadableFile(ImportFailure.PICTURE)
        if self.head.startswith(OTHER_SIGNATURES):
            raise UnreadableFile(ImportFailure.NOT_A_TABLE)

    def _unmarked_utf16(self) -> str:
        if found := encodings.unmarked_utf16(self.byte_statistics):
            return found
        if encodings.is_single_byte_text(self.byte_statistics) and 0 in self.head:
            line = self.head[: self.head.index(0)].count(b"\n") + 1
            raise UnreadableFile(ImportFailure.NUL_BYTES_IN_TEXT, line=line)
        raise UnreadableFile(ImportFailure.NUL_BYTES)
