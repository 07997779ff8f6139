"""One body on its way in or out: in memory up to a megabyte, then on disk, as long as there is room."""

import io
import tempfile
from typing import BinaryIO, cast

from portal.web.caps import STRANGERS
from portal.web.room import SLOT, NoRoom, Room

IN_MEMORY = SLOT
CROWDED = 32  # slots of this process; from there on whatever needs a slot is on disk from the start


class Spool:
    """`free`: bytes that need no room of the host."""

    def __init__(self, room: Room, *, free: int = STRANGERS, stranger: bool = False) -> None:
        self.room, self.free, self.stranger = room, free, stranger
        self.size, self.is_on_disk = 0, False
        self.slots: list[int] = []
        self.file: BinaryIO = io.BytesIO()

    def write(self, part: bytes) -> None:
        """Raises NoRoom, also when the disk is full in earnest."""
        self.size += len(part)
        try:
            if self.size > self.free:
                self._take_room()
            self.file.write(part)
        except OSError as full:
            raise NoRoom from full

    def _take_room(self) -> None:
        while len(self.slots) * SLOT < self.size:
            self.slots.append(self.room.take(stranger=self.stranger))
        if not self.is_on_disk and (self.size > IN_MEMORY or len(self.room.taken) > CROWDED):
            self._move_to_disk()

    def _move_to_disk(self) -> None:
        before = cast(io.BytesIO, self.file).getbuffer()
        self.file = cast(BinaryIO, tempfile.TemporaryFile(buffering=0))  # noqa: SIM115  (closed below)
        self.file.write(before)
        self.is_on_disk = True

    @property
    def path(self) -> str:
        """Where it can be opened while it is on disk and not yet closed; it has no name."""
        return f"/dev/fd/{self.file.fileno()}"

    def read_all(self) -> bytes:
        return cast(io.BytesIO, self.file).getvalue()

    def rewind(self) -> BinaryIO:
        self.file.seek(0)
        return self.file

    def close(self) -> None:
        self.file.close()
        while self.slots:
            self.room.give_back(self.slots.pop())
