"""A file on its way into the database: nothing is read of it here but how long it is."""

from dataclasses import dataclass
from typing import BinaryIO

from portal.imports.parsing.errors import UnreadableFile


@dataclass
class SizeLimitedStream:
    stream: BinaryIO
    most: int
    size: int = 0

    def read(self, size: int = -1) -> bytes:
        piece = self.stream.read(size)
        self.size += len(piece)
        if self.size > self.most:
            raise UnreadableFile(
                "This file is larger than %(most)s MB. Export it in parts, or without the columns you "
                "don’t need.",
                most=self.most // (1024 * 1024),
            )
        return piece
