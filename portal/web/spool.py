"""One body on its way in or out: in memory up to a megabyte, then on disk, as long as there is room."""

import io
import tempfile
from typing import BinaryIO, cast

from portal.web.caps import STRANGERS
from portal.web.memory import Memory
from portal.web.room import SLOT, Holder, NoRoom, Room

IN_MEMORY = SLOT
CROWDED = 32  # slots of this process; from there on whatever needs a slot is on disk from the start


class Spool:
    """`free`: bytes that need no room of the host. It is an answer, unless it has a holder."""

    def __init__(self, room: Room, *, free: int = STRANGERS, holder: Holder | None = None) -> None:
        self.room, self.free, self.holder = room, free, holder
        self.size, self.is_on_disk = 0, False
        self.slots: list[int] = []
        self.file: BinaryIO = io.BytesIO()

    def write(self, part: bytes) -> None:
        """Raises NoRoom, also when the disk is full in earnest."""
        self.size += len(part)
        try:
            self._take_room(len(part))
            self.file.write(part)
        except OSError as full:
            raise NoRoom from full

    def _take_room(self, more: int) -> None:
        if self.size <= self.free:
            return
        while len(self.slots) * SLOT < self.size:
            self.slots.append(self.room.take(self.holder))
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


class Body(Spool):
    """What somebody sends. As long as it needs no room, it is counted in the memory of this process."""

    def __init__(self, room: Room, memory: Memory, holder: Holder) -> None:
        super().__init__(room, holder=holder)
        self.memory, self.sender, self.counted = memory, holder, 0

    def _take_room(self, more: int) -> None:
        super()._take_room(more)
        if self.slots:
            self._uncount()
        else:
            self.memory.take(self.sender, more)
            self.counted += more

    def _uncount(self) -> None:
        self.memory.give_back(self.sender, self.counted)
        self.counted = 0

    def close(self) -> None:
        super().close()
        self._uncount()
