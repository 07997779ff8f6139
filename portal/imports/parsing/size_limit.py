"""A file on its way into the database: nothing is read of it here but how long it is."""

from dataclasses import dataclass
from typing import BinaryIO

from portal.imports.failures import ImportFailure
from portal.imports.parsing.errors import UnreadableFile

MEGABYTE = 1024 * 1024


@dataclass
class SizeLimitedStream:
    stream: BinaryIO
    most: int
    size: int = 0

    def read(self, size: int = -1) -> bytes:
        piece = self.stream.read(size)
        self.size += len(piece)
        if self.size > self.most:
            raise UnreadableFile(ImportFailure.FILE_TOO_LARGE, most=self.most // MEGABYTE)
        return piece
